using System;

namespace MatterNano.Onboarding;

/// <summary>What a commissioner needs to find and to authenticate a device: the content of its QR code and manual pairing code (Core 5.1).</summary>
/// <remarks>
/// QR structure, least significant bit first: version 3, vendor 16, product 16, flow 2, discovery 8, discriminator 12,
/// passcode 27, padding 4; 11 bytes, then optional TLV.
/// </remarks>
public sealed class OnboardingPayload
{
    /// <summary>Bytes of the packed structure.</summary>
    public const int PackedSize = 11;

    /// <summary>Longest QR text that is read, optional TLV included.</summary>
    public const int MaxQrLength = 256;

    /// <summary>Flow: the device is ready for commissioning when powered.</summary>
    public const int FlowStandard = 0;

    /// <summary>Flow: the user must press something first.</summary>
    public const int FlowUserAction = 1;

    /// <summary>Flow: steps of the vendor's own; the manual code then has 21 digits.</summary>
    public const int FlowCustom = 2;

    /// <summary>Discovery: soft access point.</summary>
    public const int DiscoverySoftAccessPoint = 1;

    /// <summary>Discovery: BLE.</summary>
    public const int DiscoveryBle = 2;

    /// <summary>Discovery: already on the IP network.</summary>
    public const int DiscoveryOnNetwork = 4;

    /// <summary>0 in all versions so far.</summary>
    public int Version;

    /// <summary>Vendor, 0 to 65535; 0 when unknown (an 11-digit manual code).</summary>
    public int VendorId;

    /// <summary>Product, 0 to 65535; 0 when unknown.</summary>
    public int ProductId;

    /// <summary>One of <see cref="FlowStandard"/>, <see cref="FlowUserAction"/>, <see cref="FlowCustom"/>.</summary>
    public int Flow;

    /// <summary>Bits <see cref="DiscoverySoftAccessPoint"/>, <see cref="DiscoveryBle"/>, <see cref="DiscoveryOnNetwork"/>.</summary>
    public int Discovery;

    /// <summary>0 to 4095. A manual code carries the top four bits only; the other eight are then 0.</summary>
    public int Discriminator;

    /// <summary>Setup passcode, 27 bits; whether a device may use it says <see cref="SetupPasscode.IsAllowed"/>.</summary>
    public uint Passcode;

    /// <summary>Text of the QR code, starting with "MT:".</summary>
    public string ToQrCode()
    {
        return ToQrCode(null, 0, 0);
    }

    /// <summary>Text of the QR code with optional TLV behind the structure.</summary>
    /// <param name="tlv">An anonymous structure; element 0 is the serial number (Core 5.1.5).</param>
    public string ToQrCode(byte[] tlv, int offset, int length)
    {
        byte[] packed = new byte[PackedSize + length];
        Pack(packed);
        if (length > 0)
        {
            Array.Copy(tlv, offset, packed, PackedSize, length);
        }

        string text = "MT:" + Base38.Encode(packed, 0, packed.Length);
        Secrets.Wipe(packed);
        return text;
    }

    /// <summary>Manual pairing code: 11 digits, or 21 with vendor and product when the flow is not the standard one (Core 5.1.4.1).</summary>
    public string ToManualCode()
    {
        bool isLong = Flow != FlowStandard;
        char[] digits = new char[isLong ? 21 : 11];
        int shortDiscriminator = (Discriminator >> 8) & 0xf;
        digits[0] = (char)('0' + ((isLong ? 4 : 0) | (shortDiscriminator >> 2)));
        PutDecimal(digits, 1, 5, ((uint)(shortDiscriminator & 3) << 14) | (Passcode & 0x3fff));
        PutDecimal(digits, 6, 4, (Passcode >> 14) & 0x1fff);
        if (isLong)
        {
            PutDecimal(digits, 10, 5, (uint)VendorId);
            PutDecimal(digits, 15, 5, (uint)ProductId);
        }

        digits[digits.Length - 1] = Verhoeff.ComputeDigit(digits, digits.Length - 1);
        return new string(digits);
    }

    /// <summary>Manual code in groups, as it is printed: 3497-011-2332, or 4-3-4-5-5 digits.</summary>
    public static string GroupDigits(string manualCode)
    {
        string text = manualCode.Substring(0, 4) + "-" + manualCode.Substring(4, 3) + "-" + manualCode.Substring(7, 4);
        return manualCode.Length == 21
            ? text + "-" + manualCode.Substring(11, 5) + "-" + manualCode.Substring(16, 5)
            : text;
    }

