using System;
using MatterNano.Crypto;
using MatterNano.Platform;
using MatterNano.Sessions;

namespace MatterNano.Credentials;

/// <summary>The fabrics of this node (Core 6.4.5, 11.18): fixed slots in RAM, records in flash, and what a fail-safe may still undo.</summary>
/// <remarks>
/// Records of fabric N: "fab.N" (identifiers, keys, label; its presence makes the fabric real), "fab.N.r" root, "fab.N.n0"/"fab.N.n1"
/// node and "fab.N.i0"/"fab.N.i1" intermediate certificate (the digit is the generation that "fab.N" names), "fab.N.p" a prepared
/// "fab.N", "fab.N.k" chains known as verified; "fab.last" the index given last. Certificates are written before the record that
/// names them and deleted after it, so a power cut leaves the old fabric, the new one, or certificates without owner, which
/// <see cref="Load"/> deletes.
/// </remarks>
public sealed class FabricTable : IFabrics
{
    /// <summary>Most calls of <see cref="TryDestination"/>.</summary>
    public const int DestinationAttempts = Limits.Fabrics * Fabric.MaxIdentityProtectionKeys;

    /// <summary>Result: the flash refused.</summary>
    public const int StorageFailed = -1;

    /// <summary>Counter: records dropped because they were damaged.</summary>
    public const int CounterDropped = 0;

    /// <summary>Counter: writes and deletions that the flash refused.</summary>
    public const int CounterRefused = 1;

    private const int MaxIndex = 254;

    internal const int ScratchLength = 256;

    private readonly IFlash _flash;
    private readonly FabricKeys _names;
    private readonly GroupKeyDerivation _derivation;
    private readonly Fabric[] _slots;

    // Records on their way, and what keys are derived from, between two calls nothing.
    private readonly byte[] _record;
    private IFabricListener[] _listeners;

    // Private and public key of the CSR; null without one.
    private byte[] _pendingKey;
    private uint _dropped;
    private uint _refused;
    private int _lastIndex;
    private Fabric _pending;
    private bool _pendingIsUpdate;
    private bool _csrIsForUpdate;
    private int _pendingRootIndex;

    /// <summary>Makes an empty table; <see cref="Load"/> fills it.</summary>
    /// <param name="flash">Where the records are.</param>
    /// <param name="crypto">For the derivations; used on the loop only.</param>
    public FabricTable(IFlash flash, SymmetricCrypto crypto)
    {
        _flash = flash;
        _record = new byte[ScratchLength];
        _names = new FabricKeys(crypto, _record);
        _derivation = new GroupKeyDerivation(crypto, _record);
        _slots = new Fabric[Limits.Fabrics];
        for (int i = 0; i < Limits.Fabrics; i++)
        {
            _slots[i] = new Fabric();
        }

        _listeners = new IFabricListener[0];
    }

    // Room of ScratchLength bytes for whoever needs it during one call on the loop, in which no fabric or key is asked for.
    internal byte[] Scratch
    {
        get { return _record; }
    }

    // For the loop only.
    internal GroupKeyDerivation Derivation
    {
        get { return _derivation; }
    }

    /// <summary>Fabrics there are, a provisional one included.</summary>
    public int Count
    {
        get
        {
            int count = 0;
            for (int i = 0; i < Limits.Fabrics; i++)
            {
                if (_slots[i].FabricIndex != 0)
                {
                    count++;
                }
            }

            return count;
        }
    }

    /// <summary>Slots, used or not: <see cref="Limits.Fabrics"/>.</summary>
    public int Capacity
    {
        get { return Limits.Fabrics; }
    }

    /// <summary>The fabric that AddNOC or UpdateNOC changed and that is not committed; null when there is none.</summary>
    public Fabric Pending
    {
        get { return _pending; }
    }

    /// <summary>True when <see cref="Pending"/> is there because of UpdateNOC.</summary>
    public bool IsPendingUpdate
    {
        get { return _pending != null && _pendingIsUpdate; }
    }

    /// <summary>True after AddTrustedRoot until commit or revert.</summary>
    public bool HasPendingRoot
    {
        get { return _pendingRootIndex != 0; }
    }

    /// <summary>True after a CSR until its key was used, or commit or revert.</summary>
    public bool HasPendingCsr
    {
        get { return _pendingKey != null; }
    }

    /// <summary>True when the pending CSR was asked for UpdateNOC.</summary>
    public bool IsPendingCsrForUpdate
    {
        get { return _csrIsForUpdate; }
    }

    /// <summary>A counter.</summary>
    /// <param name="counter">One of the Counter constants.</param>
    public uint GetCounter(int counter)
    {
        return counter == CounterDropped ? _dropped : _refused;
    }

