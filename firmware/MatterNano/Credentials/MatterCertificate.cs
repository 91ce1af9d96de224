using MatterNano.Tlv;

namespace MatterNano.Credentials;

/// <summary>An operational certificate in Matter TLV: its fields, and the X.509 body that its signature covers (Core 6.5).</summary>
/// <remarks>
/// Structure: 1 serial, 2 signature algorithm, 3 issuer, 4 notBefore, 5 notAfter, 6 subject, 7 public key algorithm, 8 curve,
/// 9 public key (65), 10 extensions, 11 signature (64). A reusable view: the bytes stay where they are and must not move while it is used.
/// </remarks>
public sealed class MatterCertificate
{
    /// <summary>Room that the X.509 body of a permitted certificate needs at most, in bytes.</summary>
    public const int MaxToBeSigned = 720;

    /// <summary>Attributes of a name (Core 6.5.6).</summary>
    public const int MaxNameAttributes = 5;

    private const int TagNodeId = 17;
    private const int TagFirmwareSigner = 18;
    private const int TagIntermediate = 19;
    private const int TagRoot = 20;
    private const int TagFabricId = 21;
    private const int TagCat = 22;
    private const int TagVendorVerificationSigner = 23;

    private byte[] _buffer;
    private int _serialOffset;
    private int _serialLength;
    private int _issuerOffset;
    private int _issuerLength;
    private int _subjectOffset;
    private int _subjectLength;
    private int _extensionsOffset;
    private int _extensionsLength;
    private int _publicKeyOffset;
    private int _signatureOffset;
    private int _subjectKeyOffset;
    private int _authorityKeyOffset;
    private uint _notBefore;
    private uint _notAfter;
    private int _kind;
    private int _keyUsage;
    private int _extendedKeyUsage;
    private int _pathLength;
    private bool _isAuthority;
    private bool _hasBasicConstraints;
    private bool _hasExtendedKeyUsage;
    private ulong _nodeId;
    private ulong _fabricId;
    private ulong _authorityId;
    private uint _cat0;
    private uint _cat1;
    private uint _cat2;
    private int _catCount;

    /// <summary>The array that holds the certificate.</summary>
    public byte[] Buffer
    {
        get { return _buffer; }
    }

    /// <summary>One of <see cref="CertificateKind"/>.</summary>
    public int Kind
    {
        get { return _kind; }
    }

    /// <summary>Node identifier of a NOC, else 0.</summary>
    public ulong NodeId
    {
        get { return _nodeId; }
    }

    /// <summary>Fabric identifier of the subject; 0 when it has none.</summary>
    public ulong FabricId
    {
        get { return _fabricId; }
    }

    /// <summary>Identifier of a root, intermediate or other signer, else 0.</summary>
    public ulong AuthorityId
    {
        get { return _authorityId; }
    }

    /// <summary>CASE authenticated tags of a NOC, 0 to 3.</summary>
    public int CaseAuthenticatedTagCount
    {
        get { return _catCount; }
    }

    /// <summary>First second of validity, in seconds since 2000-01-01 UTC.</summary>
    public uint NotBefore
    {
        get { return _notBefore; }
    }

    /// <summary>Last second of validity, in seconds since 2000-01-01 UTC; 0 for ever.</summary>
    public uint NotAfter
    {
        get { return _notAfter; }
    }

    /// <summary>Where the 65 bytes of the public key start.</summary>
    public int PublicKeyOffset
    {
        get { return _publicKeyOffset; }
    }

    /// <summary>Where the 64 bytes of the signature start.</summary>
    public int SignatureOffset
    {
        get { return _signatureOffset; }
    }

    /// <summary>Where the 20 bytes of the subject key identifier start; -1 when there is none.</summary>
    public int SubjectKeyIdentifierOffset
    {
        get { return _subjectKeyOffset; }
    }

