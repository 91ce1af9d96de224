namespace MatterNano.Interaction;

/// <summary>Status codes of the interaction model (Core 8.10.1).</summary>
public static class Status
{
    /// <summary>Not on the wire: the command answers later through <see cref="InvokeContext.Complete"/>.</summary>
    public const int Pending = -1;

    /// <summary>SUCCESS.</summary>
    public const int Success = 0x00;

    /// <summary>FAILURE; goes with a cluster status.</summary>
    public const int Failure = 0x01;

    /// <summary>INVALID_SUBSCRIPTION: the subscription id is unknown to the receiver.</summary>
    public const int InvalidSubscription = 0x7d;

    /// <summary>UNSUPPORTED_ACCESS: the subject lacks the privilege, or has no fabric where one is needed.</summary>
    public const int UnsupportedAccess = 0x7e;

    /// <summary>UNSUPPORTED_ENDPOINT.</summary>
    public const int UnsupportedEndpoint = 0x7f;

    /// <summary>INVALID_ACTION: the message itself is malformed or out of place.</summary>
    public const int InvalidAction = 0x80;

    /// <summary>UNSUPPORTED_COMMAND.</summary>
    public const int UnsupportedCommand = 0x81;

    /// <summary>INVALID_COMMAND: fields of a command are missing or of a wrong type.</summary>
    public const int InvalidCommand = 0x85;

    /// <summary>UNSUPPORTED_ATTRIBUTE.</summary>
    public const int UnsupportedAttribute = 0x86;

    /// <summary>CONSTRAINT_ERROR: a value is out of its range.</summary>
    public const int ConstraintError = 0x87;

    /// <summary>UNSUPPORTED_WRITE: the attribute is read-only.</summary>
    public const int UnsupportedWrite = 0x88;

    /// <summary>RESOURCE_EXHAUSTED.</summary>
    public const int ResourceExhausted = 0x89;

    /// <summary>NOT_FOUND.</summary>
    public const int NotFound = 0x8b;

    /// <summary>UNREPORTABLE_ATTRIBUTE.</summary>
    public const int UnreportableAttribute = 0x8c;

    /// <summary>INVALID_DATA_TYPE: a value is of a wrong type.</summary>
    public const int InvalidDataType = 0x8d;

    /// <summary>UNSUPPORTED_READ: the attribute is write-only.</summary>
    public const int UnsupportedRead = 0x8f;

    /// <summary>DATA_VERSION_MISMATCH: the cluster changed since the writer looked.</summary>
    public const int DataVersionMismatch = 0x92;

    /// <summary>TIMEOUT.</summary>
    public const int Timeout = 0x94;

    /// <summary>UNSUPPORTED_NODE.</summary>
    public const int UnsupportedNode = 0x9b;

    /// <summary>BUSY: come again later.</summary>
    public const int Busy = 0x9c;

    /// <summary>ACCESS_RESTRICTED.</summary>
    public const int AccessRestricted = 0x9d;

    /// <summary>UNSUPPORTED_CLUSTER.</summary>
    public const int UnsupportedCluster = 0xc3;

    /// <summary>NO_UPSTREAM_SUBSCRIPTION.</summary>
    public const int NoUpstreamSubscription = 0xc5;

    /// <summary>NEEDS_TIMED_INTERACTION: the element is only reached behind a TimedRequest.</summary>
    public const int NeedsTimedInteraction = 0xc6;

    /// <summary>UNSUPPORTED_EVENT.</summary>
    public const int UnsupportedEvent = 0xc7;

    /// <summary>PATHS_EXHAUSTED: more paths than can be held.</summary>
    public const int PathsExhausted = 0xc8;

    /// <summary>TIMED_REQUEST_MISMATCH: the timed flag and a running TimedRequest do not go together.</summary>
    public const int TimedRequestMismatch = 0xc9;

    /// <summary>FAILSAFE_REQUIRED.</summary>
    public const int FailsafeRequired = 0xca;

    /// <summary>INVALID_IN_STATE.</summary>
    public const int InvalidInState = 0xcb;

    /// <summary>NO_COMMAND_RESPONSE.</summary>
    public const int NoCommandResponse = 0xcc;
}