    /// <summary>Adds someone who is told of changes. Listeners are told in this order, on the loop.</summary>
    /// <exception cref="InvalidOperationException">There are eight already.</exception>
    public void AddListener(IFabricListener listener)
    {
        IFabricListener[] listeners = new IFabricListener[_listeners.Length + 1];
        Array.Copy(_listeners, listeners, _listeners.Length);
        listeners[_listeners.Length] = listener;
        _listeners = listeners;
    }

    /// <summary>Reads the fabrics at start. Drops and counts damaged records, deletes what a power cut left without owner.</summary>
    /// <remarks>
    /// A commit that was prepared and not finished comes back as <see cref="Pending"/>: the owner of the fail-safe marker
    /// then calls <see cref="Commit"/> (no marker) or <see cref="Revert"/>. Listeners are not told.
    /// </remarks>
    /// <returns>The number of fabrics.</returns>
    public int Load()
    {
        ForgetPending();
        for (int i = 0; i < Limits.Fabrics; i++)
        {
            _slots[i].Clear();
        }

        string[] names = _flash.List();
        byte[] certificate = new byte[Limits.MaxCertificate];
        for (int i = 0; i < names.Length; i++)
        {
            int index = ParseName(names[i]);
            if (index > 0 && names[i] == Name(index, string.Empty))
            {
                LoadFabric(index, names[i], certificate);
            }
        }

        for (int i = 0; i < names.Length; i++)
        {
            int index = ParseName(names[i]);
            if (index > 0 && names[i] == Name(index, ".p"))
            {
                LoadPrepared(index, names[i], certificate);
            }
        }

        _lastIndex = 0;
        for (int i = 0; i < Limits.Fabrics; i++)
        {
            if (_slots[i].FabricIndex > _lastIndex)
            {
                _lastIndex = _slots[i].FabricIndex;
            }
        }

        int length = _flash.Read("fab.last", _record, 0, 2);
        if (length == 2 && (_record[0] ^ _record[1]) == 0xff && _record[0] >= 1 && _record[0] <= MaxIndex)
        {
            _lastIndex = _record[0];
        }

        for (int i = 0; i < names.Length; i++)
        {
            int index = ParseName(names[i]);
            if (index > 0 && !IsOwned(index, names[i]))
            {
                Delete(names[i]);
            }
        }

        Secrets.Wipe(_record);
        return Count;
    }

    /// <summary>The fabric in a slot.</summary>
    /// <param name="slot">0 to <see cref="Capacity"/> - 1.</param>
    /// <returns>Null when the slot is empty.</returns>
    public Fabric GetSlot(int slot)
    {
        Fabric fabric = _slots[slot];
        return fabric.FabricIndex == 0 ? null : fabric;
    }

    /// <summary>The fabric with an index.</summary>
    /// <returns>Null when there is none.</returns>
    public Fabric Find(int fabricIndex)
    {
        if (fabricIndex <= 0)
        {
            return null;
        }

        for (int i = 0; i < Limits.Fabrics; i++)
        {
            if (_slots[i].FabricIndex == fabricIndex)
            {
                return _slots[i];
            }
        }

        return null;
    }

    /// <summary>The fabric with a root public key and fabric identifier: the pair that makes a fabric unique (Core 2.5.1).</summary>
    /// <returns>Null when there is none.</returns>
    public Fabric Find(byte[] rootPublicKey, int offset, ulong fabricId)
    {
        for (int i = 0; i < Limits.Fabrics; i++)
        {
            Fabric fabric = _slots[i];
            if (fabric.FabricIndex != 0 && fabric.Id == fabricId && Secrets.AreEqual(fabric.Data, Fabric.RootPublicKeyOffset, rootPublicKey, offset, 65))
            {
                return fabric;
            }
        }

        return null;
    }

    /// <summary>Tries the next identity protection key on a Sigma1's destination identifier (Core 4.14.2.4): each of every fabric, one a call.</summary>
    /// <param name="attempt">0 first; moved on. At <see cref="DestinationAttempts"/> every key was tried.</param>
    /// <param name="random">Initiator random, 32 bytes.</param>
    /// <param name="randomOffset">Their first.</param>
    /// <param name="destination">Destination identifier, 32 bytes.</param>
    /// <param name="destinationOffset">Their first.</param>
    /// <param name="keyOffset">Where the key that fitted is in the fabric's <see cref="Fabric.Data"/>.</param>
    /// <returns>Null when it is not meant for that fabric, or the fabric is being removed.</returns>
    public Fabric TryDestination(ref int attempt, byte[] random, int randomOffset, byte[] destination, int destinationOffset, out int keyOffset)
    {
        keyOffset = 0;
        while (attempt < DestinationAttempts)
        {
            Fabric fabric = GetSlot(attempt / Fabric.MaxIdentityProtectionKeys);
            int key = attempt % Fabric.MaxIdentityProtectionKeys;
            attempt++;
            if (fabric != null && !fabric.Removing && key < fabric.KeyCount)
            {
                keyOffset = Fabric.IdentityProtectionKeysOffset + (16 * key);
                _names.ComputeDestinationId(fabric.Data, keyOffset, random, randomOffset, fabric.Data, Fabric.RootPublicKeyOffset, fabric.Id, fabric.Node, _record, FabricKeys.MessageLength);
                return Secrets.AreEqual(_record, FabricKeys.MessageLength, destination, destinationOffset, FabricKeys.DestinationIdLength) ? fabric : null;
            }
        }

        return null;
    }