    /// <summary>Where the 20 bytes of the authority key identifier start; -1 when there is none.</summary>
    public int AuthorityKeyIdentifierOffset
    {
        get { return _authorityKeyOffset; }
    }

    /// <summary>True when basic constraints say certification authority.</summary>
    public bool IsAuthority
    {
        get { return _isAuthority; }
    }

    /// <summary>Authorities allowed below this one; -1 for any number.</summary>
    public int PathLength
    {
        get { return _pathLength; }
    }

    /// <summary>Bits of <see cref="Credentials.KeyUsage"/>.</summary>
    public int KeyUsageBits
    {
        get { return _keyUsage; }
    }

    /// <summary>A CASE authenticated tag.</summary>
    /// <param name="i">0 to 2.</param>
    /// <returns>0 when there is none at that place.</returns>
    public uint GetCaseAuthenticatedTag(int i)
    {
        return i == 0 ? _cat0 : i == 1 ? _cat1 : i == 2 ? _cat2 : 0;
    }

    /// <summary>Reads a certificate and checks what can be checked without others: structure, algorithms, names and what its kind demands.</summary>
    /// <returns>One of <see cref="CertificateStatus"/>.</returns>
    public int Parse(TlvReader reader, byte[] buffer, int offset, int length)
    {
        Clear();
        _buffer = buffer;
        if (length > Limits.MaxCertificate)
        {
            return CertificateStatus.TooLong;
        }

        reader.Init(buffer, offset, length);
        if (!reader.Expect(TlvTag.Anonymous, TlvType.Structure) || !reader.Enter())
        {
            return CertificateStatus.Malformed;
        }

        if (!reader.Expect(1, TlvType.ByteString) || reader.ValueLength < 1 || reader.ValueLength > 20)
        {
            return CertificateStatus.Malformed;
        }

        _serialOffset = reader.ValueOffset;
        _serialLength = reader.ValueLength;

        int status = ExpectOne(reader, 2);
        if (status != CertificateStatus.Ok)
        {
            return status;
        }

        if (!reader.Expect(3, TlvType.List))
        {
            return CertificateStatus.Malformed;
        }

        _issuerOffset = reader.ElementOffset;
        _issuerLength = reader.ElementLength;
        if (_issuerLength < 0 || !ReadTime(reader, 4, out _notBefore) || !ReadTime(reader, 5, out _notAfter) || !reader.Expect(6, TlvType.List))
        {
            return CertificateStatus.Malformed;
        }

        _subjectOffset = reader.ElementOffset;
        _subjectLength = reader.ElementLength;
        if (_subjectLength < 0)
        {
            return CertificateStatus.Malformed;
        }

        status = ExpectOne(reader, 7);
        if (status == CertificateStatus.Ok)
        {
            status = ExpectOne(reader, 8);
        }

        if (status != CertificateStatus.Ok)
        {
            return status;
        }

        if (!reader.Expect(9, TlvType.ByteString))
        {
            return CertificateStatus.Malformed;
        }

        _publicKeyOffset = reader.ValueOffset;
        if (reader.ValueLength != 65 || buffer[_publicKeyOffset] != 4)
        {
            return CertificateStatus.UnsupportedAlgorithm;
        }

        if (!reader.Expect(10, TlvType.List))
        {
            return CertificateStatus.Malformed;
        }

        _extensionsOffset = reader.ElementOffset;
        _extensionsLength = reader.ElementLength;
        if (_extensionsLength < 0 || !reader.Expect(11, TlvType.ByteString) || !reader.IsBytes(64))
        {
            return CertificateStatus.Malformed;
        }

        _signatureOffset = reader.ValueOffset;
        if (reader.Next() || !reader.Exit() || reader.Next() || reader.HasError)
        {
            return CertificateStatus.Malformed;
        }

        // The issuer first: the subject's fields are the ones to stay.
        if (!ReadName(reader, _issuerOffset, _issuerLength) || _kind == CertificateKind.Node || _kind == CertificateKind.FirmwareSigner)
        {
            return CertificateStatus.BadName;
        }

        if (!ReadName(reader, _subjectOffset, _subjectLength))
        {
            return CertificateStatus.BadName;
        }

        return ReadExtensions(reader);
    }

