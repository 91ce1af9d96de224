using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace MatterNano.Peer;

/// <summary>Runs a controller over a real UDP socket, on the thread that calls <see cref="Run"/>.</summary>
public sealed class UdpPeerHost : IPeerHost, IDisposable
{
    private readonly PriorityQueue<Action, (long, long)> _events = new();
    private readonly Socket _socket;
    private readonly EndPoint _node;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly byte[] _buffer = new byte[2048];
    private long _sequence;

    public UdpPeerHost(IPEndPoint node, int seed)
    {
        _node = node;
        _socket = new Socket(node.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _socket.Bind(new IPEndPoint(node.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0));
        Matter = new MatterPeer(this, seed);
    }

    public MatterPeer Matter { get; }

    public long Now => _watch.ElapsedMilliseconds;

    public void Send(byte[] datagram) => _socket.SendTo(datagram, _node);

    public Action Schedule(long delay, Action action)
    {
        bool cancelled = false;
        _events.Enqueue(
            () =>
            {
                if (!cancelled)
                {
                    action();
                }
            },
            (Now + Math.Max(0, delay), _sequence++));
        return () => cancelled = true;
    }

    /// <summary>Runs a body to its end; messages and timers are handled as it waits.</summary>
    public void Run(Func<Task> body, long limit = 60_000)
    {
        SynchronizationContext context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            long end = Now + limit;
            Task task = body();
            while (!task.IsCompleted)
            {
                if (Now > end)
                {
                    throw new TimeoutException($"not done within {limit} ms");
                }

                Pump();
            }

            task.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    public void Dispose() => _socket.Dispose();

    private void Pump()
    {
        long wait = 50;
        if (_events.TryPeek(out Action action, out (long Time, long) key))
        {
            if (key.Time <= Now)
            {
                _events.Dequeue();
                action();
                return;
            }

            wait = Math.Min(wait, key.Time - Now);
        }

        if (_socket.Poll(TimeSpan.FromMilliseconds(wait), SelectMode.SelectRead))
        {
            EndPoint from = new IPEndPoint(_socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
            int length = _socket.ReceiveFrom(_buffer, ref from);
            Matter.OnDatagram(_buffer.AsSpan(0, length).ToArray());
        }
    }
}