    /// <summary>Destination identifier of a peer on a fabric, for a Sigma1 of ours (Core 4.14.2.4).</summary>
    /// <param name="fabric">The fabric; its first identity protection key is taken.</param>
    /// <param name="random">Initiator random, 32 bytes.</param>
    /// <param name="randomOffset">Their first.</param>
    /// <param name="nodeId">The peer.</param>
    /// <param name="destination">Receives 32 bytes.</param>
    /// <param name="destinationOffset">Their first.</param>
    public void ComputeDestination(Fabric fabric, byte[] random, int randomOffset, ulong nodeId, byte[] destination, int destinationOffset)
    {
        _names.ComputeDestinationId(
            fabric.Data, Fabric.IdentityProtectionKeysOffset, random, randomOffset, fabric.Data, Fabric.RootPublicKeyOffset, fabric.Id, nodeId, destination, destinationOffset);
    }

    /// <summary>True when the fabric exists and is not being removed.</summary>
    public bool ContainsFabric(int fabricIndex)
    {
        Fabric fabric = Find(fabricIndex);
        return fabric != null && !fabric.Removing;
    }

    /// <summary>The fabric's object, or null.</summary>
    public object FindFabric(int fabricIndex)
    {
        return Find(fabricIndex);
    }

    /// <summary>Our operational node identifier on the fabric; 0 when there is no such fabric.</summary>
    public ulong GetNodeId(int fabricIndex)
    {
        Fabric fabric = Find(fabricIndex);
        return fabric == null ? 0 : fabric.Node;
    }

    /// <summary>Writes the compressed fabric identifier, 8 bytes most significant first.</summary>
    /// <returns>False when there is no such fabric.</returns>
    public bool GetCompressedFabricId(int fabricIndex, byte[] buffer, int offset)
    {
        Fabric fabric = Find(fabricIndex);
        if (fabric == null)
        {
            return false;
        }

        Array.Copy(fabric.Data, Fabric.CompressedIdOffset, buffer, offset, FabricKeys.CompressedIdLength);
        return true;
    }

    /// <summary>Reads a certificate of a fabric in Matter TLV.</summary>
    /// <param name="fabric">The fabric.</param>
    /// <param name="kind">Root, Intermediate or Node of <see cref="CertificateKind"/>.</param>
    /// <param name="buffer">Where to.</param>
    /// <param name="offset">Index of the first byte.</param>
    /// <param name="capacity">Bytes there; <see cref="Limits.MaxCertificate"/> is always enough.</param>
    /// <returns>Its length; 0 when the fabric has no intermediate; -1 when it cannot be read.</returns>
    public int ReadCertificate(Fabric fabric, int kind, byte[] buffer, int offset, int capacity)
    {
        int length = _flash.Read(CertificateName(fabric.FabricIndex, kind, fabric.Generation), buffer, offset, capacity);
        if (length == -1 && kind == CertificateKind.Intermediate)
        {
            return 0;
        }

        return length < 0 ? -1 : length;
    }

    /// <summary>Reads the root that AddTrustedRoot added and no fabric uses yet.</summary>
    /// <returns>Its length; -1 when there is none.</returns>
    public int ReadPendingRoot(byte[] buffer, int offset, int capacity)
    {
        if (_pendingRootIndex == 0)
        {
            return -1;
        }

        int length = _flash.Read(CertificateName(_pendingRootIndex, CertificateKind.Root, 0), buffer, offset, capacity);
        return length < 0 ? -1 : length;
    }

