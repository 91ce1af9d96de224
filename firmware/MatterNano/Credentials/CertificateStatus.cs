namespace MatterNano.Credentials;

/// <summary>What is wrong with a certificate or a chain (Core 6.5).</summary>
public static class CertificateStatus
{
    /// <summary>Nothing.</summary>
    public const int Ok = 0;

    /// <summary>Not a Matter certificate: wrong structure, order, type or length.</summary>
    public const int Malformed = 1;

    /// <summary>Longer than <see cref="Limits.MaxCertificate"/>, or its X.509 form than the given buffer.</summary>
    public const int TooLong = 2;

    /// <summary>Another algorithm than ECDSA with SHA-256 on P-256, or a public key of wrong form.</summary>
    public const int UnsupportedAlgorithm = 3;

    /// <summary>A name with unknown, repeated, contradicting or out-of-range attributes.</summary>
    public const int BadName = 4;

    /// <summary>An extension is repeated, missing, or says what this kind may not.</summary>
    public const int BadExtension = 5;

    /// <summary>Of another kind than this place of the chain needs.</summary>
    public const int WrongKind = 6;

    /// <summary>The issuer's name is not the subject of the one above.</summary>
    public const int IssuerMismatch = 7;

    /// <summary>The authority key identifier is not the subject key identifier of the one above.</summary>
    public const int KeyIdentifierMismatch = 8;

    /// <summary>Fabric identifiers in the chain differ.</summary>
    public const int FabricMismatch = 9;

    /// <summary>A certification authority has more of them below than it allows.</summary>
    public const int PathTooLong = 10;

    /// <summary>Wall time is known and before notBefore.</summary>
    public const int NotYetValid = 11;

    /// <summary>Wall time is known and behind notAfter.</summary>
    public const int Expired = 12;

    /// <summary>A signature does not verify.</summary>
    public const int BadSignature = 13;
}
