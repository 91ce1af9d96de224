using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using MatterNano.Host;
using MatterNano.Host.Bluez;
using Tmds.DBus.Protocol;

namespace MatterNano.RadioBridge;

/// <summary>BlueZ as a central: scans, connects, writes C1, subscribes to C2, reads C3.</summary>
internal sealed class Central
{
    private const string DeviceFace = "org.bluez.Device1";
    private const string Characteristic = "org.bluez.GattCharacteristic1";
    private const int PollMilliseconds = 100;
    private const int ConnectMilliseconds = 20000;
    private const byte AttUnlikelyError = 0x0e;
    private const int AttHeader = 3;

    private readonly SystemBus _bus;
    private readonly string _adapter;
    private readonly object _lock = new();
    private readonly SemaphoreSlim _scan = new(1);

    private BleContact _link;
    private string _device;
    private string _c1;
    private string _c2;
    private string _c3;

    public Central(SystemBus bus, string adapter)
    {
        _bus = bus;
        _adapter = adapter;
    }

    public async Task Start()
    {
        await _bus.WatchProperties(OnChanged);
    }

    /// <summary>One contact from its first frame to its end.</summary>
    public async Task Serve(BleContact contact)
    {
        using CancellationTokenSource listening = new();
        Task scan = Task.Run(() => Scan(contact, listening.Token));
        bool isLink = false;
        while (true)
        {
            // On a thread of its own: an answer of the bus comes back on the thread that reads the bus, and would hold it here.
            (bool isFrame, byte type, byte[] payload) = await Task.Run(() => (contact.TryReceive(out byte t, out byte[] p), t, p));
            if (!isFrame)
            {
                break;
            }

            if (type == Frame.Connect)
            {
                listening.Cancel();
                await scan;
                isLink = await Connect(contact);
                if (!isLink)
                {
                    contact.Send(Frame.Disconnect, default);
                    break;
                }
            }
            else if (type == Frame.Disconnect)
            {
                break;
            }
            else if (isLink)
            {
                await Handle(contact, type, payload);
            }
        }

        listening.Cancel();
        await scan;
        if (isLink)
        {
            await Forget();
        }

        contact.Close();
    }

    private async Task Handle(BleContact contact, byte type, byte[] payload)
    {
        try
        {
            switch (type)
            {
                case Frame.WriteC1:
                    await Write(payload);
                    contact.Send(Frame.WriteC1Done, stackalloc byte[] { 0 });
                    break;
                case Frame.SubscribeC2:
                    await _bus.Call(_c2, Characteristic, payload[0] == 0 ? "StopNotify" : "StartNotify");
                    contact.Send(Frame.SubscribeC2Done, default);
                    break;
                case Frame.ReadC3:
                    contact.Send(Frame.ReadC3Done, await Read());
                    break;
            }
        }
        catch (DBusExceptionBase e)
        {
            Console.WriteLine($"frame {type:x2}: {e.Message}");
            if (type == Frame.WriteC1)
            {
                contact.Send(Frame.WriteC1Done, new byte[] { AttUnlikelyError });
            }
            else
            {
                contact.Close();
            }
        }
    }

    // Tells the contact what is advertised, for as long as it only listens.
    private async Task Scan(BleContact contact, CancellationToken end)
    {
        bool told = false;
        while (!end.IsCancellationRequested)
        {
            await _scan.WaitAsync(CancellationToken.None);
            try
            {
                byte[] advertisement = _link != null ? null : (await Find()).Advertisement;
                if (advertisement != null)
                {
                    contact.Send(Frame.Advertise, advertisement);
                    told = true;
                }
                else if (told)
                {
                    contact.Send(Frame.AdvertiseStop, default);
                    told = false;
                }
            }
            catch (DBusExceptionBase e)
            {
                Console.WriteLine("scan: " + e.Message);
            }
            finally
            {
                _scan.Release();
            }

            await Task.WhenAny(Task.Delay(PollMilliseconds, end));
        }
    }

    private async Task<(string Path, byte[] Advertisement)> Find()
    {
        Dictionary<string, Dictionary<string, Dictionary<string, VariantValue>>> objects = await _bus.GetManagedObjects();
        if (!objects.TryGetValue(_adapter, out Dictionary<string, Dictionary<string, VariantValue>> adapter))
        {
            return default;
        }

        if (!adapter["org.bluez.Adapter1"]["Discovering"].GetBool())
        {
            // At the start, and after every start of bluetoothd.
            await _bus.Set(_adapter, "org.bluez.Adapter1", "Powered", true);
            await _bus.Call(_adapter, "org.bluez.Adapter1", "StartDiscovery");
        }

        foreach ((string path, Dictionary<string, Dictionary<string, VariantValue>> faces) in objects)
        {
            // RSSI is there only for what is heard now.
            if (path.StartsWith(_adapter + "/", StringComparison.Ordinal) && faces.TryGetValue(DeviceFace, out Dictionary<string, VariantValue> device)
                && device.ContainsKey("RSSI") && device.TryGetValue("ServiceData", out VariantValue all))
            {
                Dictionary<string, VariantValue> data = all.GetDictionary<string, VariantValue>();
                if (data.TryGetValue(MatterService.ServiceUuid, out VariantValue value))
                {
                    byte[] bytes = value.GetArray<byte>();
                    byte[] address = device["Address"].GetString().Split(':').Reverse().Select(p => Convert.ToByte(p, 16)).ToArray();
                    return (path, address.Concat(new byte[] { 2, 1, 6, (byte)(3 + bytes.Length), 0x16, 0xf6, 0xff }).Concat(bytes).ToArray());
                }
            }
        }

        return default;
    }