    /// <summary>Makes an operational key pair and its request (CSRRequest). The key stays in RAM until commit. Slow on a chip; may run on the worker.</summary>
    /// <param name="random">Randomness.</param>
    /// <param name="forUpdate">IsForUpdateNOC of the command.</param>
    /// <param name="buffer">Where the request goes.</param>
    /// <param name="offset">Index of the first byte.</param>
    /// <param name="capacity">Bytes there; <see cref="Csr.MaxLength"/> is enough.</param>
    /// <returns>Length of the request; -1 when it does not fit, with no key kept.</returns>
    public int CreateCsr(IRandom random, bool forUpdate, byte[] buffer, int offset, int capacity)
    {
        ForgetCsr();
        byte[] key = new byte[32 + 65];
        P256.GenerateKeyPair(random, key, 0, key, 32);
        int length = Csr.Write(random, key, 0, key, 32, buffer, offset, capacity);
        if (length < 0)
        {
            Secrets.Wipe(key);
            return -1;
        }

        _pendingKey = key;

        _csrIsForUpdate = forUpdate;
        return length;
    }

    /// <summary>Keeps a root certificate for the AddNOC to come. The caller has verified it and seen that none is pending.</summary>
    /// <returns>False when the flash refused.</returns>
    public bool AddTrustedRoot(byte[] root, int offset, int length)
    {
        int index = NextIndex();
        if (!Write(CertificateName(index, CertificateKind.Root, 0), root, offset, length))
        {
            return false;
        }

        _pendingRootIndex = index;
        return true;
    }

    /// <summary>Adds a fabric (AddNOC), provisional until <see cref="Commit"/>.</summary>
    /// <param name="chain">Loaded with the pending root and these certificates, its signatures verified.</param>
    /// <param name="node">The NOC.</param>
    /// <param name="nodeOffset">Its first byte.</param>
    /// <param name="nodeLength">Its length.</param>
    /// <param name="intermediate">The ICAC; not used when its length is 0.</param>
    /// <param name="intermediateOffset">Its first byte.</param>
    /// <param name="intermediateLength">Its length; 0 for none.</param>
    /// <param name="epochKey">IPKValue: 16 bytes, epoch key 0 of key set 0.</param>
    /// <param name="epochKeyOffset">Their first.</param>
    /// <param name="vendorId">AdminVendorId.</param>
    /// <param name="fabric">The fabric on success, or the one it conflicts with.</param>
    /// <returns>One of <see cref="NodeOperationalCertStatus"/>, or <see cref="StorageFailed"/>.</returns>
    public int AddNoc(CertificateChain chain, byte[] node, int nodeOffset, int nodeLength, byte[] intermediate, int intermediateOffset, int intermediateLength, byte[] epochKey, int epochKeyOffset, int vendorId, out Fabric fabric)
    {
        fabric = null;
        if (_pendingKey == null || _csrIsForUpdate)
        {
            return NodeOperationalCertStatus.MissingCsr;
        }

        if (_pendingRootIndex == 0 || _pending != null)
        {
            return NodeOperationalCertStatus.InvalidNoc;
        }

        if (!chain.IsNodeKey(_pendingKey, 32))
        {
            return NodeOperationalCertStatus.InvalidPublicKey;
        }

        fabric = Find(chain.Root.Buffer, chain.Root.PublicKeyOffset, chain.Node.FabricId);
        if (fabric != null)
        {
            return NodeOperationalCertStatus.FabricConflict;
        }

        Fabric slot = null;
        for (int i = 0; i < Limits.Fabrics && slot == null; i++)
        {
            if (_slots[i].FabricIndex == 0)
            {
                slot = _slots[i];
            }
        }

        if (slot == null)
        {
            return NodeOperationalCertStatus.TableFull;
        }

        int index = _pendingRootIndex;
        if (!WriteCertificates(index, 0, node, nodeOffset, nodeLength, intermediate, intermediateOffset, intermediateLength))
        {
            DeleteCertificates(index, 0);
            return StorageFailed;
        }

        slot.Clear();
        slot.FabricIndex = index;
        slot.Provisional = true;
        slot.Id = chain.Node.FabricId;
        slot.Node = chain.Node.NodeId;
        slot.Vendor = vendorId;
        Array.Copy(chain.Root.Buffer, chain.Root.PublicKeyOffset, slot.Data, Fabric.RootPublicKeyOffset, 65);
        _names.DeriveCompressedId(slot.Data, Fabric.RootPublicKeyOffset, slot.Id, slot.Data, Fabric.CompressedIdOffset);
        SetKeys(slot, epochKey, epochKeyOffset, 1);
        UseCsrKey(slot);
        _pending = slot;
        _pendingIsUpdate = false;
        fabric = slot;
        for (int i = 0; i < _listeners.Length; i++)
        {
            _listeners[i].OnFabricAdded(slot);
        }

        return NodeOperationalCertStatus.Ok;
    }