    /// <summary>Writes the X.509 TBSCertificate that the signature covers (RFC 5280 4.1, Core 6.5).</summary>
    /// <param name="reader">To work with.</param>
    /// <param name="writer">Where to, see <see cref="MaxToBeSigned"/>.</param>
    /// <returns>What the writer then holds; -1 when it does not fit.</returns>
    public int WriteToBeSigned(TlvReader reader, DerWriter writer)
    {
        WriteBody(reader, writer);
        return writer.Length;
    }

    /// <summary>Writes the whole certificate as X.509.</summary>
    /// <param name="reader">To work with.</param>
    /// <param name="writer">Where to.</param>
    /// <returns>What the writer then holds; -1 when it does not fit.</returns>
    public int WriteX509(TlvReader reader, DerWriter writer)
    {
        int whole = writer.Start(DerWriter.Sequence);
        WriteBody(reader, writer);
        writer.PutEcdsaWithSha256();
        writer.PutSignatureBits(_buffer, _signatureOffset);
        writer.End(whole);
        return writer.Length;
    }

    /// <summary>Compares this certificate's issuer with the subject of another, attribute by attribute.</summary>
    public bool IsIssuedBy(MatterCertificate authority, TlvReader reader, TlvReader otherReader)
    {
        reader.Init(_buffer, _issuerOffset, _issuerLength);
        otherReader.Init(authority._buffer, authority._subjectOffset, authority._subjectLength);
        if (!reader.Next() || !reader.Enter() || !otherReader.Next() || !otherReader.Enter())
        {
            return false;
        }

        while (true)
        {
            bool more = reader.Next();
            if (more != otherReader.Next() || reader.HasError || otherReader.HasError)
            {
                return false;
            }

            if (!more)
            {
                return true;
            }

            if (reader.Tag != otherReader.Tag || reader.Type != otherReader.Type)
            {
                return false;
            }

            if (reader.Type == TlvType.UnsignedInteger)
            {
                ulong a;
                ulong b;
                reader.TryGetUnsigned(out a);
                otherReader.TryGetUnsigned(out b);
                if (a != b)
                {
                    return false;
                }
            }
            else if (reader.ValueLength != otherReader.ValueLength
                || !Secrets.AreEqual(reader.Buffer, reader.ValueOffset, otherReader.Buffer, otherReader.ValueOffset, reader.ValueLength))
            {
                return false;
            }
        }
    }

    /// <summary>Forgets the bytes.</summary>
    public void Clear()
    {
        _buffer = null;
        _kind = CertificateKind.Unknown;
        _keyUsage = 0;
        _extendedKeyUsage = 0;
        _pathLength = -1;
        _isAuthority = false;
        _hasBasicConstraints = false;
        _hasExtendedKeyUsage = false;
        _subjectKeyOffset = -1;
        _authorityKeyOffset = -1;
        ClearName();
    }

    private static bool ReadTime(TlvReader reader, uint tag, out uint value)
    {
        value = 0;
        return reader.Expect(tag, TlvType.UnsignedInteger) && reader.TryGetUnsigned(0xffffffff, out value);
    }

    // The three algorithm fields know one value each.
    private static int ExpectOne(TlvReader reader, uint tag)
    {
        uint value;
        if (!reader.Expect(tag, TlvType.UnsignedInteger))
        {
            return CertificateStatus.Malformed;
        }

        return reader.TryGetUnsigned(1, out value) && value == 1 ? CertificateStatus.Ok : CertificateStatus.UnsupportedAlgorithm;
    }