    private async Task<bool> Connect(BleContact contact)
    {
        // While nobody scans, and after an earlier contact's link has ended.
        await _scan.WaitAsync();
        try
        {
            using CancellationTokenSource late = new(ConnectMilliseconds);
            string path = null;
            while (path == null && !late.IsCancellationRequested)
            {
                path = (await Find()).Path;
                if (path == null)
                {
                    await Task.Delay(PollMilliseconds);
                }
            }

            if (path == null)
            {
                return false;
            }

            await _bus.Call(_adapter, "org.bluez.Adapter1", "StopDiscovery");
            await _bus.Call(path, DeviceFace, "Connect");
            while (!late.IsCancellationRequested)
            {
                Dictionary<string, Dictionary<string, Dictionary<string, VariantValue>>> objects = await _bus.GetManagedObjects();
                if (objects.TryGetValue(path, out Dictionary<string, Dictionary<string, VariantValue>> faces) && faces[DeviceFace]["ServicesResolved"].GetBool())
                {
                    _c1 = Of(objects, path, "18ee2ef5-263d-4559-959f-4f9c429f9d11");
                    _c2 = Of(objects, path, "18ee2ef5-263d-4559-959f-4f9c429f9d12");
                    _c3 = Of(objects, path, "64630238-8772-45f2-b87d-748a83218f04");
                    int mtu = objects[_c1][Characteristic].TryGetValue("MTU", out VariantValue value) ? value.GetUInt16() : 23;
                    lock (_lock)
                    {
                        _device = path;
                        _link = contact;
                    }

                    Console.WriteLine($"connected to {path}, ATT MTU {mtu}");
                    contact.Send(Frame.Connected, stackalloc byte[] { (byte)mtu, (byte)(mtu >> 8) });
                    return true;
                }

                await Task.Delay(PollMilliseconds);
            }
        }
        catch (DBusExceptionBase e)
        {
            Console.WriteLine("connect: " + e.Message);
        }
        finally
        {
            _scan.Release();
        }

        return false;
    }

    private static string Of(Dictionary<string, Dictionary<string, Dictionary<string, VariantValue>>> objects, string device, string uuid)
    {
        return objects.First(o => o.Key.StartsWith(device + "/", StringComparison.Ordinal)
            && o.Value.TryGetValue(Characteristic, out Dictionary<string, VariantValue> one) && one["UUID"].GetString() == uuid).Key;
    }

    private Task Write(byte[] value)
    {
        MessageWriter writer = _bus.Connection.GetMessageWriter();
        writer.WriteMethodCallHeader("org.bluez", _c1, Characteristic, "WriteValue", "aya{sv}", MessageFlags.None);
        writer.WriteArray(value);
        writer.WriteDictionary(new Dictionary<string, VariantValue> { ["type"] = "request" });
        MessageBuffer message = writer.CreateMessage();
        writer.Dispose();
        return _bus.Connection.CallMethodAsync(message);
    }

    private Task<byte[]> Read()
    {
        MessageWriter writer = _bus.Connection.GetMessageWriter();
        writer.WriteMethodCallHeader("org.bluez", _c3, Characteristic, "ReadValue", "a{sv}", MessageFlags.None);
        writer.WriteDictionary(new Dictionary<string, VariantValue>());
        MessageBuffer message = writer.CreateMessage();
        writer.Dispose();
        return _bus.Connection.CallMethodAsync(message, (Message m, object _) => m.GetBodyReader().ReadArrayOfByte(), null);
    }

    private void OnChanged(string path, string face, Dictionary<string, VariantValue> values)
    {
        lock (_lock)
        {
            if (_link != null && path == _c2 && face == Characteristic && values.TryGetValue("Value", out VariantValue value))
            {
                _link.Send(Frame.IndicateC2, value.GetArray<byte>());
            }
            else if (_link != null && path == _device && face == DeviceFace && values.TryGetValue("Connected", out VariantValue connected) && !connected.GetBool())
            {
                _link.Send(Frame.Disconnect, default);
                _link.Close();
            }
        }
    }

    // The device is removed, so that the next contact finds it anew, as a phone that never met it.
    private async Task Forget()
    {
        await _scan.WaitAsync();
        try
        {
            await _bus.Call(_device, DeviceFace, "Disconnect");
            await _bus.Call(_adapter, "org.bluez.Adapter1", "RemoveDevice", _device);
        }
        catch (DBusExceptionBase e)
        {
            Console.WriteLine("forget: " + e.Message);
        }
        finally
        {
            lock (_lock)
            {
                _device = null;
                _link = null;
            }

            _scan.Release();
        }
    }
}