    /// <summary>Replaces our certificates and key on a fabric (UpdateNOC), provisional until <see cref="Commit"/>.</summary>
    /// <param name="fabric">The fabric of the session.</param>
    /// <param name="chain">Loaded with that fabric's root and these certificates, its signatures verified.</param>
    /// <param name="node">The NOC.</param>
    /// <param name="nodeOffset">Its first byte.</param>
    /// <param name="nodeLength">Its length.</param>
    /// <param name="intermediate">The ICAC; not used when its length is 0.</param>
    /// <param name="intermediateOffset">Its first byte.</param>
    /// <param name="intermediateLength">Its length; 0 for none.</param>
    /// <returns>One of <see cref="NodeOperationalCertStatus"/>, or <see cref="StorageFailed"/>.</returns>
    public int UpdateNoc(Fabric fabric, CertificateChain chain, byte[] node, int nodeOffset, int nodeLength, byte[] intermediate, int intermediateOffset, int intermediateLength)
    {
        if (_pendingKey == null || !_csrIsForUpdate)
        {
            return NodeOperationalCertStatus.MissingCsr;
        }

        if (!chain.IsNodeKey(_pendingKey, 32))
        {
            return NodeOperationalCertStatus.InvalidPublicKey;
        }

        if (_pending != null || chain.Node.FabricId != fabric.Id
            || !Secrets.AreEqual(fabric.Data, Fabric.RootPublicKeyOffset, chain.Root.Buffer, chain.Root.PublicKeyOffset, 65))
        {
            return NodeOperationalCertStatus.InvalidNoc;
        }

        int generation = fabric.Generation ^ 1;
        if (!WriteCertificates(fabric.FabricIndex, generation, node, nodeOffset, nodeLength, intermediate, intermediateOffset, intermediateLength))
        {
            DeleteCertificates(fabric.FabricIndex, generation);
            return StorageFailed;
        }

        fabric.Generation = generation;
        fabric.Node = chain.Node.NodeId;
        UseCsrKey(fabric);
        _pending = fabric;
        _pendingIsUpdate = true;
        TellUpdated(fabric);
        return NodeOperationalCertStatus.Ok;
    }

    /// <summary>Writes the pending fabric beside its record, so that <see cref="Commit"/> can be repeated after a power cut. Not needed for a commit in one step.</summary>
    /// <returns>False when the flash refused.</returns>
    public bool PrepareCommit()
    {
        return _pending == null || WriteFabric(_pending, ".p");
    }

    /// <summary>Makes the pending fabric durable: one atomic write. Forgets an unused CSR key and root.</summary>
    /// <returns>False when the flash refused; the fabric is then still pending.</returns>
    public bool Commit()
    {
        Fabric fabric = _pending;
        if (fabric == null)
        {
            DropPendingCredentials();
            return true;
        }

        if (!_pendingIsUpdate)
        {
            WriteLastIndex(fabric.FabricIndex);
        }

        if (!WriteFabric(fabric, string.Empty))
        {
            return false;
        }

        _pending = null;
        _pendingRootIndex = 0;
        fabric.Provisional = false;
        Delete(Name(fabric.FabricIndex, ".p"));
        if (_pendingIsUpdate)
        {
            DeleteCertificates(fabric.FabricIndex, fabric.Generation ^ 1);
        }

        DropPendingCredentials();
        for (int i = 0; i < _listeners.Length; i++)
        {
            _listeners[i].OnFabricCommitted(fabric);
        }

        return true;
    }

    /// <summary>Undoes what was not committed: the added fabric goes, the updated one is as it was. Forgets CSR key and root.</summary>
    public void Revert()
    {
        Fabric fabric = _pending;
        if (fabric != null)
        {
            _pending = null;
            if (!_pendingIsUpdate)
            {
                _pendingRootIndex = 0;
                Erase(fabric);
            }
            else
            {
                Delete(Name(fabric.FabricIndex, ".p"));
                int generation = fabric.Generation;
                int length = _flash.Read(Name(fabric.FabricIndex, string.Empty), _record, 0, Fabric.RecordLength);
                if (length == Fabric.RecordLength && fabric.ReadRecord(_record, length))
                {
                    Secrets.Wipe(_record);
                    DeleteCertificates(fabric.FabricIndex, generation);
                    TellUpdated(fabric);
                }
                else
                {
                    // Its record was damaged meanwhile: without the old key there is no fabric left.
                    _dropped++;
                    Erase(fabric);
                }
            }
        }

        DropPendingCredentials();
    }

    /// <summary>Forgets a CSR key and a root that no fabric uses; leaves a pending fabric alone.</summary>
    public void DropPendingCredentials()
    {
        ForgetCsr();
        if (_pendingRootIndex != 0 && _pending == null)
        {
            Delete(CertificateName(_pendingRootIndex, CertificateKind.Root, 0));
            _pendingRootIndex = 0;
        }
    }

