using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using Microsoft.Win32.SafeHandles;

namespace MatterNano.Host.Tests;

/// <summary>A serial port without hardware: what is said on it is read by whoever opens <see cref="Name"/>. Unix only.</summary>
public sealed class PseudoTerminal : IDisposable
{
    private const int ReadWriteNoControl = 2 | 0x100;

    private readonly SafeFileHandle _master;
    private readonly FileStream _stream;
    private readonly Timer _timer;

    /// <summary>Says a line again and again, as the light does for whoever comes late.</summary>
    public PseudoTerminal(string line)
    {
        int master = posix_openpt(ReadWriteNoControl);
        if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0)
        {
            throw new IOException("no pseudo terminal");
        }

        Name = Marshal.PtrToStringUTF8(ptsname(master));
        _master = new SafeFileHandle(master, true);
        _stream = new FileStream(_master, FileAccess.Write, 1);
        byte[] bytes = Encoding.UTF8.GetBytes(line + "\r\n");
        _timer = new Timer(_ => Say(bytes), null, 0, 200);
    }

    /// <summary>Path of the port.</summary>
    public string Name { get; }

    public void Dispose()
    {
        using ManualResetEvent ended = new(false);
        _timer.Dispose(ended);
        ended.WaitOne();
        _stream.Dispose();
        _master.Dispose();
    }

    private void Say(byte[] bytes)
    {
        try
        {
            _stream.Write(bytes);
            _stream.Flush();
        }
        catch (IOException)
        {
            // Nobody has opened the other end.
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int posix_openpt(int flags);

    [DllImport("libc")]
    private static extern int grantpt(int descriptor);

    [DllImport("libc")]
    private static extern int unlockpt(int descriptor);

    [DllImport("libc")]
    private static extern IntPtr ptsname(int descriptor);
}
