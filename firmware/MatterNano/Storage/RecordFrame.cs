using System;

namespace MatterNano.Storage;

/// <summary>What stands around a record on a medium that may tear or rot: it tells a whole record from a damaged one, and the newer of two.</summary>
/// <remarks>magic u16 "mR" | format 1 | 0 | generation u32 | length u16 | record | CRC-32 of all before; little-endian.</remarks>
public static class RecordFrame
{
    /// <summary>Bytes before the record.</summary>
    public const int HeaderSize = 10;

    /// <summary>Bytes before and after the record.</summary>
    public const int Overhead = HeaderSize + 4;

    /// <summary>Longest record.</summary>
    public const int MaxRecord = 65535;

    private const int Magic = 0x526d;
    private const byte Format = 1;

    /// <summary>Frames a record; frame and record may overlap when the record starts at <see cref="HeaderSize"/> of the frame.</summary>
    /// <returns>Length of the frame.</returns>
    public static int Write(byte[] frame, int frameOffset, uint generation, byte[] record, int offset, int length)
    {
        Array.Copy(record, offset, frame, frameOffset + HeaderSize, length);
        ByteOrder.WriteUInt16(frame, frameOffset, Magic);
        frame[frameOffset + 2] = Format;
        frame[frameOffset + 3] = 0;
        ByteOrder.WriteUInt32(frame, frameOffset + 4, generation);
        ByteOrder.WriteUInt16(frame, frameOffset + 8, (uint)length);
        ByteOrder.WriteUInt32(frame, frameOffset + HeaderSize + length, Crc32.Compute(frame, frameOffset, HeaderSize + length));
        return length + Overhead;
    }

    /// <summary>Checks a frame. The record starts at <see cref="HeaderSize"/>.</summary>
    /// <param name="generation">Number of this version of the record, larger in a newer one.</param>
    /// <returns>Length of the record; -1 when the frame is not whole.</returns>
    public static int Check(byte[] frame, int frameOffset, int frameLength, out uint generation)
    {
        generation = 0;
        if (frameLength < Overhead
            || ByteOrder.ReadUInt16(frame, frameOffset) != Magic
            || frame[frameOffset + 2] != Format
            || frame[frameOffset + 3] != 0)
        {
            return -1;
        }

        int length = ByteOrder.ReadUInt16(frame, frameOffset + 8);
        if (length != frameLength - Overhead
            || ByteOrder.ReadUInt32(frame, frameOffset + HeaderSize + length) != Crc32.Compute(frame, frameOffset, HeaderSize + length))
        {
            return -1;
        }

        generation = ByteOrder.ReadUInt32(frame, frameOffset + 4);
        return length;
    }
}