    /// <summary>Removes a fabric and all its records (RemoveFabric).</summary>
    /// <returns>False when there is no such fabric.</returns>
    public bool Remove(int fabricIndex)
    {
        Fabric fabric = Find(fabricIndex);
        if (fabric == null)
        {
            return false;
        }

        if (fabric == _pending)
        {
            _pending = null;
            if (!_pendingIsUpdate)
            {
                _pendingRootIndex = 0;
            }
        }

        Erase(fabric);
        return true;
    }

    /// <summary>Sets the label (UpdateFabricLabel). It holds at once, also while a certificate update is pending.</summary>
    /// <param name="fabric">The fabric.</param>
    /// <param name="label">32 bytes of UTF-8 at most; the caller has checked that.</param>
    /// <returns>One of <see cref="NodeOperationalCertStatus"/>, or <see cref="StorageFailed"/>.</returns>
    /// <exception cref="ArgumentException">The label is too long.</exception>
    public int SetLabel(Fabric fabric, string label)
    {
        if (Tlv.Utf8.GetByteCount(label) > Fabric.MaxLabelLength)
        {
            throw new ArgumentException();
        }

        for (int i = 0; i < Limits.Fabrics; i++)
        {
            if (_slots[i] != fabric && _slots[i].FabricIndex != 0 && label.Length > 0 && _slots[i].Name == label)
            {
                return NodeOperationalCertStatus.LabelConflict;
            }
        }

        if (fabric.Name == label)
        {
            return NodeOperationalCertStatus.Ok;
        }

        string old = fabric.Name;
        fabric.Name = label;
        if (!Patch(fabric))
        {
            fabric.Name = old;
            return StorageFailed;
        }

        return NodeOperationalCertStatus.Ok;
    }

    /// <summary>Sets the identity protection keys from the epoch keys of key set 0 (KeySetWrite). Holds at once.</summary>
    /// <param name="fabric">The fabric.</param>
    /// <param name="epochKeys">16 bytes each, one behind the other.</param>
    /// <param name="offset">Their first byte.</param>
    /// <param name="count">1 to 3.</param>
    /// <returns>False when the flash refused; the keys in RAM are then the new ones until a restart.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is not 1 to 3.</exception>
    public bool SetIdentityProtectionKeys(Fabric fabric, byte[] epochKeys, int offset, int count)
    {
        if (count < 1 || count > Fabric.MaxIdentityProtectionKeys)
        {
            throw new ArgumentOutOfRangeException();
        }

        SetKeys(fabric, epochKeys, offset, count);
        return Patch(fabric);
    }

