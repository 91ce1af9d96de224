using System;
using MatterNano.Credentials;
using MatterNano.Crypto;
using MatterNano.Platform;

/// <summary>What the light stands on, in memory: all in one object and made before anything is counted, so that what is counted is the stack's.</summary>
public class LightBoard : IClock, IRandom, IFlash, IUdp, IUdpSocket, ISignal, IWorker, IWifi, IBleRadio, IAttestationProvider
{
    /// <summary>Marks: what the loop took until a datagram left, what the rest of its step took, and what a job of the worker took.</summary>
    public const string DatagramLeft = "#IL   loop, until a datagram left";
    public const string StepEnded = "#IL   loop, rest of a step";
    public const string JobEnded = "#IL   worker";

    public long Now = 1000000;

    /// <summary>The datagram that the light sent last.</summary>
    public readonly byte[] Sent = new byte[1280];
    public int SentLength;
    public int SentCount;

    /// <summary>True prints the instructions up to each datagram sent.</summary>
    public bool Counts;

    /// <summary>Jobs posted that <see cref="Work"/> has not run.</summary>
    public int Waiting;

    // Records one after another: name length, name, value length (2), value.
    private readonly byte[] _records = new byte[7000];
    private readonly byte[] _received = new byte[1280];
    private readonly byte[] _attestationKey = new byte[32];
    private readonly WorkerJob[] _jobs = new WorkerJob[8];
    private int _finished;
    private int _recordsLength;
    private int _receivedLength;
    private uint _random = 77;

    public long Milliseconds
    {
        get { return Now; }
    }

    public bool TryGetEpochSeconds(out uint seconds)
    {
        seconds = 0;
        return false;
    }

    public void Fill(byte[] buffer, int offset, int count)
    {
        for (int i = 0; i < count; i++)
        {
            _random = (_random * 1664525u) + 1013904223u;
            buffer[offset + i] = (byte)(_random >> 24);
        }
    }

    public int Read(string name, byte[] buffer, int offset, int capacity)
    {
        int at = Find(name);
        if (at < 0)
        {
            return -1;
        }

        int value = at + 1 + _records[at];
        int length = _records[value] | (_records[value + 1] << 8);
        if (length > capacity)
        {
            return -2;
        }

        Array.Copy(_records, value + 2, buffer, offset, length);
        return length;
    }

    public bool Write(string name, byte[] buffer, int offset, int length)
    {
        Delete(name);
        if (_recordsLength + 3 + name.Length + length > _records.Length)
        {
            return false;
        }

        _records[_recordsLength++] = (byte)name.Length;
        for (int i = 0; i < name.Length; i++)
        {
            _records[_recordsLength++] = (byte)name[i];
        }

        _records[_recordsLength++] = (byte)length;
        _records[_recordsLength++] = (byte)(length >> 8);
        Array.Copy(buffer, offset, _records, _recordsLength, length);
        _recordsLength += length;
        return true;
    }

    public bool Delete(string name)
    {
        int at = Find(name);
        if (at >= 0)
        {
            int next = Next(at);
            Array.Copy(_records, next, _records, at, _recordsLength - next);
            _recordsLength -= next - at;
        }

        return true;
    }

    public string[] List()
    {
        int count = 0;
        for (int at = 0; at < _recordsLength; at = Next(at))
        {
            count++;
        }

        string[] names = new string[count];
        count = 0;
        for (int at = 0; at < _recordsLength; at = Next(at))
        {
            char[] name = new char[_records[at]];
            for (int i = 0; i < name.Length; i++)
            {
                name[i] = (char)_records[at + 1 + i];
            }

            names[count++] = new string(name);
        }

        return names;
    }

    public int ChangeCount
    {
        get { return 0; }
    }

    public int Port
    {
        get { return 5540; }
    }

    public IUdpSocket Open(int port, bool shared)
    {
        return shared ? (IUdpSocket)new SilentSocket() : this;
    }

    public int GetAddresses(byte[] buffer)
    {
        buffer[0] = 0xfe;
        buffer[1] = 0x80;
        buffer[15] = 1;
        return 1;
    }

    /// <summary>Hands the light a datagram at its next step.</summary>
    public void Arrive(byte[] datagram, int offset, int length)
    {
        Array.Copy(datagram, offset, _received, 0, length);
        _receivedLength = length;
    }

