using MatterNano.Crypto;
using MatterNano.Platform;

namespace MatterNano.Discovery;

/// <summary>Lets who knows the device find it again among those that advertise, and nobody else follow it (Core 5.4.2.4.5).</summary>
/// <remarks>
/// Identifier: counter u16 | last 16 bytes of SHA-256(unique id | counter u16); little-endian; 18 bytes. The counter lies in
/// record "identity.count", moves each time advertising starts, survives a factory reset, and starts over behind 65,535.
/// What C3 tells (Core 5.4.2.5.7) is a TLV structure: 0 identifier.
/// </remarks>
public sealed class RotatingDeviceId
{
    /// <summary>Record of the counter, 2 bytes.</summary>
    public const string Record = "identity.count";

    /// <summary>Bytes of the identifier.</summary>
    public const int Size = CounterSize + HashSize;

    /// <summary>Bytes of <see cref="AdditionalData"/>.</summary>
    public const int AdditionalDataSize = Head + Size + 1;

    private const int CounterSize = 2;
    private const int HashSize = 16;

    // Structure; tag 0, byte string, its length.
    private const int Head = 4;

    private readonly IFlash _flash;
    private readonly byte[] _uniqueId;
    private byte[] _additionalData;
    private string _text;

    /// <summary>Makes it; <see cref="Rotate"/> comes before the first use.</summary>
    /// <param name="flash">Holds the counter.</param>
    /// <param name="uniqueId">From the factory, 16 bytes or more, known to the device and its maker only; kept.</param>
    public RotatingDeviceId(IFlash flash, byte[] uniqueId)
    {
        _flash = flash;
        _uniqueId = uniqueId;
    }

    /// <summary>Additional commissioning data, <see cref="AdditionalDataSize"/> bytes; null while nothing is advertised.</summary>
    public byte[] AdditionalData
    {
        get { return _additionalData; }
    }

    /// <summary>The identifier in upper-case hexadecimal, for DNS-SD; null while nothing is advertised.</summary>
    public string Text
    {
        get { return _text; }
    }

    /// <summary>Moves the counter and makes the identifier that belongs to it. When advertising starts.</summary>
    /// <returns>False when the flash did not take the counter: after the next start the identifier would be seen again.</returns>
    public bool Rotate()
    {
        byte[] counter = new byte[CounterSize];
        int last = _flash.Read(Record, counter, 0, CounterSize) == CounterSize ? ByteOrder.ReadUInt16(counter, 0) : 0;
        ByteOrder.WriteUInt16(counter, 0, (uint)((last + 1) & 0xffff));
        bool kept = _flash.Write(Record, counter, 0, CounterSize);
        Describe((uint)ByteOrder.ReadUInt16(counter, 0));
        return kept;
    }

    /// <summary>Gives the memory back. When advertising is over.</summary>
    public void Rest()
    {
        _additionalData = null;
        _text = null;
    }

    /// <summary>Makes the identifier of a counter.</summary>
    /// <param name="counter">0 to 65,535.</param>
    internal void Describe(uint counter)
    {
        _additionalData = new byte[AdditionalDataSize];
        _additionalData[0] = 0x15;
        _additionalData[1] = 0x30;
        _additionalData[2] = 0;
        _additionalData[3] = Size;
        ByteOrder.WriteUInt16(_additionalData, Head, counter);
        byte[] digest = new byte[Sha256.DigestSize];
        Sha256 hash = new Sha256();
        hash.Update(_uniqueId, 0, _uniqueId.Length);
        hash.Update(_additionalData, Head, CounterSize);
        hash.Final(digest, 0);
        System.Array.Copy(digest, Sha256.DigestSize - HashSize, _additionalData, Head + CounterSize, HashSize);
        _additionalData[AdditionalDataSize - 1] = 0x18;

        char[] text = new char[2 * Size];
        for (int i = 0; i < Size; i++)
        {
            text[2 * i] = Digit(_additionalData[Head + i] / 16);
            text[(2 * i) + 1] = Digit(_additionalData[Head + i] & 15);
        }

        _text = new string(text);
    }

    private static char Digit(int value)
    {
        return (char)(value < 10 ? '0' + value : 'A' + value - 10);
    }
}
