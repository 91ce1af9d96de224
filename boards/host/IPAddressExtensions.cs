using System.Net;
using System.Net.Sockets;

namespace MatterNano.Host;

internal static class IPAddressExtensions
{
    /// <summary>The scope of an IPv6 address; 0 for IPv4, which has none.</summary>
    internal static long ScopeIdOrZero(this IPAddress address)
    {
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? address.ScopeId : 0;
    }
}
