using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Tmds.DBus.Protocol;

namespace MatterNano.Host.Bluez;

/// <summary>An object of ours on the bus: an interface, its properties, and what answers its methods.</summary>
internal sealed class BusObject : IPathMethodHandler
{
    private readonly Func<MethodContext, bool> _method;

    /// <param name="method">Answers a call; false for a method that the object lacks.</param>
    public BusObject(string path, string face, Dictionary<string, VariantValue> properties, Func<MethodContext, bool> method)
    {
        Path = path;
        Face = face;
        Properties = properties;
        _method = method;
    }

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public bool HandlesChildPaths => false;

    /// <summary>Name of the interface.</summary>
    public string Face { get; }

    /// <summary>Values of its properties.</summary>
    public Dictionary<string, VariantValue> Properties { get; }

    /// <inheritdoc/>
    public ValueTask HandleMethodAsync(MethodContext context)
    {
        if (context.Request.MemberAsString == "GetAll" && Properties != null)
        {
            MessageWriter writer = context.CreateReplyWriter("a{sv}");
            writer.WriteDictionary(Properties);
            context.Reply(writer.CreateMessage());
            writer.Dispose();
        }
        else if (!_method(context) && !context.ReplySent)
        {
            context.ReplyUnknownMethodError();
        }

        return default;
    }

    /// <summary>Answers a call without a value.</summary>
    public static bool Done(MethodContext context)
    {
        if (!context.NoReplyExpected)
        {
            MessageWriter writer = context.CreateReplyWriter(null);
            context.Reply(writer.CreateMessage());
            writer.Dispose();
        }

        return true;
    }
}
