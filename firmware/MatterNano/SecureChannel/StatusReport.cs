using System;

namespace MatterNano.SecureChannel;

/// <summary>StatusReport, sent by either side (Core 4.11.1.3, appendix D).</summary>
/// <remarks>general u16 | protocol u32 (vendor in the upper half) | code u16 | data; little-endian; 8 bytes or more.</remarks>
public sealed class StatusReport
{
    /// <summary>Bytes without data.</summary>
    public const int MinSize = 8;

    /// <summary>Bytes of a busy report, whose data is the time to wait.</summary>
    public const int BusySize = MinSize + 2;

    /// <summary>General code: success.</summary>
    public const int GeneralSuccess = 0;

    /// <summary>General code: failure.</summary>
    public const int GeneralFailure = 1;

    /// <summary>General code: busy, try later.</summary>
    public const int GeneralBusy = 8;

    /// <summary>Secure channel code: the session is established.</summary>
    public const int SessionEstablished = 0;

    /// <summary>Secure channel code: the destination id is of no fabric here.</summary>
    public const int NoSharedTrustRoots = 1;

    /// <summary>Secure channel code: something in the handshake is wrong.</summary>
    public const int InvalidParameter = 2;

    /// <summary>Secure channel code: the sender has forgotten the session.</summary>
    public const int CloseSession = 3;

    /// <summary>Secure channel code: another handshake runs; the data says how long.</summary>
    public const int Busy = 4;

    /// <summary>General code, 0 to 65535.</summary>
    public int GeneralCode;

    /// <summary>Protocol id, vendor in the upper 16 bits.</summary>
    public uint ProtocolId;

    /// <summary>Code of that protocol, 0 to 65535.</summary>
    public int ProtocolCode;

    /// <summary>First byte of the data in the buffer that was read.</summary>
    public int DataOffset;

    /// <summary>Bytes of data.</summary>
    public int DataLength;

    /// <summary>True for a report of the secure channel protocol itself.</summary>
    public bool IsSecureChannel
    {
        get { return ProtocolId == SecureChannelProtocol.ProtocolId; }
    }

    /// <summary>True when the sender says that the session is established.</summary>
    public bool IsSuccess
    {
        get { return GeneralCode == GeneralSuccess && IsSecureChannel && ProtocolCode == SessionEstablished; }
    }

    /// <summary>True when the sender closes the session.</summary>
    public bool IsCloseSession
    {
        get { return GeneralCode == GeneralSuccess && IsSecureChannel && ProtocolCode == CloseSession; }
    }

    /// <summary>Reads a payload.</summary>
    /// <returns>False when it is too short.</returns>
    public bool TryRead(byte[] buffer, int offset, int length)
    {
        if (length < MinSize)
        {
            return false;
        }

        GeneralCode = ByteOrder.ReadUInt16(buffer, offset);
        ProtocolId = ByteOrder.ReadUInt32(buffer, offset + 2);
        ProtocolCode = ByteOrder.ReadUInt16(buffer, offset + 6);
        DataOffset = offset + MinSize;
        DataLength = length - MinSize;
        return true;
    }

    /// <summary>Writes a report of the secure channel protocol without data.</summary>
    /// <returns>Bytes written, <see cref="MinSize"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Less than <see cref="MinSize"/> bytes of room.</exception>
    public static int Write(byte[] buffer, int offset, int generalCode, int protocolCode)
    {
        if (buffer.Length - offset < MinSize)
        {
            throw new ArgumentOutOfRangeException();
        }

        ByteOrder.WriteUInt16(buffer, offset, (uint)generalCode);
        ByteOrder.WriteUInt32(buffer, offset + 2, SecureChannelProtocol.ProtocolId);
        ByteOrder.WriteUInt16(buffer, offset + 6, (uint)protocolCode);
        return MinSize;
    }

    /// <summary>Writes a busy report.</summary>
    /// <param name="buffer">Receives the payload.</param>
    /// <param name="offset">Where it starts.</param>
    /// <param name="milliseconds">Time after which the peer may try again, 0 to 65535.</param>
    /// <returns>Bytes written, <see cref="BusySize"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Less than <see cref="BusySize"/> bytes of room.</exception>
    public static int WriteBusy(byte[] buffer, int offset, int milliseconds)
    {
        if (buffer.Length - offset < BusySize)
        {
            throw new ArgumentOutOfRangeException();
        }

        Write(buffer, offset, GeneralBusy, Busy);
        ByteOrder.WriteUInt16(buffer, offset + MinSize, (uint)milliseconds);
        return BusySize;
    }
}