    public void Send(NetworkAddress destination, byte[] buffer, int offset, int length)
    {
        if (Counts)
        {
            Marks.Write(DatagramLeft);
        }

        Array.Copy(buffer, offset, Sent, 0, length);
        SentLength = length;
        SentCount++;
    }

    public int TryReceive(byte[] buffer, int offset, int capacity, NetworkAddress source)
    {
        int length = _receivedLength;
        if (length != 0)
        {
            Array.Copy(_received, 0, buffer, offset, length);
            source.SetIPv4(192, 0, 2, 9, 5540);
            _receivedLength = 0;
        }

        return length;
    }

    public bool Post(WorkerJob job)
    {
        _jobs[_finished + Waiting++] = job;
        return true;
    }

    /// <summary>What the worker's thread does: the oldest job.</summary>
    public void Work()
    {
        _jobs[_finished++].Run();
        Waiting--;
    }

    public bool DeliverCompleted()
    {
        int count = _finished;
        for (int i = 0; i < count; i++)
        {
            WorkerJob job = _jobs[0];
            _finished--;
            Array.Copy(_jobs, 1, _jobs, 0, _jobs.Length - 1);
            _jobs[_jobs.Length - 1] = null;
            job.Completed();
        }

        return count != 0;
    }

    public void JoinGroup(NetworkAddress group)
    {
    }

    public void LeaveGroup(NetworkAddress group)
    {
    }

    public void Close()
    {
    }

    public void Set()
    {
    }

    public void Wait(int milliseconds)
    {
    }

    public int State
    {
        get { return WifiState.Connected; }
    }

    public int FailureReason
    {
        get { return 0; }
    }

    public int ErrorValue
    {
        get { return 0; }
    }

    public int ScanState
    {
        get { return WifiState.ScanIdle; }
    }

    public int ScanCount
    {
        get { return 0; }
    }

    public bool IsConcurrent
    {
        get { return true; }
    }

    public bool StartScan(byte[] ssid, int offset, int length)
    {
        return true;
    }

    public void GetScanResult(int index, WifiAccessPoint into)
    {
    }

    public bool StartConnect(byte[] ssid, int ssidOffset, int ssidLength, byte[] credentials, int credentialsOffset, int credentialsLength)
    {
        return true;
    }

    public bool GetConnection(WifiAccessPoint into)
    {
        return false;
    }

    public bool StartAdvertising(byte[] serviceData)
    {
        return true;
    }

    public void StopAdvertising()
    {
    }

    public void SetAdditionalData(byte[] data, int length)
    {
    }

    public bool TrySend(byte[] buffer, int offset, int length)
    {
        return true;
    }

    public int TryTake(byte[] buffer, int offset, out int length)
    {
        length = 0;
        return 0;
    }

    public void Disconnect()
    {
    }

    public int Read(int item, byte[] buffer, int offset, int capacity)
    {
        return 4;
    }

    public bool Sign(byte[] hash, int hashOffset, byte[] signature, int signatureOffset)
    {
        return P256.Sign(_attestationKey, 0, hash, hashOffset, signature, signatureOffset, this);
    }

    private int Next(int at)
    {
        int value = at + 1 + _records[at];
        return value + 2 + (_records[value] | (_records[value + 1] << 8));
    }

    private int Find(string name)
    {
        for (int at = 0; at < _recordsLength; at = Next(at))
        {
            bool same = _records[at] == name.Length;
            for (int i = 0; same && i < name.Length; i++)
            {
                same = _records[at + 1 + i] == name[i];
            }

            if (same)
            {
                return at;
            }
        }

        return -1;
    }

    private sealed class SilentSocket : IUdpSocket
    {
        public int Port
        {
            get { return 5353; }
        }

        public void Send(NetworkAddress destination, byte[] buffer, int offset, int length)
        {
        }

        public int TryReceive(byte[] buffer, int offset, int capacity, NetworkAddress source)
        {
            return 0;
        }

        public void JoinGroup(NetworkAddress group)
        {
        }

        public void LeaveGroup(NetworkAddress group)
        {
        }

        public void Close()
        {
        }
    }
}
