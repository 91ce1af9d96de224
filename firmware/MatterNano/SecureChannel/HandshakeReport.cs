using MatterNano.Messaging;
using MatterNano.Platform;

namespace MatterNano.SecureChannel;

/// <summary>Status reports by which PASE and CASE end or refuse a handshake (Core 4.11.1).</summary>
internal static class HandshakeReport
{
    /// <summary>Shortest time that a peer is told to wait, in milliseconds.</summary>
    internal const int MinBusyTime = 250;

    /// <summary>Sends a report that the peer acknowledges.</summary>
    internal static void Send(Exchange exchange, int general, int code)
    {
        MessageBuffer message = exchange.BeginShortMessage();
        if (message != null)
        {
            int size = StatusReport.Write(message.Data, message.PayloadOffset, general, code);
            exchange.Send(message, SecureChannelProtocol.StatusReport, size, SendFlags.Reliable);
        }
    }

    /// <summary>Tells a peer to come again later; unreliable, because its repetition is answered by the same.</summary>
    /// <param name="exchange">Its exchange.</param>
    /// <param name="random">Spreads those that wait.</param>
    /// <param name="milliseconds">Time to wait; at least <see cref="MinBusyTime"/>, and 50 to 250 more, are told.</param>
    internal static void SendBusy(Exchange exchange, IRandom random, int milliseconds)
    {
        MessageBuffer message = exchange.BeginShortMessage();
        if (message != null)
        {
            random.Fill(message.Data, 0, 1);
            int time = (milliseconds < MinBusyTime ? MinBusyTime : milliseconds) + 50 + message.Data[0] * 200 / 255;
            int size = StatusReport.WriteBusy(message.Data, message.PayloadOffset, time > 0xffff ? 0xffff : time);
            exchange.Send(message, SecureChannelProtocol.StatusReport, size, SendFlags.None);
        }
    }
}
