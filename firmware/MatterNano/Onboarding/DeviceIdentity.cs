using MatterNano.Platform;
using MatterNano.Tlv;

namespace MatterNano.Onboarding;

/// <summary>What the factory gave to one device, as its flash holds it: names, discriminator and passcode verifier. The passcode is not among it.</summary>
/// <remarks>
/// Record "identity", a TLV structure: 0 format (1) | 1 vendor | 2 product | 3 vendor name | 4 product name | 5 hardware
/// version | 6 hardware version text | 7 serial number (optional) | 8 discriminator | 9 PBKDF2 iterations | 10 salt |
/// 11 w0, 32 bytes, then L, 65 bytes | 12 w0*M, then w0*N, 65 bytes each (optional: spares two multiplications of PASE) |
/// 13 device type (optional) | 14 unique id of the rotating device identifier (optional). Attestation lies in records of its own: "identity.dac", "identity.pai",
/// "identity.cd" (DER) and "identity.key" (32 bytes). A factory reset keeps all of them.
/// </remarks>
public sealed class DeviceIdentity : DeviceInformation
{
    /// <summary>Name of the record; the others of the identity start with it and a dot.</summary>
    public const string Record = "identity";

    /// <summary>Longest record in bytes.</summary>
    public const int MaxSize = 640;

    /// <summary>Bytes of <see cref="Verifier"/>.</summary>
    public const int VerifierSize = 97;

    /// <summary>Bytes of <see cref="Points"/>.</summary>
    public const int PointsSize = 130;

    private const int Format = 1;

    /// <summary>0 to 4095.</summary>
    public int Discriminator;

    /// <summary>PBKDF2 iterations, 1000 to 100,000.</summary>
    public int Iterations;

    /// <summary>16 to 32 bytes.</summary>
    public byte[] Salt;

    /// <summary>w0 (32 bytes), then L uncompressed (65 bytes) (Core 3.10).</summary>
    public byte[] Verifier;

    /// <summary>w0*M, then w0*N, uncompressed; null when the factory left them out.</summary>
    public byte[] Points;

    /// <summary>Main device type to advertise; 0: not told.</summary>
    public uint DeviceType;

    /// <summary>What the rotating device identifier is made of, 16 to 32 random bytes that nobody can read from the device (Core 5.4.2.4.5); null: it has none.</summary>
    public byte[] RotatingUniqueId;

    /// <summary>Makes one without any of the values: the factory gives them, and the program its version.</summary>
    public DeviceIdentity()
    {
        VendorId = 0;
        ProductId = 0;
        VendorName = null;
        ProductName = null;
        HardwareVersion = 0;
        HardwareVersionString = null;
    }

    /// <summary>Checks all ranges.</summary>
    public bool IsValid()
    {
        return VendorId > 0 && VendorId <= 0xffff
            && ProductId >= 0 && ProductId <= 0xffff
            && HardwareVersion >= 0 && HardwareVersion <= 0xffff
            && IsText(VendorName, 32)
            && IsText(ProductName, 32)
            && IsText(HardwareVersionString, 64)
            && (SerialNumber == null || IsText(SerialNumber, 32))
            && Discriminator >= 0 && Discriminator <= 0xfff
            && Iterations >= 1000 && Iterations <= 100000
            && Salt != null && Salt.Length >= 16 && Salt.Length <= 32
            && Verifier != null && Verifier.Length == VerifierSize && Verifier[32] == 4
            && (Points == null || (Points.Length == PointsSize && Points[0] == 4 && Points[65] == 4))
            && (RotatingUniqueId == null || (RotatingUniqueId.Length >= 16 && RotatingUniqueId.Length <= 32));
    }

    /// <summary>Reads the record.</summary>
    /// <param name="scratch">At least <see cref="MaxSize"/> bytes; wiped.</param>
    /// <returns>False when it is absent, damaged or of another format; the fields are then undefined.</returns>
    public bool TryLoad(IFlash flash, byte[] scratch)
    {
        int length = flash.Read(Record, scratch, 0, MaxSize);
        bool loaded = length > 0 && TryRead(scratch, 0, length);
        Secrets.Wipe(scratch, 0, MaxSize);
        return loaded;
    }

    /// <summary>Writes the record.</summary>
    /// <param name="scratch">At least <see cref="MaxSize"/> bytes; wiped.</param>
    /// <returns>False when the flash refused or a field is out of range.</returns>
    public bool Store(IFlash flash, byte[] scratch)
    {
        int length = Write(scratch, 0, MaxSize);
        bool stored = length > 0 && flash.Write(Record, scratch, 0, length);
        Secrets.Wipe(scratch, 0, MaxSize);
        return stored;
    }

