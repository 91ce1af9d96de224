using System.IO;

namespace MatterNano.Generator;

/// <summary>Writes the generated files into the folder given as the only argument.</summary>
public static class Program
{
    public static int Main(string[] arguments)
    {
        for (int i = 0; i < Count; i++)
        {
            File.WriteAllText(Path.Combine(arguments[0], FileName(i)), Text(i));
        }

        return 0;
    }

    /// <summary>Number of generated files.</summary>
    public const int Count = 5;

    public static string FileName(int index)
    {
        return new[] { Sha256Source.FileName, P256FieldSource.FileName, P256InverseSource.FileName, P256TablesSource.FileName, AesSource.FileName }[index];
    }

    public static string Text(int index)
    {
        switch (index)
        {
            case 0:
                return Sha256Source.Text();
            case 1:
                return P256FieldSource.Text();
            case 2:
                return P256InverseSource.Text();
            case 3:
                return P256TablesSource.Text();
            default:
                return AesSource.Text();
        }
    }
}
