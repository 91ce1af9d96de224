namespace MatterNano.Platform;

/// <summary>The IP network of a board.</summary>
public interface IUdp
{
    /// <summary>Opens a socket on all interfaces for IPv4 and, where the board has it, IPv6.</summary>
    /// <param name="port">Local port; 0 lets the system choose.</param>
    /// <param name="shared">True when other programs may use the port too (mDNS).</param>
    /// <returns>Null when the port cannot be had.</returns>
    IUdpSocket Open(int port, bool shared);

    /// <summary>Own unicast addresses without loopback (unless bound to it), as 16-byte addresses one after the other.</summary>
    /// <param name="buffer">Receives at most buffer.Length / 16 addresses; IPv4 as ::ffff:a.b.c.d.</param>
    /// <returns>Number of addresses written.</returns>
    int GetAddresses(byte[] buffer);

    /// <summary>Grows by one whenever addresses or link state may have changed, so that the loop can poll it for free.</summary>
    int ChangeCount { get; }
}