    private static bool IsNodeId(ulong value)
    {
        return value >= 1 && value <= 0xffffffefffffffffUL;
    }

    private void ClearName()
    {
        _nodeId = 0;
        _fabricId = 0;
        _authorityId = 0;
        _cat0 = 0;
        _cat1 = 0;
        _cat2 = 0;
        _catCount = 0;
    }

    // Core 6.5.6.1 to 6.5.6.3: which attributes there are, how often, and what they make the certificate.
    private bool ReadName(TlvReader reader, int offset, int length)
    {
        ClearName();
        _kind = CertificateKind.Unknown;
        reader.Init(_buffer, offset, length);
        if (!reader.Next() || !reader.Enter())
        {
            return false;
        }

        int count = 0;
        int signer = CertificateKind.Unknown;
        while (reader.Next())
        {
            count++;
            if (reader.TagKind != TlvTag.KindContext || count > MaxNameAttributes)
            {
                return false;
            }

            uint tag = reader.Tag;
            if (tag < TagNodeId || tag >= 0x81)
            {
                uint plain = tag & 0x7f;
                if (plain < 1 || plain > 16 || reader.Type != TlvType.Utf8String || (tag >= 0x80 && plain == 16))
                {
                    return false;
                }

                continue;
            }

            ulong value;
            if (!reader.TryGetUnsigned(out value))
            {
                return false;
            }

            switch (tag)
            {
                case TagNodeId:
                    if (_nodeId != 0 || !IsNodeId(value))
                    {
                        return false;
                    }

                    _nodeId = value;
                    break;
                case TagFabricId:
                    if (_fabricId != 0 || value == 0)
                    {
                        return false;
                    }

                    _fabricId = value;
                    break;
                case TagCat:
                    if (!AddCat(value))
                    {
                        return false;
                    }

                    break;
                case TagRoot:
                case TagIntermediate:
                case TagFirmwareSigner:
                case TagVendorVerificationSigner:
                    if (signer != CertificateKind.Unknown)
                    {
                        return false;
                    }

                    signer = tag == TagRoot ? CertificateKind.Root
                        : tag == TagIntermediate ? CertificateKind.Intermediate
                        : tag == TagFirmwareSigner ? CertificateKind.FirmwareSigner
                        : CertificateKind.VendorVerificationSigner;
                    _authorityId = value;
                    break;
                default:
                    return false;
            }
        }

        if (reader.HasError)
        {
            return false;
        }

        if (signer != CertificateKind.Unknown)
        {
            _kind = signer;
            return _nodeId == 0 && _catCount == 0;
        }

        if (_nodeId == 0 || _fabricId == 0)
        {
            return false;
        }

        _kind = CertificateKind.Node;
        return true;
    }

    // Core 6.6.2.1.2: identifier in the upper half, version (never 0) in the lower; an identifier once.
    private bool AddCat(ulong value)
    {
        if (value > 0xffffffff || (value & 0xffff) == 0)
        {
            return false;
        }

        uint cat = (uint)value;
        if (_catCount == 0)
        {
            _cat0 = cat;
        }
        else if (_catCount == 1 && (_cat0 >> 16) != (cat >> 16))
        {
            _cat1 = cat;
        }
        else if (_catCount == 2 && (_cat0 >> 16) != (cat >> 16) && (_cat1 >> 16) != (cat >> 16))
        {
            _cat2 = cat;
        }
        else
        {
            return false;
        }

        _catCount++;
        return true;
    }

