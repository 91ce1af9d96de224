namespace MatterNano.Interaction;

/// <summary>Privileges of access control with their values on the wire (Core 9.10.5.2).</summary>
/// <remarks>Each includes the ones below it, but ProxyView: Operate includes View, not ProxyView.</remarks>
public static class Privilege
{
    /// <summary>No access at all, for a table entry that is not readable or not writable.</summary>
    public const int None = 0;

    /// <summary>Read and observe.</summary>
    public const int View = 1;

    /// <summary>Read and observe through a proxy.</summary>
    public const int ProxyView = 2;

    /// <summary>View, and the primary function.</summary>
    public const int Operate = 3;

    /// <summary>Operate, and persistent configuration.</summary>
    public const int Manage = 4;

    /// <summary>Manage, and access control, commissioning, credentials.</summary>
    public const int Administer = 5;
}