    /// <summary>Reads the TLV form.</summary>
    public bool TryRead(byte[] buffer, int offset, int length)
    {
        TlvReader reader = new TlvReader();
        reader.Init(buffer, offset, length);
        if (!reader.Next() || reader.Tag != TlvTag.Anonymous || reader.Type != TlvType.Structure || !reader.Enter())
        {
            return false;
        }

        Clear();
        uint format = 0;
        while (reader.Next())
        {
            uint number = 0;
            bool fits = true;
            switch (reader.Tag)
            {
                case 0:
                    fits = reader.TryGetUnsigned(0xff, out format);
                    break;
                case 1:
                    fits = reader.TryGetUnsigned(0xffff, out number);
                    VendorId = (int)number;
                    break;
                case 2:
                    fits = reader.TryGetUnsigned(0xffff, out number);
                    ProductId = (int)number;
                    break;
                case 3:
                    fits = reader.TryGetString(out VendorName);
                    break;
                case 4:
                    fits = reader.TryGetString(out ProductName);
                    break;
                case 5:
                    fits = reader.TryGetUnsigned(0xffff, out number);
                    HardwareVersion = (int)number;
                    break;
                case 6:
                    fits = reader.TryGetString(out HardwareVersionString);
                    break;
                case 7:
                    fits = reader.TryGetString(out SerialNumber);
                    break;
                case 8:
                    fits = reader.TryGetUnsigned(0xfff, out number);
                    Discriminator = (int)number;
                    break;
                case 9:
                    fits = reader.TryGetUnsigned(100000, out number);
                    Iterations = (int)number;
                    break;
                case 10:
                    Salt = CopyBytes(reader);
                    break;
                case 11:
                    Verifier = CopyBytes(reader);
                    break;
                case 12:
                    Points = CopyBytes(reader);
                    fits = Points != null;
                    break;
                case 13:
                    fits = reader.TryGetUnsigned(uint.MaxValue, out DeviceType);
                    break;
                case 14:
                    RotatingUniqueId = CopyBytes(reader);
                    fits = RotatingUniqueId != null;
                    break;
            }

            if (!fits)
            {
                return false;
            }
        }

        return !reader.HasError && format == Format && IsValid();
    }

    /// <summary>Writes the TLV form.</summary>
    /// <returns>Its length; -1 when a field is out of range or it does not fit.</returns>
    public int Write(byte[] buffer, int offset, int limit)
    {
        if (!IsValid())
        {
            return -1;
        }

        TlvWriter writer = new TlvWriter();
        writer.Init(buffer, offset, limit);
        writer.StartStructure(TlvTag.Anonymous);
        writer.PutUnsigned(0, Format);
        writer.PutUnsigned(1, (ulong)VendorId);
        writer.PutUnsigned(2, (ulong)ProductId);
        writer.PutString(3, VendorName);
        writer.PutString(4, ProductName);
        writer.PutUnsigned(5, (ulong)HardwareVersion);
        writer.PutString(6, HardwareVersionString);
        if (SerialNumber != null)
        {
            writer.PutString(7, SerialNumber);
        }

        writer.PutUnsigned(8, (ulong)Discriminator);
        writer.PutUnsigned(9, (ulong)Iterations);
        writer.PutBytes(10, Salt, 0, Salt.Length);
        writer.PutBytes(11, Verifier, 0, VerifierSize);
        if (Points != null)
        {
            writer.PutBytes(12, Points, 0, PointsSize);
        }

        if (DeviceType != 0)
        {
            writer.PutUnsigned(13, DeviceType);
        }

        if (RotatingUniqueId != null)
        {
            writer.PutBytes(14, RotatingUniqueId, 0, RotatingUniqueId.Length);
        }

        writer.EndContainer();
        return writer.Overflow ? -1 : writer.Position - offset;
    }

    private static bool IsText(string text, int maxBytes)
    {
        return text != null && text.Length > 0 && Utf8.GetByteCount(text) <= maxBytes;
    }

    private static byte[] CopyBytes(TlvReader reader)
    {
        if (reader.Type != TlvType.ByteString)
        {
            return null;
        }

        byte[] copy = new byte[reader.ValueLength];
        System.Array.Copy(reader.Buffer, reader.ValueOffset, copy, 0, copy.Length);
        return copy;
    }

    private void Clear()
    {
        VendorId = 0;
        ProductId = 0;
        VendorName = null;
        ProductName = null;
        HardwareVersion = 0;
        HardwareVersionString = null;
        SerialNumber = null;
        Discriminator = 0;
        Iterations = 0;
        Salt = null;
        Verifier = null;
        Points = null;
        DeviceType = 0;
        RotatingUniqueId = null;
    }
}
