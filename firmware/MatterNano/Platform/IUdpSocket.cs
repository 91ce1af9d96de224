namespace MatterNano.Platform;

/// <summary>A bound UDP socket. The driver receives into a fixed ring of its own and wakes the loop.</summary>
public interface IUdpSocket
{
    /// <summary>The local port.</summary>
    int Port { get; }

    /// <summary>Sends one datagram. An unreachable destination is silence; MRP repeats.</summary>
    void Send(NetworkAddress destination, byte[] buffer, int offset, int length);

    /// <summary>Takes the oldest waiting datagram.</summary>
    /// <param name="source">Receives the sender's address.</param>
    /// <returns>Its length; 0 when none waits. Datagrams longer than <paramref name="capacity"/> are dropped by the driver.</returns>
    int TryReceive(byte[] buffer, int offset, int capacity, NetworkAddress source);

    /// <summary>Joins a multicast group on every interface that can; called again after an address change.</summary>
    void JoinGroup(NetworkAddress group);

    /// <summary>Leaves a multicast group.</summary>
    void LeaveGroup(NetworkAddress group);

    /// <summary>Closes the socket.</summary>
    void Close();
}
