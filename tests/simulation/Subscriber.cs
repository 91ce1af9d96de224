using System.Threading.Tasks;
using MatterNano.Peer;
using Xunit;

namespace MatterNano.Simulation;

/// <summary>A controller with a session, a subscription, and the patience to be called back.</summary>
internal sealed class Subscriber
{
    public VirtualPeer Peer;
    public PeerIdentity Identity;
    public ImClient Client;
    public CaseResponder Responder;
    public ImSubscription Subscription;

    public Subscriber(VirtualPeer peer, PeerIdentity identity, HandshakeResult handshake)
    {
        Peer = peer;
        Identity = identity;
        Client = new ImClient(peer.Matter, handshake.Session);
        Responder = new CaseResponder(peer.Matter, identity, House.NodeId, handshake.Resumption) { Opened = s => Client.Session = s };
    }

    /// <summary>Opens a session, with its resumption record, as a controller does that found the light gone.</summary>
    /// <returns>False when the light did not answer.</returns>
    public async Task<bool> Connect(long timeout = 30000)
    {
        HandshakeResult handshake = await CaseInitiator.RunAsync(
            Peer.Matter, Identity, House.NodeId, new CaseOptions { Resumption = Responder.Resumption }, timeout);
        if (!handshake.IsSuccess)
        {
            return false;
        }

        Responder.Resumption = handshake.Resumption;
        Client.Session = handshake.Session;
        return true;
    }

    public async Task Subscribe()
    {
        Subscription = await Client.SubscribeAsync(0, 60, new ImPath[] { new(1, 6, 0) });
        Assert.NotNull(Subscription);
    }
}
