namespace MatterNano.Tlv;

/// <summary>Tags in one uint: a context tag is its own number, every other kind has bits above (Core appendix A.2).</summary>
/// <remarks>
/// So a switch over context numbers never takes a profile tag for a context tag. The number of a profile tag keeps 28 of its
/// 32 bits here; a tag read with a larger one is <see cref="Unknown"/> and is still available as <see cref="TlvReader.TagNumber"/>.
/// </remarks>
public static class TlvTag
{
    /// <summary>Kind: no tag.</summary>
    public const int KindAnonymous = 0;

    /// <summary>Kind: context-specific, 0 to 255.</summary>
    public const int KindContext = 1;

    /// <summary>Kind: Matter common profile.</summary>
    public const int KindCommonProfile = 2;

    /// <summary>Kind: profile known from the surroundings.</summary>
    public const int KindImplicitProfile = 3;

    /// <summary>Kind: vendor, profile and number written out.</summary>
    public const int KindFullyQualified = 4;

    /// <summary>No tag.</summary>
    public const uint Anonymous = 0x10000000;

    /// <summary>A tag that does not fit; never equal to one that can be written.</summary>
    public const uint Unknown = 0xffffffff;

    internal const uint NumberMask = 0x0fffffff;

    /// <summary>A tag of the Matter common profile.</summary>
    /// <param name="number">0 to 0x0fffffff.</param>
    public static uint CommonProfile(uint number)
    {
        return 0x20000000 | (number & NumberMask);
    }

    /// <summary>A tag of the implicit profile.</summary>
    /// <param name="number">0 to 0x0fffffff.</param>
    public static uint ImplicitProfile(uint number)
    {
        return 0x30000000 | (number & NumberMask);
    }

    /// <summary>A fully qualified tag; its vendor and profile are <see cref="TlvWriter.SetProfile"/>'s or <see cref="TlvReader.TagVendor"/>'s.</summary>
    /// <param name="number">0 to 0x0fffffff.</param>
    public static uint FullyQualified(uint number)
    {
        return 0x40000000 | (number & NumberMask);
    }

    /// <summary>The kind of a tag, one of the Kind constants.</summary>
    public static int KindOf(uint tag)
    {
        if (tag <= 0xff)
        {
            return KindContext;
        }

        switch (tag >> 28)
        {
            case 2:
                return KindCommonProfile;
            case 3:
                return KindImplicitProfile;
            case 4:
                return KindFullyQualified;
            default:
                return KindAnonymous;
        }
    }
}
