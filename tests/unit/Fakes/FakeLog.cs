using MatterNano.Platform;

namespace NFUnitTest.Fakes;

/// <summary>Keeps the last line, and counts them.</summary>
public class FakeLog : ILog
{
    public int Lines;
    public int LastLevel;
    public string Last = "";

    public bool IsEnabled(int level)
    {
        return true;
    }

    public void Write(int level, string area, string text)
    {
        Lines++;
        LastLevel = level;
        Last = text;
    }
}
