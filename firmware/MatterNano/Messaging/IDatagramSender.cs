using MatterNano.Platform;

namespace MatterNano.Messaging;

/// <summary>Where messages leave. Must not deliver an answer on the caller's stack; the buffer is free again when it returns.</summary>
public interface IDatagramSender
{
    /// <summary>Sends one message. Failure is silence; MRP repeats.</summary>
    void Send(NetworkAddress to, byte[] buffer, int offset, int length);
}