    private int ReadExtensions(TlvReader reader)
    {
        reader.Init(_buffer, _extensionsOffset, _extensionsLength);
        if (!reader.Next() || !reader.Enter())
        {
            return CertificateStatus.Malformed;
        }

        bool hasKeyUsage = false;
        while (reader.Next())
        {
            uint value;
            switch (reader.Tag)
            {
                case 1:
                    if (_hasBasicConstraints || !ReadBasicConstraints(reader))
                    {
                        return CertificateStatus.BadExtension;
                    }

                    break;
                case 2:
                    if (hasKeyUsage || !reader.TryGetUnsigned(KeyUsage.All, out value) || value == 0)
                    {
                        return CertificateStatus.BadExtension;
                    }

                    hasKeyUsage = true;
                    _keyUsage = (int)value;
                    break;
                case 3:
                    if (_hasExtendedKeyUsage || !ReadExtendedKeyUsage(reader))
                    {
                        return CertificateStatus.BadExtension;
                    }

                    break;
                case 4:
                    if (_subjectKeyOffset >= 0 || !reader.IsBytes(20))
                    {
                        return CertificateStatus.BadExtension;
                    }

                    _subjectKeyOffset = reader.ValueOffset;
                    break;
                case 5:
                    if (_authorityKeyOffset >= 0 || !reader.IsBytes(20))
                    {
                        return CertificateStatus.BadExtension;
                    }

                    _authorityKeyOffset = reader.ValueOffset;
                    break;
                case 6:
                    // A future extension is DER already; one marked critical cannot be obeyed (RFC 5280 4.2).
                    if (reader.Type != TlvType.ByteString || !IsPlainExtension(reader.ValueOffset, reader.ValueLength))
                    {
                        return CertificateStatus.BadExtension;
                    }

                    break;
                default:
                    return CertificateStatus.BadExtension;
            }
        }

        if (reader.HasError)
        {
            return CertificateStatus.Malformed;
        }

        return HasRightExtensions() ? CertificateStatus.Ok : CertificateStatus.BadExtension;
    }

    // Core 6.5.11, what each kind of the operational chain must say.
    private bool HasRightExtensions()
    {
        if (_kind != CertificateKind.Root && _kind != CertificateKind.Intermediate && _kind != CertificateKind.Node)
        {
            return true;
        }

        if (!_hasBasicConstraints || _subjectKeyOffset < 0 || _authorityKeyOffset < 0)
        {
            return false;
        }

        if (_kind == CertificateKind.Node)
        {
            // Server and client authentication.
            return !_isAuthority && _pathLength < 0 && (_keyUsage & KeyUsage.DigitalSignature) != 0 && (_keyUsage & KeyUsage.KeyCertSign) == 0
                && (_extendedKeyUsage & 0x06) == 0x06;
        }

        return _isAuthority && (_keyUsage & KeyUsage.KeyCertSign) != 0;
    }

    private bool ReadBasicConstraints(TlvReader reader)
    {
        _hasBasicConstraints = true;
        if (reader.Type != TlvType.Structure || !reader.Enter() || !reader.Expect(1, TlvType.Boolean) || !reader.TryGetBoolean(out _isAuthority))
        {
            return false;
        }

        if (reader.Next())
        {
            uint value;
            if (reader.Tag != 2 || !reader.TryGetUnsigned(0xff, out value) || !_isAuthority || reader.Next())
            {
                return false;
            }

            _pathLength = (int)value;
        }

        return reader.Exit();
    }

    private bool ReadExtendedKeyUsage(TlvReader reader)
    {
        _hasExtendedKeyUsage = true;
        if (reader.Type != TlvType.Array || !reader.Enter())
        {
            return false;
        }

        while (reader.Next())
        {
            uint value;
            if (!reader.TryGetUnsigned(6, out value) || value == 0)
            {
                return false;
            }

            _extendedKeyUsage |= 1 << (int)value;
        }

        return reader.Exit() && _extendedKeyUsage != 0;
    }

