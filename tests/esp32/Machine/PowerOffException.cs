using System;

namespace MatterNano.Esp32.Machine;

/// <summary>The program asked for a restart of the device; ends its main thread as the restart would.</summary>
public sealed class PowerOffException : Exception
{
}
