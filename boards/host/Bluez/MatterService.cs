using System;
using System.Collections.Generic;
using System.Linq;
using Tmds.DBus.Protocol;

namespace MatterNano.Host.Bluez;

/// <summary>The GATT service 0xFFF6 with C1 (write), C2 (indicate) and C3 (read), as BlueZ wants an application described (Core 4.19.4, BlueZ's org.bluez.GattManager).</summary>
internal sealed class MatterService
{
    /// <summary>Path of the application.</summary>
    public const string Root = "/matternano";

    /// <summary>UUID of the service, which is also that of the advertised data.</summary>
    public const string ServiceUuid = "0000fff6-0000-1000-8000-00805f9b34fb";

    private const string Service = Root + "/service";
    private const string C2 = Service + "/c2";
    private const string Characteristic = "org.bluez.GattCharacteristic1";
    private const string NotPermitted = "org.bluez.Error.NotPermitted";
    private const string InvalidLength = "org.bluez.Error.InvalidValueLength";

    private readonly IMatterServiceHandler _handler;
    private readonly BusObject[] _objects;
    private byte[] _additionalData = Array.Empty<byte>();

    /// <param name="handler">Hears of what a central does. On a thread of the bus.</param>
    /// <param name="notifies">True: C2 is declared as an ESP32 declares it, for both, so that a central may choose notifications.</param>
    public MatterService(IMatterServiceHandler handler, bool notifies)
    {
        _handler = handler;
        string[] c2Flags = notifies ? new[] { "indicate", "notify" } : new[] { "indicate" };
        _objects = new[]
        {
            new BusObject(Service, "org.bluez.GattService1", new() { ["UUID"] = ServiceUuid, ["Primary"] = true }, _ => false),
            Make("c1", "18ee2ef5-263d-4559-959f-4f9c429f9d11", OnC1, "write"),
            Make("c2", "18ee2ef5-263d-4559-959f-4f9c429f9d12", OnC2, c2Flags),
            Make("c3", "64630238-8772-45f2-b87d-748a83218f04", OnC3, "read"),
        };
    }

    /// <summary>The objects to be put on the bus.</summary>
    public IReadOnlyList<IPathMethodHandler> Objects =>
        _objects.Prepend<IPathMethodHandler>(new BusObject(Root, null, null, OnRoot)).ToList();

    /// <summary>Sets the value of C3.</summary>
    public void SetAdditionalData(byte[] value)
    {
        _additionalData = value;
    }

    /// <summary>A new value of C2, which BlueZ sends to whoever is subscribed.</summary>
    /// <returns>False when the bus is gone.</returns>
    public static bool Send(DBusConnection bus, byte[] value)
    {
        MessageWriter writer = bus.GetMessageWriter();
        writer.WriteSignalHeader(null, C2, "org.freedesktop.DBus.Properties", "PropertiesChanged", "sa{sv}as");
        writer.WriteString(Characteristic);
        writer.WriteDictionary(new Dictionary<string, VariantValue> { ["Value"] = VariantValue.Array(value) });
        writer.WriteArray(Array.Empty<string>());
        bool sent = bus.TrySendMessage(writer.CreateMessage());
        writer.Dispose();
        return sent;
    }

    private static BusObject Make(string name, string uuid, Func<MethodContext, bool> method, params string[] flags)
    {
        return new BusObject(
            Service + "/" + name,
            Characteristic,
            new() { ["UUID"] = uuid, ["Service"] = new ObjectPath(Service), ["Flags"] = VariantValue.Array(flags) },
            method);
    }

    private bool OnRoot(MethodContext context)
    {
        if (context.Request.MemberAsString != "GetManagedObjects")
        {
            return false;
        }

        MessageWriter writer = context.CreateReplyWriter("a{oa{sa{sv}}}");
        ArrayStart all = writer.WriteDictionaryStart();
        foreach (BusObject one in _objects)
        {
            writer.WriteDictionaryEntryStart();
            writer.WriteObjectPath(one.Path);
            ArrayStart faces = writer.WriteDictionaryStart();
            writer.WriteDictionaryEntryStart();
            writer.WriteString(one.Face);
            writer.WriteDictionary(one.Properties);
            writer.WriteDictionaryEnd(faces);
        }

        writer.WriteDictionaryEnd(all);
        context.Reply(writer.CreateMessage());
        writer.Dispose();
        return true;
    }

    private bool OnC1(MethodContext context)
    {
        if (context.Request.MemberAsString != "WriteValue")
        {
            return false;
        }

        Reader reader = context.Request.GetBodyReader();
        byte[] value = reader.ReadArrayOfByte();
        Dictionary<string, VariantValue> options = reader.ReadDictionaryOfStringToVariantValue();
        int mtu = options.TryGetValue("mtu", out VariantValue m) ? m.GetUInt16() : 0;
        string device = options.TryGetValue("device", out VariantValue d) ? d.GetObjectPathAsString() : string.Empty;
        bool isPart = options.TryGetValue("offset", out VariantValue o) && o.GetUInt16() != 0;
        if (isPart)
        {
            // BTP knows no long writes.
            context.ReplyError(InvalidLength, "no long writes");
        }
        else if (_handler.OnWritten(device, mtu, value))
        {
            BusObject.Done(context);
        }
        else
        {
            context.ReplyError(NotPermitted, "another central is connected");
        }

        return true;
    }

    private bool OnC2(MethodContext context)
    {
        // BlueZ tells of the first subscriber and of the last to go, not who it is.
        switch (context.Request.MemberAsString)
        {
            case "StartNotify":
                BusObject.Done(context);
                _handler.OnSubscribed(true);
                return true;
            case "StopNotify":
                BusObject.Done(context);
                _handler.OnSubscribed(false);
                return true;
            case "Confirm":
                BusObject.Done(context);
                _handler.OnConfirmed();
                return true;
            default:
                return false;
        }
    }

    private bool OnC3(MethodContext context)
    {
        if (context.Request.MemberAsString != "ReadValue")
        {
            return false;
        }

        Dictionary<string, VariantValue> options = context.Request.GetBodyReader().ReadDictionaryOfStringToVariantValue();
        byte[] data = _additionalData;
        int offset = options.TryGetValue("offset", out VariantValue o) ? Math.Min(o.GetUInt16(), data.Length) : 0;
        MessageWriter writer = context.CreateReplyWriter("ay");
        writer.WriteArray(data.AsSpan(offset));
        context.Reply(writer.CreateMessage());
        writer.Dispose();
        return true;
    }
}