    /// <summary>True when a peer's chain was verified before, so that its signatures need not be verified again.</summary>
    /// <param name="fabric">The fabric whose root it ends in.</param>
    /// <param name="fingerprint">32 bytes of <see cref="CertificateChain.GetFingerprint"/>.</param>
    /// <param name="offset">Their first.</param>
    public bool IsKnownChain(Fabric fabric, byte[] fingerprint, int offset)
    {
        for (int i = ReadKnownChains(fabric) - 1; i >= 0; i--)
        {
            if (Secrets.AreEqual(_record, KnownHeader + (32 * i), fingerprint, offset, 32))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Copies what is remembered, for a worker that compares it.</summary>
    /// <param name="fabric">The fabric.</param>
    /// <param name="fingerprints">Receives 32 bytes each, room for <see cref="Fabric.KnownChains"/>.</param>
    /// <param name="offset">Their first.</param>
    /// <returns>How many.</returns>
    public int CopyKnownChains(Fabric fabric, byte[] fingerprints, int offset)
    {
        int count = ReadKnownChains(fabric);
        Array.Copy(_record, KnownHeader, fingerprints, offset, 32 * count);
        return count;
    }

    /// <summary>Remembers a verified chain in place of the oldest; durable if the flash takes it.</summary>
    /// <param name="fabric">The fabric whose root it ends in.</param>
    /// <param name="fingerprint">32 bytes of <see cref="CertificateChain.GetFingerprint"/>.</param>
    /// <param name="offset">Their first.</param>
    public void RememberChain(Fabric fabric, byte[] fingerprint, int offset)
    {
        if (IsKnownChain(fabric, fingerprint, offset))
        {
            return;
        }

        // The record is in _record.
        Array.Copy(fingerprint, offset, _record, KnownHeader + (32 * _record[1]), 32);
        _record[1] = (byte)((_record[1] + 1) % Fabric.KnownChains);
        if (_record[0] < Fabric.KnownChains)
        {
            _record[0]++;
        }

        Write(Name(fabric.FabricIndex, ".k"), _record, 0, KnownLength);
    }

    private static string Name(int index, string suffix)
    {
        return "fab." + index.ToString() + suffix;
    }

    private static string CertificateName(int index, int kind, int generation)
    {
        if (kind == CertificateKind.Root)
        {
            return Name(index, ".r");
        }

        if (kind == CertificateKind.Intermediate)
        {
            return Name(index, generation == 0 ? ".i0" : ".i1");
        }

        return Name(index, generation == 0 ? ".n0" : ".n1");
    }

    // The fabric index in a name of ours, or 0.
    private static int ParseName(string name)
    {
        if (name.Length < 5 || name.Substring(0, 4) != "fab.")
        {
            return 0;
        }

        int index = 0;
        for (int i = 4; i < name.Length && name[i] != '.'; i++)
        {
            if (name[i] < '0' || name[i] > '9' || index > MaxIndex)
            {
                return 0;
            }

            index = (index * 10) + (name[i] - '0');
        }

        return index <= MaxIndex ? index : 0;
    }

    private void LoadFabric(int index, string name, byte[] certificate)
    {
        Fabric slot = null;
        for (int i = 0; i < Limits.Fabrics && slot == null; i++)
        {
            if (_slots[i].FabricIndex == 0)
            {
                slot = _slots[i];
            }
        }

        if (slot == null || !ReadFabric(slot, index, name, certificate))
        {
            _dropped++;
            Delete(name);
            return;
        }

        if (ReadKnownChains(slot) == 0 && _flash.Read(Name(index, ".k"), _record, 0, 0) != -1)
        {
            _dropped++;
            Delete(Name(index, ".k"));
        }
    }

    private void LoadPrepared(int index, string name, byte[] certificate)
    {
        Fabric slot = Find(index);
        bool isUpdate = slot != null;
        for (int i = 0; i < Limits.Fabrics && slot == null; i++)
        {
            if (_slots[i].FabricIndex == 0)
            {
                slot = _slots[i];
            }
        }

        if (slot == null || _pending != null || !ReadFabric(slot, index, name, certificate))
        {
            _dropped++;
            Delete(name);
            if (isUpdate && !ReadFabric(slot, index, Name(index, string.Empty), certificate))
            {
                _dropped++;
                Delete(Name(index, string.Empty));
            }

            return;
        }

        // The same as what is in force: the commit was done, only its cleaning up was not.
        if (isUpdate && IsSameRecord(index))
        {
            Delete(name);
            return;
        }

        slot.Provisional = !isUpdate;
        _pending = slot;
        _pendingIsUpdate = isUpdate;
    }

    // _record holds the prepared one.
    private bool IsSameRecord(int index)
    {
        byte[] other = new byte[Fabric.RecordLength];
        int length = _flash.Read(Name(index, string.Empty), other, 0, other.Length);
        bool same = length == other.Length && other[1] == _record[1];
        Secrets.Wipe(other);
        return same;
    }

    // Fills the slot, or leaves it empty when the record or a certificate that it needs is damaged.
    private bool ReadFabric(Fabric slot, int index, string name, byte[] certificate)
    {
        slot.Clear();
        int length = _flash.Read(name, _record, 0, Fabric.RecordLength);
        if (length != Fabric.RecordLength || !slot.ReadRecord(_record, length))
        {
            return false;
        }

        slot.FabricIndex = index;
        if (ReadCertificate(slot, CertificateKind.Root, certificate, 0, certificate.Length) > 0
            && ReadCertificate(slot, CertificateKind.Node, certificate, 0, certificate.Length) > 0)
        {
            return true;
        }

        slot.Clear();
        return false;
    }

    private bool IsOwned(int index, string name)
    {
        Fabric fabric = Find(index);
        if (fabric == null)
        {
            return false;
        }

        if (fabric == _pending)
        {
            return true;
        }

        return name == Name(index, string.Empty) || name == Name(index, ".r") || name == Name(index, ".k")
            || name == CertificateName(index, CertificateKind.Node, fabric.Generation)
            || name == CertificateName(index, CertificateKind.Intermediate, fabric.Generation);
    }

    private void ForgetPending()
    {
        _pending = null;
        _pendingIsUpdate = false;
        _pendingRootIndex = 0;
        ForgetCsr();
    }

    private void ForgetCsr()
    {
        _csrIsForUpdate = false;
        if (_pendingKey != null)
        {
            Secrets.Wipe(_pendingKey);
            _pendingKey = null;
        }
    }

    // Core 7.5.2: the one after the last given, 1 after 254, over those in use.
    private int NextIndex()
    {
        int index = _lastIndex;
        do
        {
            index = index >= MaxIndex ? 1 : index + 1;
        }
        while (Find(index) != null);

        return index;
    }

    private void SetKeys(Fabric fabric, byte[] epochKeys, int offset, int count)
    {
        Secrets.Wipe(fabric.Data, Fabric.IdentityProtectionKeysOffset, 16 * Fabric.MaxIdentityProtectionKeys);
        for (int i = 0; i < count; i++)
        {
            _derivation.DeriveOperationalKey(epochKeys, offset + (16 * i), fabric.Data, Fabric.CompressedIdOffset, fabric.Data, Fabric.IdentityProtectionKeysOffset + (16 * i));
        }

        fabric.KeyCount = count;
    }

    private void UseCsrKey(Fabric fabric)
    {
        Array.Copy(_pendingKey, 0, fabric.Data, Fabric.PrivateKeyOffset, 32);
        ForgetCsr();
    }

    private bool WriteCertificates(int index, int generation, byte[] node, int nodeOffset, int nodeLength, byte[] intermediate, int intermediateOffset, int intermediateLength)
    {
        if (!Write(CertificateName(index, CertificateKind.Node, generation), node, nodeOffset, nodeLength))
        {
            return false;
        }

        string name = CertificateName(index, CertificateKind.Intermediate, generation);
        return intermediateLength > 0 ? Write(name, intermediate, intermediateOffset, intermediateLength) : Delete(name);
    }

    private void DeleteCertificates(int index, int generation)
    {
        Delete(CertificateName(index, CertificateKind.Node, generation));
        Delete(CertificateName(index, CertificateKind.Intermediate, generation));
    }

    private bool WriteFabric(Fabric fabric, string suffix)
    {
        fabric.WriteRecord(_record);
        bool written = Write(Name(fabric.FabricIndex, suffix), _record, 0, Fabric.RecordLength);
        Secrets.Wipe(_record);
        return written;
    }

    // Label and identity protection keys change at once, but must not carry a pending certificate update with them.
    private bool Patch(Fabric fabric)
    {
        if (fabric.Provisional)
        {
            return true;
        }

        if (fabric != _pending)
        {
            return WriteFabric(fabric, string.Empty);
        }

        string name = Name(fabric.FabricIndex, string.Empty);
        int length = _flash.Read(name, _record, 0, Fabric.RecordLength);
        if (length != Fabric.RecordLength)
        {
            return false;
        }

        fabric.WriteLabel(_record);
        fabric.WriteKeys(_record);
        bool written = Write(name, _record, 0, Fabric.RecordLength);
        Secrets.Wipe(_record);
        return written;
    }

    private void WriteLastIndex(int index)
    {
        _lastIndex = index;
        _record[0] = (byte)index;
        _record[1] = (byte)(index ^ 0xff);
        Write("fab.last", _record, 0, 2);
    }

    // Record "fab.N.k": how many | which is replaced next | compressed fabric id 8 | 3 fingerprints. It stays in flash: it is needed once a
    // handshake, and names its fabric, so that one left behind is never taken for another's.
    private const int KnownHeader = 10;
    private const int KnownLength = KnownHeader + (32 * Fabric.KnownChains);

    // Reads the record, or an empty one, to _record. Returns the number of fingerprints.
    private int ReadKnownChains(Fabric fabric)
    {
        int length = _flash.Read(Name(fabric.FabricIndex, ".k"), _record, 0, KnownLength);
        if (length == KnownLength && _record[0] <= Fabric.KnownChains && _record[1] < Fabric.KnownChains
            && Secrets.AreEqual(_record, 2, fabric.Data, Fabric.CompressedIdOffset, FabricKeys.CompressedIdLength))
        {
            return _record[0];
        }

        Array.Clear(_record, 0, KnownLength);
        Array.Copy(fabric.Data, Fabric.CompressedIdOffset, _record, 2, FabricKeys.CompressedIdLength);
        return 0;
    }

    // The record that makes the fabric real goes first.
    private void Erase(Fabric fabric)
    {
        fabric.Removing = true;
        int index = fabric.FabricIndex;
        Delete(Name(index, string.Empty));
        Delete(Name(index, ".p"));
        for (int i = 0; i < _listeners.Length; i++)
        {
            _listeners[i].OnFabricRemoved(fabric);
        }

        fabric.Clear();
        DeleteCertificates(index, 0);
        DeleteCertificates(index, 1);
        Delete(Name(index, ".r"));
        Delete(Name(index, ".k"));
    }

    private void TellUpdated(Fabric fabric)
    {
        for (int i = 0; i < _listeners.Length; i++)
        {
            _listeners[i].OnFabricUpdated(fabric);
        }
    }

    private bool Write(string name, byte[] buffer, int offset, int length)
    {
        if (_flash.Write(name, buffer, offset, length))
        {
            return true;
        }

        _refused++;
        return false;
    }

    private bool Delete(string name)
    {
        if (_flash.Delete(name))
        {
            return true;
        }

        _refused++;
        return false;
    }
}
