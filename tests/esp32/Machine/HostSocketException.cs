using System;

namespace MatterNano.Esp32.Machine;

/// <summary>A socket call failed; the code is that of Windows sockets, as nanoFramework tells it.</summary>
public sealed class HostSocketException : Exception
{
    public HostSocketException(int code)
    {
        Code = code;
    }

    public int Code { get; }
}
