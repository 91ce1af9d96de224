using System;
using System.Linq;
using MatterNano.Devices;
using MatterNano.Identity;
using MatterNano.Onboarding;
using MatterNano.Platform;
using MatterNano.Storage;
using Xunit;
using Xunit.Abstractions;

namespace MatterNano.Simulation;

/// <summary>The light's live objects, as large as they are on the device (docs/HEAP.md).</summary>
public class HeapBudgetTests
{
    private readonly ITestOutputHelper _output;

    public HeapBudgetTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Fact]
    public void WholeLight_FullPools_StaysInItsHeap()
    {
        MemoryFlash flash = new();
        DeviceIdentity identity = new()
        {
            VendorId = 0xfff1,
            ProductId = 0x8001,
            VendorName = "MatterNano",
            ProductName = "Light",
            HardwareVersion = 1,
            HardwareVersionString = "1",
            SerialNumber = "1",
            DeviceType = 0x0100,
            Discriminator = 3840,
        };
        IdentityMaker.SetPasscode(identity, 20202021, 1000);
        Board board = new();
        MatterNodeOptions options = new()
        {
            Clock = board,
            Random = board,
            Flash = flash,
            Udp = board,
            Signal = board,
            Worker = board,
            Ble = board,
            Identity = identity,
        };
        options.Settings.Wifi = board;
        MatterNode node = new(options);
        OnOffLight light = new(node.Root);
        node.Start();
        while (node.Step() == 0)
        {
        }

        DeviceHeap heap = new();
        heap.Skip(flash);
        heap.Add(node);
        heap.Add(light);
        foreach (IGrouping<string, System.Collections.Generic.KeyValuePair<string, (int Count, int Bytes)>> area in heap.Parts
            .GroupBy(p => p.Key.Contains('.') ? p.Key.Split('.')[0] : "Devices").OrderByDescending(g => g.Sum(p => p.Value.Bytes)))
        {
            _output.WriteLine($"{area.Sum(p => p.Value.Bytes),6}       {area.Key}");
        }

        _output.WriteLine($"{heap.Total,6}       in all{Environment.NewLine}{heap}");

        // 48 KB, less 10,196 bytes of metadata of the shrunk assemblies and 440 that only a nanoCLR counts (docs/HEAP.md).
        Assert.InRange(heap.Total, 1, 48 * 1024 - 10196 - 440);
    }

    private sealed class Board : IClock, IRandom, IUdp, IUdpSocket, ISignal, IWorker, IWifi, IBleRadio
    {
        private readonly SeededRandom _random = new(1);
        private WorkerJob _finished;

        public long Milliseconds => 1000000;

        public int ChangeCount => 0;

        public int Port => 5540;

        public int State => WifiState.Connected;

        public int FailureReason => 0;

        public int ErrorValue => 0;

        public int ScanState => WifiState.ScanIdle;

        public int ScanCount => 0;

        public bool IsConcurrent => true;

        public bool TryGetEpochSeconds(out uint seconds)
        {
            seconds = 0;
            return false;
        }

        public void Fill(byte[] buffer, int offset, int count) => _random.Fill(buffer, offset, count);

        public IUdpSocket Open(int port, bool shared) => this;

        public int GetAddresses(byte[] buffer) => 0;

        public void Send(NetworkAddress destination, byte[] buffer, int offset, int length)
        {
        }

        public int TryReceive(byte[] buffer, int offset, int capacity, NetworkAddress source) => 0;

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

        public bool Post(WorkerJob job)
        {
            if (_finished != null)
            {
                return false;
            }

            job.Run();
            _finished = job;
            return true;
        }

        public bool DeliverCompleted()
        {
            WorkerJob job = _finished;
            _finished = null;
            job?.Completed();
            return job != null;
        }

        public bool StartScan(byte[] ssid, int offset, int length) => true;

        public void GetScanResult(int index, WifiAccessPoint into)
        {
        }

        public bool StartConnect(byte[] ssid, int ssidOffset, int ssidLength, byte[] credentials, int credentialsOffset, int credentialsLength) => true;

        public void Disconnect()
        {
        }

        public bool GetConnection(WifiAccessPoint into) => false;

        public bool StartAdvertising(byte[] serviceData) => true;

        public void StopAdvertising()
        {
        }

        public void SetAdditionalData(byte[] data, int length)
        {
        }

        public bool TrySend(byte[] buffer, int offset, int length) => true;

        public int TryTake(byte[] buffer, int offset, out int length)
        {
            length = 0;
            return 0;
        }
    }
}
