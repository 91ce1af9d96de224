namespace MatterNano.Interaction;

/// <summary>How the other side proved who it is, with the values of AccessControlEntryAuthModeEnum (Core 9.10.5.3).</summary>
public static class AuthMode
{
    /// <summary>Not at all.</summary>
    public const int None = 0;

    /// <summary>By the passcode: implicit Administer (Core 6.6.2.9).</summary>
    public const int Pase = 1;

    /// <summary>By its certificate.</summary>
    public const int Case = 2;

    /// <summary>By a group key.</summary>
    public const int Group = 3;
}
