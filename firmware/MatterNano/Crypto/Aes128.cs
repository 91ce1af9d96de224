using System;

namespace MatterNano.Crypto;

/// <summary>AES-128 for CCM and CTR (FIPS 197, NIST 800-38C) with a 13-byte nonce. Only the direction that these modes need.</summary>
/// <remarks>
/// One table of 256 doubled words: a rotation is then one shift. About 1,500 instructions of the interpreter a block.
/// Table look-ups depend on the data, as in every table AES without hardware; boards with an AES unit do not use this class.
/// </remarks>
internal sealed class Aes128
{
    private readonly ulong[] _table = new ulong[256];
    private readonly uint[] _keys = new uint[44];
    private readonly uint[] _state = new uint[4];

    /// <summary>Builds the table: byte s of the S-box gives the column (2s, s, s, 3s).</summary>
    internal Aes128()
    {
        byte[] box =
        {
            0x63, 0x7c, 0x77, 0x7b, 0xf2, 0x6b, 0x6f, 0xc5, 0x30, 0x01, 0x67, 0x2b, 0xfe, 0xd7, 0xab, 0x76,
            0xca, 0x82, 0xc9, 0x7d, 0xfa, 0x59, 0x47, 0xf0, 0xad, 0xd4, 0xa2, 0xaf, 0x9c, 0xa4, 0x72, 0xc0,
            0xb7, 0xfd, 0x93, 0x26, 0x36, 0x3f, 0xf7, 0xcc, 0x34, 0xa5, 0xe5, 0xf1, 0x71, 0xd8, 0x31, 0x15,
            0x04, 0xc7, 0x23, 0xc3, 0x18, 0x96, 0x05, 0x9a, 0x07, 0x12, 0x80, 0xe2, 0xeb, 0x27, 0xb2, 0x75,
            0x09, 0x83, 0x2c, 0x1a, 0x1b, 0x6e, 0x5a, 0xa0, 0x52, 0x3b, 0xd6, 0xb3, 0x29, 0xe3, 0x2f, 0x84,
            0x53, 0xd1, 0x00, 0xed, 0x20, 0xfc, 0xb1, 0x5b, 0x6a, 0xcb, 0xbe, 0x39, 0x4a, 0x4c, 0x58, 0xcf,
            0xd0, 0xef, 0xaa, 0xfb, 0x43, 0x4d, 0x33, 0x85, 0x45, 0xf9, 0x02, 0x7f, 0x50, 0x3c, 0x9f, 0xa8,
            0x51, 0xa3, 0x40, 0x8f, 0x92, 0x9d, 0x38, 0xf5, 0xbc, 0xb6, 0xda, 0x21, 0x10, 0xff, 0xf3, 0xd2,
            0xcd, 0x0c, 0x13, 0xec, 0x5f, 0x97, 0x44, 0x17, 0xc4, 0xa7, 0x7e, 0x3d, 0x64, 0x5d, 0x19, 0x73,
            0x60, 0x81, 0x4f, 0xdc, 0x22, 0x2a, 0x90, 0x88, 0x46, 0xee, 0xb8, 0x14, 0xde, 0x5e, 0x0b, 0xdb,
            0xe0, 0x32, 0x3a, 0x0a, 0x49, 0x06, 0x24, 0x5c, 0xc2, 0xd3, 0xac, 0x62, 0x91, 0x95, 0xe4, 0x79,
            0xe7, 0xc8, 0x37, 0x6d, 0x8d, 0xd5, 0x4e, 0xa9, 0x6c, 0x56, 0xf4, 0xea, 0x65, 0x7a, 0xae, 0x08,
            0xba, 0x78, 0x25, 0x2e, 0x1c, 0xa6, 0xb4, 0xc6, 0xe8, 0xdd, 0x74, 0x1f, 0x4b, 0xbd, 0x8b, 0x8a,
            0x70, 0x3e, 0xb5, 0x66, 0x48, 0x03, 0xf6, 0x0e, 0x61, 0x35, 0x57, 0xb9, 0x86, 0xc1, 0x1d, 0x9e,
            0xe1, 0xf8, 0x98, 0x11, 0x69, 0xd9, 0x8e, 0x94, 0x9b, 0x1e, 0x87, 0xe9, 0xce, 0x55, 0x28, 0xdf,
            0x8c, 0xa1, 0x89, 0x0d, 0xbf, 0xe6, 0x42, 0x68, 0x41, 0x99, 0x2d, 0x0f, 0xb0, 0x54, 0xbb, 0x16,
        };
        for (int i = 0; i < 256; i++)
        {
            uint s = box[i];
            uint twice = s << 1;
            if (twice > 255u)
            {
                twice ^= 0x11bu;
            }

            uint column = (twice << 24) | (s << 16) | (s << 8) | (twice ^ s);
            _table[i] = column * 0x100000001UL;
        }
    }

