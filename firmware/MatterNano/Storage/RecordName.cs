namespace MatterNano.Storage;

/// <summary>The rule for names of records, which every medium can hold as a file name.</summary>
public static class RecordName
{
    /// <summary>Longest name, in characters.</summary>
    public const int MaxLength = 24;

    /// <summary>True for 1 to 24 characters of a-z, 0-9, '.' and '-', neither first nor last a '.'.</summary>
    public static bool IsValid(string name)
    {
        if (name == null || name.Length < 1 || name.Length > MaxLength || name[0] == '.' || name[name.Length - 1] == '.')
        {
            return false;
        }

        for (int i = 0; i < name.Length; i++)
        {
            char c = name[i];
            if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '.' && c != '-')
            {
                return false;
            }
        }

        return true;
    }
}
