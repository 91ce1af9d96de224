using System.Threading.Tasks;
using MatterNano.Peer;
using Xunit;

namespace MatterNano.Simulation;

public class CaseTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void FullHandshake_OpensASessionThatWorks_4_14_2(bool withIntermediate)
    {
        World world = new(withIntermediate: withIntermediate);
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            HandshakeResult result = await CaseInitiator.RunAsync(peer.Matter, world.Fabric.CreateIdentity(0x1000), World.NodeId);
            Assert.True(result.IsSuccess, result.Status?.ToString());
            Assert.False(result.IsResumed);
            await World.AssertWorks(peer.Matter, result.Session);
        });
        Assert.Single(world.Node.Opened);
        world.AssertPools(1);
    }
}