    /// <summary>Reads the text of a QR code, optional TLV ignored.</summary>
    /// <returns>False, with all fields unchanged, when it is not a Matter code of version 0.</returns>
    public bool TryReadQrCode(string text)
    {
        if (text == null || text.Length < 3 || text.Length > MaxQrLength || text[0] != 'M' || text[1] != 'T' || text[2] != ':')
        {
            return false;
        }

        byte[] packed = new byte[MaxQrLength];
        int length = Base38.Decode(text, 3, text.Length - 3, packed);
        if (length < PackedSize || GetBits(packed, 0, 3) != 0 || GetBits(packed, 84, 4) != 0)
        {
            return false;
        }

        Version = 0;
        VendorId = (int)GetBits(packed, 3, 16);
        ProductId = (int)GetBits(packed, 19, 16);
        Flow = (int)GetBits(packed, 35, 2);
        Discovery = (int)GetBits(packed, 37, 8);
        Discriminator = (int)GetBits(packed, 45, 12);
        Passcode = GetBits(packed, 57, 27);
        Secrets.Wipe(packed);
        return true;
    }

    /// <summary>Reads a manual pairing code, with or without spaces and dashes.</summary>
    /// <returns>False, with all fields unchanged, when length, a digit group or the check digit is wrong.</returns>
    public bool TryReadManualCode(string text)
    {
        char[] digits = new char[21];
        int count = 0;
        for (int i = 0; text != null && i < text.Length; i++)
        {
            char c = text[i];
            if (c == ' ' || c == '-')
            {
                continue;
            }

            if (c < '0' || c > '9' || count == digits.Length)
            {
                return false;
            }

            digits[count++] = c;
        }

        if (count != 11 && count != 21)
        {
            return false;
        }

        int first = digits[0] - '0';
        bool isLong = count == 21;
        uint low = GetDecimal(digits, 1, 5);
        uint high = GetDecimal(digits, 6, 4);
        uint vendor = isLong ? GetDecimal(digits, 10, 5) : 0;
        uint product = isLong ? GetDecimal(digits, 15, 5) : 0;
        uint passcode = (high << 14) | (low & 0x3fff);
        if (first > 7
            || first >= 4 != isLong
            || low > 0xffff
            || high > 0x1fff
            || vendor > 0xffff
            || product > 0xffff
            || passcode == 0
            || Verhoeff.ComputeDigit(digits, count - 1) != digits[count - 1])
        {
            return false;
        }

        Version = 0;
        VendorId = (int)vendor;
        ProductId = (int)product;
        Flow = isLong ? FlowCustom : FlowStandard;
        Discovery = 0;
        Discriminator = (((first & 3) << 2) | (int)(low >> 14)) << 8;
        Passcode = passcode;
        return true;
    }

    private void Pack(byte[] packed)
    {
        PutBits(packed, 0, 3, (uint)Version);
        PutBits(packed, 3, 16, (uint)VendorId);
        PutBits(packed, 19, 16, (uint)ProductId);
        PutBits(packed, 35, 2, (uint)Flow);
        PutBits(packed, 37, 8, (uint)Discovery);
        PutBits(packed, 45, 12, (uint)Discriminator);
        PutBits(packed, 57, 27, Passcode);
    }

    private static void PutBits(byte[] packed, int position, int count, uint value)
    {
        for (int i = 0; i < count; i++)
        {
            if (((value >> i) & 1) != 0)
            {
                int bit = position + i;
                packed[bit >> 3] |= (byte)(1 << (bit & 7));
            }
        }
    }

    private static uint GetBits(byte[] packed, int position, int count)
    {
        uint value = 0;
        for (int i = count - 1; i >= 0; i--)
        {
            int bit = position + i;
            value = (value << 1) | (uint)((packed[bit >> 3] >> (bit & 7)) & 1);
        }

        return value;
    }

    private static void PutDecimal(char[] digits, int offset, int count, uint value)
    {
        for (int i = count - 1; i >= 0; i--)
        {
            digits[offset + i] = (char)('0' + (int)(value % 10));
            value /= 10;
        }
    }

    private static uint GetDecimal(char[] digits, int offset, int count)
    {
        uint value = 0;
        for (int i = 0; i < count; i++)
        {
            value = value * 10 + (uint)(digits[offset + i] - '0');
        }

        return value;
    }
}
