using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Tmds.DBus.Protocol;

namespace MatterNano.Host;

/// <summary>What is asked of D-Bus' system bus: objects, properties and calls of one service.</summary>
internal sealed class SystemBus : IDisposable
{
    private const string Properties = "org.freedesktop.DBus.Properties";

    private readonly string _service;

    private SystemBus(DBusConnection connection, string service)
    {
        Connection = connection;
        _service = service;
    }

    /// <summary>The connection itself, for handlers and signals.</summary>
    public DBusConnection Connection { get; }

    /// <summary>Connects to the bus that DBUS_SYSTEM_BUS_ADDRESS names, else to the system's own.</summary>
    /// <param name="service">Whose objects are asked.</param>
    /// <param name="address">Another bus.</param>
    /// <exception cref="DBusExceptionBase">There is none, or it refuses us.</exception>
    public static async Task<SystemBus> Connect(string service, string address = null)
    {
        DBusConnection connection = new DBusConnection(address ?? DBusAddress.System ?? "unix:path=/run/dbus/system_bus_socket");
        try
        {
            await connection.ConnectAsync();
        }
        catch (DBusExceptionBase)
        {
            connection.Dispose();
            throw;
        }

        return new SystemBus(connection, service);
    }

    /// <summary>All objects of the service: path, interface, property.</summary>
    public Task<Dictionary<string, Dictionary<string, Dictionary<string, VariantValue>>>> GetManagedObjects(string path = "/")
    {
        MessageWriter writer = Connection.GetMessageWriter();
        writer.WriteMethodCallHeader(_service, path, "org.freedesktop.DBus.ObjectManager", "GetManagedObjects", null, MessageFlags.None);
        MessageBuffer message = writer.CreateMessage();
        writer.Dispose();
        return Connection.CallMethodAsync(message, ReadObjects, null);
    }

    /// <summary>Calls a method whose one argument, if any, is an object, with an empty dictionary of options behind it.</summary>
    public Task Call(string path, string face, string member, string argument = null, bool options = false)
    {
        MessageWriter writer = Connection.GetMessageWriter();
        writer.WriteMethodCallHeader(_service, path, face, member, argument == null ? null : options ? "oa{sv}" : "o", MessageFlags.None);
        if (argument != null)
        {
            writer.WriteObjectPath(argument);
            if (options)
            {
                writer.WriteDictionary(new Dictionary<string, VariantValue>());
            }
        }

        MessageBuffer message = writer.CreateMessage();
        writer.Dispose();
        return Connection.CallMethodAsync(message);
    }

    /// <summary>Sets a property.</summary>
    public Task Set(string path, string face, string name, VariantValue value)
    {
        MessageWriter writer = Connection.GetMessageWriter();
        writer.WriteMethodCallHeader(_service, path, Properties, "Set", "ssv", MessageFlags.None);
        writer.WriteString(face);
        writer.WriteString(name);
        writer.WriteVariant(value);
        MessageBuffer message = writer.CreateMessage();
        writer.Dispose();
        return Connection.CallMethodAsync(message);
    }

    /// <summary>Hears of every change of a property of the service.</summary>
    /// <param name="changed">Path, interface, the changed properties. On a thread of the bus.</param>
    public async Task WatchProperties(Action<string, string, Dictionary<string, VariantValue>> changed)
    {
        await Connection.WatchSignalAsync(
            _service,
            null,
            Properties,
            "PropertiesChanged",
            (Message message, object _) =>
            {
                Reader reader = message.GetBodyReader();
                return (Path: message.PathAsString, Face: reader.ReadString(), Values: reader.ReadDictionaryOfStringToVariantValue());
            },
            (Notification<(string Path, string Face, Dictionary<string, VariantValue> Values)> n) =>
            {
                if (n.HasValue)
                {
                    changed(n.Value.Path, n.Value.Face, n.Value.Values);
                }
            },
            ObserverFlags.None,
            false,
            null);
    }

    /// <summary>Hears of every object that appears or goes, and of the service itself.</summary>
    /// <param name="appeared">Path of an object that has come. On a thread of the bus.</param>
    /// <param name="gone">Path of an object that is gone; null: the service has another owner or none.</param>
    public async Task WatchObjects(Action<string> appeared, Action<string> gone)
    {
        await Watch(_service, "org.freedesktop.DBus.ObjectManager", "InterfacesAdded", reader => reader.ReadObjectPathAsString(), appeared);
        await Watch(_service, "org.freedesktop.DBus.ObjectManager", "InterfacesRemoved", reader => reader.ReadObjectPathAsString(), gone);
        await Watch("org.freedesktop.DBus", "org.freedesktop.DBus", "NameOwnerChanged", reader => reader.ReadString(), name =>
        {
            if (name == _service)
            {
                gone(null);
            }
        });
    }

    /// <summary>Hears of a signal of an object of the service.</summary>
    /// <param name="read">Reads it.</param>
    /// <param name="tell">Hears what was read. On a thread of the bus.</param>
    public async Task Watch<T>(string path, string face, string member, Func<Message, T> read, Action<T> tell)
    {
        await Connection.WatchSignalAsync(
            _service,
            path,
            face,
            member,
            (Message message, object _) => read(message),
            (Notification<T> n) =>
            {
                if (n.HasValue)
                {
                    tell(n.Value);
                }
            },
            ObserverFlags.None,
            false,
            null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Connection.Dispose();
    }

    private delegate string FirstArgument(Reader reader);

    private async Task Watch(string sender, string face, string member, FirstArgument read, Action<string> tell)
    {
        await Connection.WatchSignalAsync(
            sender,
            null,
            face,
            member,
            (Message message, object _) => read(message.GetBodyReader()),
            (Notification<string> n) =>
            {
                if (n.HasValue)
                {
                    tell(n.Value);
                }
            },
            ObserverFlags.None,
            false,
            null);
    }

    private static Dictionary<string, Dictionary<string, Dictionary<string, VariantValue>>> ReadObjects(Message message, object state)
    {
        Dictionary<string, Dictionary<string, Dictionary<string, VariantValue>>> objects = new();
        Reader reader = message.GetBodyReader();
        ArrayEnd all = reader.ReadDictionaryStart();
        while (reader.HasNext(all))
        {
            reader.AlignStruct();
            Dictionary<string, Dictionary<string, VariantValue>> faces = new();
            objects[reader.ReadObjectPathAsString()] = faces;
            ArrayEnd end = reader.ReadDictionaryStart();
            while (reader.HasNext(end))
            {
                reader.AlignStruct();
                string face = reader.ReadString();
                faces[face] = reader.ReadDictionaryOfStringToVariantValue();
            }
        }

        return objects;
    }
}
