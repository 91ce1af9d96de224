using System;

namespace MatterNano.Crypto;

/// <summary>SHA-256 over a stream of bytes (FIPS 180-4; Core 3.3). Reusable; not for two threads at once.</summary>
/// <remarks>About 7,000 instructions of the interpreter for 64 bytes. 230 bytes of heap.</remarks>
public sealed class Sha256
{
    /// <summary>Bytes of a digest.</summary>
    public const int DigestSize = 32;

    /// <summary>Bytes of a block.</summary>
    internal const int BlockSize = 64;

    // Read by all, written by none: an array for each object would cost 276 bytes of heap.
    private static readonly uint[] s_constants = Sha256Compression.Constants();

    private readonly uint[] _state = new uint[8];
    private readonly byte[] _block = new byte[BlockSize];
    private ulong _length;

    /// <summary>Ready for the first byte.</summary>
    public Sha256()
    {
        Init();
    }

    /// <summary>64 bytes that are free while no message is begun: a digest may be written there, and one block taken from there.</summary>
    internal byte[] Block
    {
        get { return _block; }
    }

    /// <summary>Forgets everything and starts a new digest.</summary>
    public void Init()
    {
        uint[] state = _state;
        state[0] = 0x6a09e667;
        state[1] = 0xbb67ae85;
        state[2] = 0x3c6ef372;
        state[3] = 0xa54ff53a;
        state[4] = 0x510e527f;
        state[5] = 0x9b05688c;
        state[6] = 0x1f83d9ab;
        state[7] = 0x5be0cd19;
        _length = 0;
    }

    /// <summary>Takes <paramref name="length"/> more bytes.</summary>
    public void Update(byte[] data, int offset, int length)
    {
        int used = (int)((uint)_length & 63u);
        _length += (uint)length;
        if (used != 0)
        {
            int room = BlockSize - used;
            int part = length < room ? length : room;
            Array.Copy(data, offset, _block, used, part);
            if (part < room)
            {
                return;
            }

            Sha256Compression.Compress(_state, s_constants, _block, 0);
            offset += part;
            length -= part;
        }

        while (length >= BlockSize)
        {
            Sha256Compression.Compress(_state, s_constants, data, offset);
            offset += BlockSize;
            length -= BlockSize;
        }

        if (length > 0)
        {
            Array.Copy(data, offset, _block, 0, length);
        }
    }

    /// <summary>Writes the 32-byte digest, wipes what was hashed and starts anew.</summary>
    public void Final(byte[] digest, int offset)
    {
        int used = (int)((uint)_length & 63u);
        _block[used] = 0x80;
        used++;
        if (used > BlockSize - 8)
        {
            Array.Clear(_block, used, BlockSize - used);
            Sha256Compression.Compress(_state, s_constants, _block, 0);
            used = 0;
        }

        Array.Clear(_block, used, BlockSize - 8 - used);
        ByteOrder.WriteUInt64BigEndian(_block, BlockSize - 8, _length << 3);
        Sha256Compression.Compress(_state, s_constants, _block, 0);
        Secrets.Wipe(_block);
        for (int i = 0; i < 8; i++)
        {
            ByteOrder.WriteUInt32BigEndian(digest, offset + (4 * i), _state[i]);
        }

        Init();
    }

    /// <summary>Continues from where <paramref name="other"/> stands, which keeps its own state: two digests share their beginning.</summary>
    public void CopyFrom(Sha256 other)
    {
        Array.Copy(other._state, _state, 8);
        Array.Copy(other._block, _block, BlockSize);
        _length = other._length;
    }

    /// <summary>Saves the state after a whole number of blocks: 8 words.</summary>
    internal void Save(uint[] states, int offset)
    {
        Array.Copy(_state, 0, states, offset, 8);
    }

    /// <summary>Goes on from a state saved after one block.</summary>
    internal void Resume(uint[] states, int offset)
    {
        Array.Copy(states, offset, _state, 0, 8);
        _length = BlockSize;
    }
}
