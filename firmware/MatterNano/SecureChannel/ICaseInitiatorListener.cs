namespace MatterNano.SecureChannel;

/// <summary>Hears how the attempts of <see cref="CaseInitiator"/> ended. Called on the loop.</summary>
internal interface ICaseInitiatorListener
{
    /// <summary>An attempt is over, and the next one may begin.</summary>
    /// <param name="fabricIndex">Fabric of the peer.</param>
    /// <param name="peerNodeId">The peer.</param>
    /// <param name="result">A constant of <see cref="CaseInitiator"/>.</param>
    /// <param name="milliseconds">Time a busy peer asked for, else 0.</param>
    void OnInitiated(int fabricIndex, ulong peerNodeId, int result, int milliseconds);
}
