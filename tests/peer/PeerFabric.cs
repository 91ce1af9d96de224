using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Formats.Asn1;
using System.Security.Cryptography;

namespace MatterNano.Peer;

/// <summary>A fabric with its own root authority, as a commissioner makes one.</summary>
public sealed class PeerFabric
{
    private readonly ECDsa _rootKey;
    private readonly ECDsa _intermediateKey;

    /// <summary>Makes a fabric with fresh keys.</summary>
    /// <param name="fabricId">Fabric id.</param>
    /// <param name="withIntermediate">True to issue node certificates through an intermediate authority.</param>
    public PeerFabric(ulong fabricId, bool withIntermediate = false)
    {
        FabricId = fabricId;
        _rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        RootPublicKey = PeerCrypto.PublicKey(_rootKey.ExportParameters(false));
        EpochKey = RandomNumberGenerator.GetBytes(16);
        byte[] fabric = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(fabric, fabricId);
        CompressedId = PeerCrypto.Hkdf(RootPublicKey.AsSpan(1).ToArray(), fabric, "CompressedFabric", 8);
        Ipk = PeerCrypto.Hkdf(EpochKey, CompressedId, "GroupKey v1.0", 16);
        (int, ulong)[] root = { (20, 1) };
        RootCertificate = PeerCertificate.Issue(root, root, RootPublicKey, RootPublicKey, _rootKey, PeerCertificate.Kind.Root);
        if (withIntermediate)
        {
            _intermediateKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            IntermediatePublicKey = PeerCrypto.PublicKey(_intermediateKey.ExportParameters(false));
            IntermediateCertificate = PeerCertificate.Issue(
                root, new[] { (19, 2UL), (21, fabricId) }, IntermediatePublicKey, RootPublicKey, _rootKey, PeerCertificate.Kind.Intermediate);
        }
    }

    public ulong FabricId { get; }

    public byte[] RootPublicKey { get; }

    public byte[] RootCertificate { get; }

    public byte[] IntermediatePublicKey { get; }

    /// <summary>Null without intermediate.</summary>
    public byte[] IntermediateCertificate { get; }

    public byte[] EpochKey { get; }

    /// <summary>Operational identity protection key.</summary>
    public byte[] Ipk { get; }

    /// <summary>Eight bytes, most significant first.</summary>
    public byte[] CompressedId { get; }

    /// <summary>Issues a node operational certificate in Matter TLV.</summary>
    public byte[] IssueNoc(ulong nodeId, byte[] publicKey, params uint[] tags) => IssueNoc(nodeId, FabricId, publicKey, tags);

    /// <summary>Issues one with a fabric id that may be wrong.</summary>
    public byte[] IssueNoc(ulong nodeId, ulong fabricId, byte[] publicKey, params uint[] tags)
    {
        List<(int, ulong)> subject = new() { (17, nodeId), (21, fabricId) };
        foreach (uint tag in tags)
        {
            subject.Add((22, tag));
        }

        return _intermediateKey != null
            ? PeerCertificate.Issue(new[] { (19, 2UL), (21, FabricId) }, subject.ToArray(), publicKey, IntermediatePublicKey, _intermediateKey, PeerCertificate.Kind.Node)
            : PeerCertificate.Issue(new[] { (20, 1UL) }, subject.ToArray(), publicKey, RootPublicKey, _rootKey, PeerCertificate.Kind.Node);
    }

    /// <summary>Makes an identity on this fabric.</summary>
    public PeerIdentity CreateIdentity(ulong nodeId, params uint[] tags)
    {
        ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new PeerIdentity(this, nodeId, key, IssueNoc(nodeId, PeerCrypto.PublicKey(key.ExportParameters(false)), tags));
    }

    /// <summary>Destination id of a node on this fabric (Core 4.14.2.4.1).</summary>
    public byte[] DestinationId(byte[] random, ulong nodeId)
    {
        byte[] ids = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(ids, FabricId);
        BinaryPrimitives.WriteUInt64LittleEndian(ids.AsSpan(8), nodeId);
        return HMACSHA256.HashData(Ipk, PeerCrypto.Concat(random, RootPublicKey, ids));
    }
}

/// <summary>One node's identity on a fabric.</summary>
public sealed record PeerIdentity(PeerFabric Fabric, ulong NodeId, ECDsa Key, byte[] Noc)
{
    public byte[] Icac => Fabric.IntermediateCertificate;

    public byte[] PrivateKey => Key.ExportParameters(true).D;
}

/// <summary>Issues Matter certificates: signs the X.509 form, stores the TLV form (Core 6.5).</summary>
public static class PeerCertificate
{
    public enum Kind
    {
        Root,
        Intermediate,
        Node,
    }