    /// <summary>Expands a 16-byte key into the reused schedule.</summary>
    internal void SetKey(byte[] key, int offset)
    {
        uint[] keys = _keys;
        ulong[] table = _table;
        uint a = ByteOrder.ReadUInt32BigEndian(key, offset);
        uint b = ByteOrder.ReadUInt32BigEndian(key, offset + 4);
        uint c = ByteOrder.ReadUInt32BigEndian(key, offset + 8);
        uint d = ByteOrder.ReadUInt32BigEndian(key, offset + 12);
        uint round = 1;
        int i = 0;
        while (true)
        {
            keys[i] = a;
            keys[i + 1] = b;
            keys[i + 2] = c;
            keys[i + 3] = d;
            i += 4;
            if (i == 44)
            {
                break;
            }

            ulong box = ((table[(byte)(d >> 16)] << 8) & 0xff000000UL)
                | (table[(byte)(d >> 8)] & 0xff0000UL)
                | (table[(byte)d] & 0xff00UL)
                | ((table[(int)(d >> 24)] >> 8) & 0xffUL);
            a ^= (uint)box ^ (round << 24);
            b ^= a;
            c ^= b;
            d ^= c;
            round <<= 1;
            if (round > 255u)
            {
                round ^= 0x11bu;
            }
        }
    }

    /// <summary>Forgets the key and the last block.</summary>
    internal void Wipe()
    {
        Array.Clear(_keys, 0, 44);
        Array.Clear(_state, 0, 4);
    }

    /// <summary>Encrypts or decrypts in place with the key stream from block <paramref name="counter"/> on.</summary>
    internal void Counter(byte[] nonce, int nonceOffset, uint counter, byte[] buffer, int offset, int length)
    {
        uint a = 0x01000000u | (ByteOrder.ReadUInt32BigEndian(nonce, nonceOffset) >> 8);
        uint b = ByteOrder.ReadUInt32BigEndian(nonce, nonceOffset + 3);
        uint c = ByteOrder.ReadUInt32BigEndian(nonce, nonceOffset + 7);
        uint d = (uint)ByteOrder.ReadUInt16BigEndian(nonce, nonceOffset + 11) << 16;
        uint[] state = _state;
        while (length > 0)
        {
            state[0] = a;
            state[1] = b;
            state[2] = c;
            state[3] = d | counter;
            counter = (counter + 1u) & 0xffffu;
            Block();
            if (length >= 16)
            {
                for (int i = 0; i < 4; i++)
                {
                    uint word = state[i];
                    buffer[offset] ^= (byte)(word >> 24);
                    buffer[offset + 1] ^= (byte)(word >> 16);
                    buffer[offset + 2] ^= (byte)(word >> 8);
                    buffer[offset + 3] ^= (byte)word;
                    offset += 4;
                }
            }
            else
            {
                for (int i = 0; i < length; i++)
                {
                    buffer[offset + i] ^= (byte)(state[i >> 2] >> (24 - ((i & 3) << 3)));
                }
            }

            length -= 16;
        }
    }

