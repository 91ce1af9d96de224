using System.IO;

namespace MatterNano.Generator;

/// <summary>Writes the generated files into the folder given as the only argument.</summary>
public static class Program
{
    public static int Main(string[] arguments)
    {
        string folder = arguments[0];
        File.WriteAllText(Path.Combine(folder, Sha256Source.FileName), Sha256Source.Text());
        return 0;
    }
}
