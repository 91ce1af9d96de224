using System;
using MatterNano.Platform;

namespace MatterNano.Clusters;

/// <summary>The networks of a Wi-Fi device in the order they are tried: in force, and what a fail-safe may still undo.</summary>
/// <remarks>
/// Record "net.wifi": layout 1 | count 1 | entries of ssid length 1, ssid 32, credential length 1, credentials 64. Changes stay in RAM until
/// <see cref="Prepare"/> writes "net.wifi.new" and <see cref="Commit"/> puts that in place; a power cut between them undoes or finishes.
/// </remarks>
public sealed class WifiNetworkList
{
    /// <summary>Networks that can be kept: MaxNetworks.</summary>
    public const int Capacity = 4;

    /// <summary>Longest name in bytes.</summary>
    public const int MaxSsid = 32;

    /// <summary>Longest credentials in bytes.</summary>
    public const int MaxCredentials = 64;

    private const string Record = "net.wifi";
    private const string NewRecord = "net.wifi.new";
    private const int Layout = 1;
    private const int Header = 2;
    private const int SsidAt = 1;
    private const int CredentialLengthAt = SsidAt + MaxSsid;
    private const int CredentialsAt = CredentialLengthAt + 1;
    private const int EntrySize = CredentialsAt + MaxCredentials;

    private readonly IFlash _flash;
    private readonly byte[] _data = new byte[Header + (Capacity * EntrySize)];
    private bool _isProvisional;
    private bool _isPrepared;

    /// <summary>Reads the networks in force. One that was prepared waits for <see cref="Commit"/> or <see cref="Restore"/>.</summary>
    public WifiNetworkList(IFlash flash)
    {
        _flash = flash;
        Load(Record);
        _isPrepared = flash.Read(NewRecord, new byte[0], 0, 0) != -1;
    }

    /// <summary>Number of networks.</summary>
    public int Count
    {
        get { return _data[1]; }
    }

    /// <summary>The array that holds names and credentials.</summary>
    internal byte[] Data
    {
        get { return _data; }
    }

    /// <summary>Where the name of a network begins in <see cref="Data"/>.</summary>
    internal int SsidOffset(int index)
    {
        return Header + (index * EntrySize) + SsidAt;
    }

    /// <summary>Length of its name.</summary>
    internal int SsidLength(int index)
    {
        return _data[Header + (index * EntrySize)];
    }

    /// <summary>Where its credentials begin.</summary>
    internal int CredentialsOffset(int index)
    {
        return Header + (index * EntrySize) + CredentialsAt;
    }

    /// <summary>Length of its credentials.</summary>
    internal int CredentialsLength(int index)
    {
        return _data[Header + (index * EntrySize) + CredentialLengthAt];
    }

    /// <summary>Finds a network by name.</summary>
    /// <returns>Its index; -1 when there is none.</returns>
    public int Find(byte[] ssid, int offset, int length)
    {
        for (int i = 0; i < Count; i++)
        {
            if (SsidLength(i) == length && Secrets.AreEqual(_data, SsidOffset(i), ssid, offset, length))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Adds a network, or gives the one of this name other credentials.</summary>
    /// <returns>Its index; -1 when there is no room.</returns>
    public int AddOrUpdate(byte[] buffer, int ssid, int ssidLength, int credentials, int credentialsLength)
    {
        int index = Find(buffer, ssid, ssidLength);
        if (index < 0)
        {
            if (Count == Capacity)
            {
                return -1;
            }

            index = _data[1]++;
        }

        int entry = Header + (index * EntrySize);
        Secrets.Wipe(_data, entry, EntrySize);
        _data[entry] = (byte)ssidLength;
        Array.Copy(buffer, ssid, _data, entry + SsidAt, ssidLength);
        _data[entry + CredentialLengthAt] = (byte)credentialsLength;
        Array.Copy(buffer, credentials, _data, entry + CredentialsAt, credentialsLength);
        _isProvisional = true;
        return index;
    }

    /// <summary>Removes a network.</summary>
    public void Remove(int index)
    {
        int entry = Header + (index * EntrySize);
        int behind = (Count - index - 1) * EntrySize;
        Array.Copy(_data, entry + EntrySize, _data, entry, behind);
        _data[1]--;
        Secrets.Wipe(_data, Header + (Count * EntrySize), EntrySize);
        _isProvisional = true;
    }

    /// <summary>Moves a network to another place.</summary>
    public void Move(int from, int to)
    {
        byte[] entry = new byte[EntrySize];
        Array.Copy(_data, Header + (from * EntrySize), entry, 0, EntrySize);
        if (from < to)
        {
            Array.Copy(_data, Header + ((from + 1) * EntrySize), _data, Header + (from * EntrySize), (to - from) * EntrySize);
        }
        else
        {
            Array.Copy(_data, Header + (to * EntrySize), _data, Header + ((to + 1) * EntrySize), (from - to) * EntrySize);
        }

        Array.Copy(entry, 0, _data, Header + (to * EntrySize), EntrySize);
        Secrets.Wipe(entry);
        _isProvisional = true;
    }

    /// <summary>Takes back what was not committed.</summary>
    public void Restore()
    {
        if (_isProvisional || _isPrepared)
        {
            Load(Record);
            _isProvisional = false;
            _isPrepared = !_flash.Delete(NewRecord);
        }
    }

    /// <summary>Writes the changes beside what is in force.</summary>
    /// <returns>False when the flash refused.</returns>
    public bool Prepare()
    {
        if (!_isProvisional)
        {
            return true;
        }

        _data[0] = Layout;
        _isPrepared = _flash.Write(NewRecord, _data, 0, Header + (Count * EntrySize));
        return _isPrepared;
    }

    /// <summary>Puts prepared changes in force, also those that a power cut interrupted.</summary>
    public void Commit()
    {
        if (!_isPrepared)
        {
            return;
        }

        if (!_isProvisional && !Load(NewRecord))
        {
            // Damaged: what is in force stays.
            Load(Record);
            _isPrepared = !_flash.Delete(NewRecord);
            return;
        }

        if (_flash.Write(Record, _data, 0, Header + (Count * EntrySize)))
        {
            _isProvisional = false;
            _isPrepared = !_flash.Delete(NewRecord);
        }
    }

    private bool Load(string name)
    {
        Secrets.Wipe(_data);
        int length = _flash.Read(name, _data, 0, _data.Length);
        bool usable = length >= Header && _data[0] == Layout && _data[1] <= Capacity && length == Header + (_data[1] * EntrySize);
        for (int i = 0; usable && i < Count; i++)
        {
            usable = SsidLength(i) >= 1 && SsidLength(i) <= MaxSsid && CredentialsLength(i) <= MaxCredentials;
        }

        if (!usable)
        {
            Secrets.Wipe(_data);
            _data[0] = Layout;
        }

        return usable;
    }
}
