// PC implementation of what is used of nanoFramework.Runtime.Native.
using MatterNano.Esp32.Machine;

namespace nanoFramework.Runtime.Native;

public static class GC
{
    public static uint Run(bool compactHeap) => 90000;
}

public static class SystemInfo
{
    public static string TargetName => Chip.Current.Target;
}

public enum RebootOption
{
    NormalReboot = 0,
}

public class Power
{
    /// <summary>Does not come back.</summary>
    public static void RebootDevice(RebootOption rebootOption = 0) => throw new PowerOffException();
}