    // Extension ::= SEQUENCE { OBJECT IDENTIFIER, BOOLEAN DEFAULT FALSE, OCTET STRING }, with short lengths or one length byte.
    private bool IsPlainExtension(int at, int length)
    {
        int end = at + length;
        if (length < 7 || _buffer[at] != DerWriter.Sequence)
        {
            return false;
        }

        int head = _buffer[at + 1] < 0x80 ? 2 : _buffer[at + 1] == 0x81 ? 3 : _buffer[at + 1] == 0x82 ? 4 : 0;
        int content = head == 2 ? _buffer[at + 1] : head == 3 ? _buffer[at + 2] : head == 4 ? ByteOrder.ReadUInt16BigEndian(_buffer, at + 2) : -1;
        if (content < 0 || head + content != length || _buffer[at + head] != DerWriter.ObjectIdentifier)
        {
            return false;
        }

        int next = at + head + 2 + _buffer[at + head + 1];
        return next + 2 <= end && _buffer[next] == DerWriter.OctetString;
    }

    private void WriteBody(TlvReader reader, DerWriter writer)
    {
        int body = writer.Start(DerWriter.Sequence);

        // [0] version 3.
        writer.PutLiteral(0xa003020102UL, 5);
        // Some issuers leave out the zero in front of a number whose first byte is 0x80 or more.
        writer.PutUnsignedInteger(_buffer, _serialOffset, _serialLength);
        writer.PutEcdsaWithSha256();
        WriteName(reader, writer, _issuerOffset, _issuerLength);
        int validity = writer.Start(DerWriter.Sequence);
        DerTime.Write(writer, _notBefore);
        if (_notAfter == 0)
        {
            DerTime.WriteNoExpiry(writer);
        }
        else
        {
            DerTime.Write(writer, _notAfter);
        }

        writer.End(validity);
        WriteName(reader, writer, _subjectOffset, _subjectLength);
        writer.PutP256PublicKey(_buffer, _publicKeyOffset);
        int outer = writer.Start(0xa3);
        int list = writer.Start(DerWriter.Sequence);
        WriteExtensions(reader, writer);
        writer.End(list);
        writer.End(outer);
        writer.End(body);
    }

    private void WriteName(TlvReader reader, DerWriter writer, int offset, int length)
    {
        reader.Init(_buffer, offset, length);
        int name = writer.Start(DerWriter.Sequence);
        if (reader.Next() && reader.Enter())
        {
            while (reader.Next())
            {
                int set = writer.Start(DerWriter.Set);
                int pair = writer.Start(DerWriter.Sequence);
                int tag = (int)reader.Tag;
                int oid = writer.Start(DerWriter.ObjectIdentifier);
                if (reader.Type == TlvType.UnsignedInteger)
                {
                    // 1.3.6.1.4.1.37244.1.x; the number as text, 8 digits for a tag and 16 for all others.
                    writer.PutLiteral(0x2b0601040182a27cUL, 8);
                    writer.PutByte(1);
                    writer.PutByte(tag - TagNodeId + 1);
                    writer.End(oid);
                    ulong value;
                    reader.TryGetUnsigned(out value);
                    int text = writer.Start(DerWriter.Utf8String);
                    for (int shift = tag == TagCat ? 28 : 60; shift >= 0; shift -= 4)
                    {
                        int digit = (int)(uint)((value >> shift) & 15);
                        writer.PutByte(digit < 10 ? '0' + digit : 'A' + digit - 10);
                    }

                    writer.End(text);
                }
                else
                {
                    int plain = tag & 0x7f;
                    if (plain == 16)
                    {
                        // 0.9.2342.19200300.100.1.25.
                        writer.PutLiteral(0x0992268993f22c64UL, 8);
                        writer.PutLiteral(0x0119, 2);
                    }
                    else
                    {
                        writer.PutLiteral(0x5504, 2);
                        writer.PutByte(StandardAttribute(plain));
                    }

                    writer.End(oid);
                    int type = plain == 16 ? DerWriter.Ia5String : tag >= 0x80 ? DerWriter.PrintableString : DerWriter.Utf8String;
                    writer.PutElement(type, _buffer, reader.ValueOffset, reader.ValueLength);
                }

                writer.End(pair);
                writer.End(set);
            }
        }

        writer.End(name);
    }

