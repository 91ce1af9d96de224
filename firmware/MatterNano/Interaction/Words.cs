namespace MatterNano.Interaction;

/// <summary>Wide numbers in an array of words, low word first.</summary>
internal static class Words
{
    internal static ulong ReadUInt64(uint[] words, int at)
    {
        return words[at] | ((ulong)words[at + 1] << 32);
    }

    internal static void WriteUInt64(uint[] words, int at, ulong value)
    {
        words[at] = (uint)value;
        words[at + 1] = (uint)(value >> 32);
    }
}
