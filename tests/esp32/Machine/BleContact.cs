using System;
using System.IO;
using System.Net.Sockets;

namespace MatterNano.Esp32.Machine;

/// <summary>One radio contact, from either side.</summary>
public sealed class BleContact
{
    private readonly TcpClient _client;
    private readonly NetworkStream _stream;

    public BleContact(TcpClient client)
    {
        _client = client;
        client.NoDelay = true;
        _stream = client.GetStream();
    }

    public void Send(byte type, byte[] payload)
    {
        byte[] frame = new byte[3 + payload.Length];
        frame[0] = type;
        frame[1] = (byte)payload.Length;
        frame[2] = (byte)(payload.Length >> 8);
        payload.CopyTo(frame, 3);
        try
        {
            _stream.Write(frame);
        }
        catch (Exception lost) when (lost is IOException or ObjectDisposedException)
        {
            // Out of reach; its reader ends the contact.
            Close();
        }
    }

    public bool TryReceive(out byte type, out byte[] payload)
    {
        type = 0;
        payload = null;
        try
        {
            byte[] head = new byte[3];
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

    public void Close()
    {
        _client.Close();
    }
}
