namespace MatterNano.Boards.Esp32;

/// <summary>The light that is flashed.</summary>
public static class Program
{
    /// <summary>Runs the light; comes back only by a restart of the device.</summary>
    public static void Main()
    {
        new LightBoard().Run();
    }
}
