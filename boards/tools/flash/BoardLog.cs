using System;
using System.Diagnostics;
using System.IO;
using System.IO.Ports;
using System.Text;

namespace MatterNano.Flash;

/// <summary>Reads back what is on the board: after a reset the light tells its serial number on its log.</summary>
internal static class BoardLog
{
    /// <summary>Speed of nanoFramework's serial port, in bits a second.</summary>
    private const int Speed = 921600;

    private const int ResetMilliseconds = 100;
    private const int ReadMilliseconds = 250;

    // What LightBoard writes; tests/host holds both against one another.
    internal const string SerialNumberMark = ", serial number ";
    internal const string NoIdentityMark = "No identity on this device";

    /// <summary>Waits until the light has told an identity.</summary>
    /// <param name="seconds">How long.</param>
    /// <returns>Its serial number.</returns>
    /// <exception cref="FlashException">It told none in time, told that it has none, or the port cannot be read.</exception>
    public static string ReadSerialNumber(string name, int seconds)
    {
        try
        {
            using SerialPort port = new SerialPort(name, Speed) { ReadTimeout = ReadMilliseconds };
            port.Open();
            Reset(port);
            Stopwatch watch = Stopwatch.StartNew();
            StringBuilder text = new StringBuilder();
            byte[] part = new byte[256];
            while (watch.Elapsed.TotalSeconds < seconds)
            {
                int length = ReadSome(port, part);
                text.Append(Encoding.Latin1.GetString(part, 0, length));
                string all = text.ToString();
                int at = all.IndexOf(SerialNumberMark, StringComparison.Ordinal);
                int end = at < 0 ? -1 : all.IndexOf(',', at + SerialNumberMark.Length);
                if (end >= 0)
                {
                    return Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(all[(at + SerialNumberMark.Length)..end]));
                }

                if (all.Contains(NoIdentityMark, StringComparison.Ordinal))
                {
                    throw new FlashException("The board says that it has no identity: the files did not reach it. Try again with --skip-firmware.");
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            throw new FlashException($"{name} cannot be read: {e.Message}");
        }

        throw new FlashException($"The board did not tell its identity within {seconds} s. Press its reset button and look at its log at {Speed} baud.");
    }

    private static int ReadSome(SerialPort port, byte[] part)
    {
        try
        {
            return port.Read(part, 0, part.Length);
        }
        catch (TimeoutException)
        {
            return 0; // Nothing was said for a while.
        }
    }

    // RTS pulls the chip's reset on development kits, DTR its boot pin.
    private static void Reset(SerialPort port)
    {
        try
        {
            port.DtrEnable = false;
            port.RtsEnable = true;
            System.Threading.Thread.Sleep(ResetMilliseconds);
            port.RtsEnable = false;
        }
        catch (IOException)
        {
            Console.WriteLine("This port cannot reset the board: press its reset button now.");
        }
    }
}
