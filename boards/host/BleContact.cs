using System;
using System.IO;
using System.Net.Sockets;

namespace MatterNano.Host;

/// <summary>One contact of the simulated BLE radio, from either side: a TCP connection that carries frames.</summary>
/// <remarks>Frame: type u8 | length u16 LE | payload. The make-believe ESP32 of tests/esp32 speaks it too, with this very file.</remarks>
public sealed class BleContact
{
    private readonly TcpClient _client;
    private readonly NetworkStream _stream;

    /// <summary>Over a connection that it owns from now on.</summary>
    public BleContact(TcpClient client)
    {
        _client = client;
        client.NoDelay = true;
        _stream = client.GetStream();
    }

    /// <summary>Sends a frame; a contact that is out of reach is closed, and its reader ends it.</summary>
    public void Send(byte type, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[3 + payload.Length];
        frame[0] = type;
        frame[1] = (byte)payload.Length;
        frame[2] = (byte)(payload.Length >> 8);
        payload.CopyTo(frame.AsSpan(3));
        try
        {
            _stream.Write(frame);
        }
        catch (Exception lost) when (lost is IOException or ObjectDisposedException)
        {
            Close();
        }
    }

    /// <summary>Waits for the next frame.</summary>
    /// <returns>False at the end of the contact.</returns>
    public bool TryReceive(out byte type, out byte[] payload)
    {
        type = 0;
        payload = null;
        try
        {
            Span<byte> head = stackalloc byte[3];
            _stream.ReadExactly(head);
            type = head[0];
            payload = new byte[head[1] | (head[2] << 8)];
            _stream.ReadExactly(payload);
            return true;
        }
        catch (Exception lost) when (lost is IOException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Ends it without a word, as when out of reach.</summary>
    public void Close()
    {
        _client.Close();
    }
}