    // Last arc of 2.5.4.x for the standard attributes in the order of Core 6.5.6, table "Standard DN".
    private static int StandardAttribute(int tag)
    {
        switch (tag)
        {
            case 1:
            case 2:
            case 3:
            case 4:
            case 5:
            case 6:
                return tag + 2;
            case 7:
            case 8:
            case 9:
                return tag + 3;
            case 10:
            case 11:
            case 12:
            case 13:
                return tag + 31;
            case 14:
                return 46;
            default:
                return 65;
        }
    }

    private void WriteExtensions(TlvReader reader, DerWriter writer)
    {
        reader.Init(_buffer, _extensionsOffset, _extensionsLength);
        if (!reader.Next() || !reader.Enter())
        {
            return;
        }

        while (reader.Next())
        {
            int tag = (int)reader.Tag;
            if (tag == 6)
            {
                writer.PutBytes(_buffer, reader.ValueOffset, reader.ValueLength);
                continue;
            }

            int extension = writer.Start(DerWriter.Sequence);
            writer.PutObjectIdentifier(tag == 1 ? 0x551d13UL : tag == 2 ? 0x551d0fUL : tag == 3 ? 0x551d25UL : tag == 4 ? 0x551d0eUL : 0x551d23UL, 3);
            if (tag <= 3)
            {
                // Critical.
                writer.PutLiteral(0x0101ff, 3);
            }

            int value = writer.Start(DerWriter.OctetString);
            switch (tag)
            {
                case 1:
                    int constraints = writer.Start(DerWriter.Sequence);
                    if (_isAuthority)
                    {
                        writer.PutLiteral(0x0101ff, 3);
                        if (_pathLength >= 0)
                        {
                            int number = writer.Start(DerWriter.Integer);
                            if (_pathLength >= 0x80)
                            {
                                writer.PutByte(0);
                            }

                            writer.PutByte(_pathLength);
                            writer.End(number);
                        }
                    }

                    writer.End(constraints);
                    break;
                case 2:
                    WriteKeyUsage(writer);
                    break;
                case 3:
                    WriteExtendedKeyUsage(reader, writer);
                    break;
                case 4:
                    writer.PutElement(DerWriter.OctetString, _buffer, _subjectKeyOffset, 20);
                    break;
                default:
                    int identifier = writer.Start(DerWriter.Sequence);
                    writer.PutElement(0x80, _buffer, _authorityKeyOffset, 20);
                    writer.End(identifier);
                    break;
            }

            writer.End(value);
            writer.End(extension);
        }
    }

    // Matter counts bits from the lowest, DER from the highest, and DER cuts trailing zeros.
    private void WriteKeyUsage(DerWriter writer)
    {
        int bits = 0;
        int highest = 0;
        for (int i = 0; i < 9; i++)
        {
            if ((_keyUsage & (1 << i)) != 0)
            {
                bits |= 0x8000 >> i;
                highest = i;
            }
        }

        int mark = writer.Start(DerWriter.BitString);
        writer.PutByte(7 - (highest & 7));
        writer.PutByte(bits >> 8);
        if (highest == 8)
        {
            writer.PutByte(bits & 0xff);
        }

        writer.End(mark);
    }

    private static void WriteExtendedKeyUsage(TlvReader reader, DerWriter writer)
    {
        int mark = writer.Start(DerWriter.Sequence);
        if (reader.Enter())
        {
            while (reader.Next())
            {
                // 1.3.6.1.5.5.7.3.x: server, client, code signing, e-mail, then time stamping 8 and OCSP signing 9.
                uint purpose;
                reader.TryGetUnsigned(6, out purpose);
                writer.PutObjectIdentifier(0x2b06010505070300UL | (purpose <= 4 ? purpose : purpose + 3), 8);
            }

            reader.Exit();
        }

        writer.End(mark);
    }
}