    /// <summary>Leaves the CBC-MAC over nonce, lengths, additional data and text in the state.</summary>
    internal void Authenticate(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadLength, byte[] buffer, int offset, int length)
    {
        uint[] state = _state;
        uint flags = aadLength > 0 ? 0x79000000u : 0x39000000u;
        state[0] = flags | (ByteOrder.ReadUInt32BigEndian(nonce, nonceOffset) >> 8);
        state[1] = ByteOrder.ReadUInt32BigEndian(nonce, nonceOffset + 3);
        state[2] = ByteOrder.ReadUInt32BigEndian(nonce, nonceOffset + 7);
        state[3] = ((uint)ByteOrder.ReadUInt16BigEndian(nonce, nonceOffset + 11) << 16) | (uint)length;
        Block();
        if (aadLength > 0)
        {
            state[0] ^= (uint)aadLength << 16;
            int first = aadLength < 14 ? aadLength : 14;
            AbsorbPart(aad, aadOffset, first, 2);
            Absorb(aad, aadOffset + first, aadLength - first);
        }

        Absorb(buffer, offset, length);
    }

    /// <summary>Writes the 16-byte tag: the CBC-MAC under key-stream block 0.</summary>
    internal void WriteTag(byte[] nonce, int nonceOffset, byte[] buffer, int offset)
    {
        for (int i = 0; i < 4; i++)
        {
            ByteOrder.WriteUInt32BigEndian(buffer, offset + (4 * i), _state[i]);
        }

        Counter(nonce, nonceOffset, 0, buffer, offset, 16);
    }

    /// <summary>Compares the tag in the buffer with the one just computed, in a time that does not tell where they differ.</summary>
    internal bool TagEquals(byte[] nonce, int nonceOffset, byte[] buffer, int offset)
    {
        uint a = _state[0];
        uint b = _state[1];
        uint c = _state[2];
        uint d = _state[3];
        _state[0] = 0x01000000u | (ByteOrder.ReadUInt32BigEndian(nonce, nonceOffset) >> 8);
        _state[1] = ByteOrder.ReadUInt32BigEndian(nonce, nonceOffset + 3);
        _state[2] = ByteOrder.ReadUInt32BigEndian(nonce, nonceOffset + 7);
        _state[3] = (uint)ByteOrder.ReadUInt16BigEndian(nonce, nonceOffset + 11) << 16;
        Block();
        uint difference = (a ^ _state[0] ^ ByteOrder.ReadUInt32BigEndian(buffer, offset))
            | (b ^ _state[1] ^ ByteOrder.ReadUInt32BigEndian(buffer, offset + 4))
            | (c ^ _state[2] ^ ByteOrder.ReadUInt32BigEndian(buffer, offset + 8))
            | (d ^ _state[3] ^ ByteOrder.ReadUInt32BigEndian(buffer, offset + 12));
        return difference == 0u;
    }

    private void Absorb(byte[] data, int offset, int length)
    {
        uint[] state = _state;
        while (length >= 16)
        {
            for (int i = 0; i < 4; i++)
            {
                state[i] ^= ((uint)data[offset] << 24) | ((uint)data[offset + 1] << 16) | ((uint)data[offset + 2] << 8) | data[offset + 3];
                offset += 4;
            }

            Block();
            length -= 16;
        }

        if (length > 0)
        {
            AbsorbPart(data, offset, length, 0);
        }
    }

    private void AbsorbPart(byte[] data, int offset, int length, int position)
    {
        for (int i = 0; i < length; i++)
        {
            _state[position >> 2] ^= (uint)data[offset + i] << (24 - ((position & 3) << 3));
            position++;
        }

        Block();
    }

    private void Block()
    {
        AesRounds.Encrypt(_table, _keys, _state);
    }
}