    public static byte[] Issue((int Tag, ulong Value)[] issuer, (int Tag, ulong Value)[] subject, byte[] publicKey, byte[] issuerPublicKey, ECDsa issuerKey, Kind kind)
    {
        byte[] serial = { 1, 2, (byte)kind };
        uint notBefore = 0x2b000000;
        uint notAfter = 0x5f000000;
        byte[] subjectKeyId = SHA1.HashData(publicKey);
        byte[] authorityKeyId = SHA1.HashData(issuerPublicKey);
        byte[] tbs = Der(serial, issuer, subject, notBefore, notAfter, publicKey, subjectKeyId, authorityKeyId, kind);
        byte[] signature = issuerKey.SignData(tbs, HashAlgorithmName.SHA256);

        PeerTlv tlv = new PeerTlv().Struct().Bytes(1, serial).U(2, 1).List(3);
        Names(tlv, issuer);
        tlv.End().Fixed32(4, notBefore).Fixed32(5, notAfter).List(6);
        Names(tlv, subject);
        tlv.End().U(7, 1).U(8, 1).Bytes(9, publicKey).List(10);
        tlv.Struct(1).B(1, kind != Kind.Node).End();
        tlv.U(2, kind == Kind.Node ? 1UL : 0x60UL);
        if (kind == Kind.Node)
        {
            tlv.Array(3).U(-1, 2).U(-1, 1).End();
        }

        tlv.Bytes(4, subjectKeyId).Bytes(5, authorityKeyId).End();
        return tlv.Bytes(11, signature).End().ToArray();
    }

    private static void Names(PeerTlv tlv, (int Tag, ulong Value)[] names)
    {
        foreach ((int tag, ulong value) in names)
        {
            tlv.U(tag, value);
        }
    }

    private static PeerTlv Fixed32(this PeerTlv tlv, int tag, uint value)
    {
        byte[] bytes = { 0x26, (byte)tag, (byte)value, (byte)(value >> 8), (byte)(value >> 16), (byte)(value >> 24) };
        return tlv.Raw(bytes);
    }

    private static byte[] Der(
        byte[] serial,
        (int Tag, ulong Value)[] issuer,
        (int Tag, ulong Value)[] subject,
        uint notBefore,
        uint notAfter,
        byte[] publicKey,
        byte[] subjectKeyId,
        byte[] authorityKeyId,
        Kind kind)
    {
        AsnWriter der = new(AsnEncodingRules.DER);
        using (der.PushSequence())
        {
            using (der.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
            {
                der.WriteInteger(2);
            }

            der.WriteInteger(serial);
            using (der.PushSequence())
            {
                der.WriteObjectIdentifier("1.2.840.10045.4.3.2");
            }

            Names(der, issuer);
            using (der.PushSequence())
            {
                der.WriteUtcTime(Time(notBefore));
                DateTimeOffset end = Time(notAfter);
                if (end.Year < 2050)
                {
                    der.WriteUtcTime(end);
                }
                else
                {
                    der.WriteGeneralizedTime(end, true);
                }
            }

            Names(der, subject);
            using (der.PushSequence())
            {
                using (der.PushSequence())
                {
                    der.WriteObjectIdentifier("1.2.840.10045.2.1");
                    der.WriteObjectIdentifier("1.2.840.10045.3.1.7");
                }

                der.WriteBitString(publicKey);
            }

            using (der.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 3)))
            using (der.PushSequence())
            {
                Extension(der, "2.5.29.19", true, e =>
                {
                    using (e.PushSequence())
                    {
                        if (kind != Kind.Node)
                        {
                            e.WriteBoolean(true);
                        }
                    }
                });
                Extension(der, "2.5.29.15", true, e => e.WriteNamedBitList(kind == Kind.Node ? KeyUsage.DigitalSignature : KeyUsage.KeyCertSign | KeyUsage.CrlSign));
                if (kind == Kind.Node)
                {
                    Extension(der, "2.5.29.37", true, e =>
                    {
                        using (e.PushSequence())
                        {
                            e.WriteObjectIdentifier("1.3.6.1.5.5.7.3.2");
                            e.WriteObjectIdentifier("1.3.6.1.5.5.7.3.1");
                        }
                    });
                }

                Extension(der, "2.5.29.14", false, e => e.WriteOctetString(subjectKeyId));
                Extension(der, "2.5.29.35", false, e =>
                {
                    using (e.PushSequence())
                    {
                        e.WriteOctetString(authorityKeyId, new Asn1Tag(TagClass.ContextSpecific, 0));
                    }
                });
            }
        }

        return der.Encode();
    }

    private static void Extension(AsnWriter der, string id, bool critical, Action<AsnWriter> content)
    {
        AsnWriter inner = new(AsnEncodingRules.DER);
        content(inner);
        using (der.PushSequence())
        {
            der.WriteObjectIdentifier(id);
            if (critical)
            {
                der.WriteBoolean(true);
            }

            der.WriteOctetString(inner.Encode());
        }
    }

    private static void Names(AsnWriter der, (int Tag, ulong Value)[] names)
    {
        using (der.PushSequence())
        {
            foreach ((int tag, ulong value) in names)
            {
                using (der.PushSetOf())
                using (der.PushSequence())
                {
                    der.WriteObjectIdentifier("1.3.6.1.4.1.37244.1." + (tag - 16));
                    der.WriteCharacterString(UniversalTagNumber.UTF8String, tag == 22 ? value.ToString("X8") : value.ToString("X16"));
                }
            }
        }
    }

    private static DateTimeOffset Time(uint seconds) => new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(seconds);

    [Flags]
    private enum KeyUsage
    {
        DigitalSignature = 1,
        KeyCertSign = 1 << 5,
        CrlSign = 1 << 6,
    }
}
