using Tmds.DBus.Protocol;

namespace MatterNano.Host.Bluez;

/// <summary>BlueZ answers, but what is needed of it is not there; the message is for the user.</summary>
internal sealed class BluezMissingException : DBusMessageException
{
    public BluezMissingException(string message)
        : base(message)
    {
    }
}
