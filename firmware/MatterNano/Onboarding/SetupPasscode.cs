namespace MatterNano.Onboarding;

/// <summary>The setup passcode: 27 bits, 1 to 99,999,998, without the guessable ones (Core 5.1.7.1).</summary>
public static class SetupPasscode
{
    /// <summary>Smallest passcode.</summary>
    public const uint Min = 1;

    /// <summary>Largest passcode.</summary>
    public const uint Max = 99999998;

    /// <summary>True when a device may use the passcode: eight equal digits, 12345678 and 87654321 are forbidden.</summary>
    public static bool IsAllowed(uint passcode)
    {
        return passcode >= Min
            && passcode <= Max
            && passcode % 11111111 != 0
            && passcode != 12345678
            && passcode != 87654321;
    }
}
