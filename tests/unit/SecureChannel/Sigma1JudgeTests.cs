using MatterNano.Credentials;
using MatterNano.SecureChannel;
using MatterNano.Sessions;
using MatterNano.Tlv;
using nanoFramework.TestFramework;

namespace NFUnitTest.SecureChannel;

/// <summary>Sigma1 between two steps of the loop.</summary>
[TestClass]
public class Sigma1JudgeTests
{
    [TestMethod]
    public void OneMoreThanFourAtOnce_IsToldBusy_TheOthersAreJudgedInTurn_4_11_1_5()
    {
        HandshakeBench bench = new HandshakeBench();
        for (int i = 0; i < Sigma1Judge.Capacity; i++)
        {
            Deliver(bench, 1, false);
            Assert.AreEqual(-1, bench.Opcode);
        }

        Deliver(bench, 2, false);
        Assert.IsTrue(bench.IsReport(StatusReport.GeneralBusy, StatusReport.Busy));
        Assert.IsTrue(bench.Handler.IsHandshakeRunning);
        bench.Work();
        Assert.AreEqual(4U, bench.Handler.Counters.Get(SecureChannelCounters.NoSharedTrustRoots));
        Assert.AreEqual(1U, bench.Exchanges.Counters.Get(MatterNano.Messaging.Counters.ExchangesFull), "told without any state");
        Assert.IsFalse(bench.Handler.IsHandshakeRunning);
        Deliver(bench, 3, false);
        bench.Work();
        Assert.IsTrue(bench.IsReport(StatusReport.GeneralFailure, StatusReport.NoSharedTrustRoots));
    }

    [TestMethod]
    public void PeerThatGivesUpMeanwhile_IsForgotten_4_14_2()
    {
        HandshakeBench bench = new HandshakeBench();
        byte[] report = new byte[8];
        Deliver(bench, 1, false);
        Deliver(bench, 2, true);
        bench.Deliver(SecureChannelProtocol.StatusReport, report, StatusReport.Write(report, 0, StatusReport.GeneralFailure, StatusReport.InvalidParameter));
        Deliver(bench, 3, false);
        bench.Work();

        // The one in the middle would have been answered by Sigma2.
        Assert.AreEqual(2U, bench.Handler.Counters.Get(SecureChannelCounters.NoSharedTrustRoots));
        Assert.IsTrue(bench.IsReport(StatusReport.GeneralFailure, StatusReport.NoSharedTrustRoots));
        Assert.IsFalse(bench.Handler.IsHandshakeRunning);
    }

    [TestMethod]
    public void AnyOtherMessageMeanwhile_ChangesNothing_4_14_2()
    {
        HandshakeBench bench = new HandshakeBench();
        Deliver(bench, 1, true);
        bench.Handler.Process(bench.Clock.Milliseconds);
        bench.Deliver(Sigma1.Opcode, new byte[40], 40);
        bench.Deliver(Sigma3.Opcode, new byte[40], 40);
        bench.Work();
        Assert.AreEqual(Sigma2.Opcode, bench.Opcode);
    }

    [TestMethod]
    public void FabricThatGoesBetweenTwoSteps_IsNoLongerAnswered_4_14_2_4()
    {
        for (int steps = 0; steps < 4; steps++)
        {
            HandshakeBench bench = new HandshakeBench();
            Deliver(bench, 1, true);
            for (int i = 0; i < steps; i++)
            {
                bench.Handler.Process(bench.Clock.Milliseconds);
            }

            Assert.IsTrue(bench.Fabrics.Remove(1));
            bench.Work();
            Assert.AreNotEqual(Sigma2.Opcode, bench.Opcode);
            Assert.AreEqual(steps < 3 ? 1U : 0U, bench.Handler.Counters.Get(SecureChannelCounters.NoSharedTrustRoots));
            Assert.IsFalse(bench.Handler.IsHandshakeRunning);
        }
    }

    // A Sigma1 on an exchange of its own, for the bench's device or for nobody.
    private static void Deliver(HandshakeBench bench, byte number, bool isForDevice)
    {
        byte[] random = new byte[32];
        byte[] destination = new byte[32];
        byte[] buffer = new byte[300];
        random[0] = number;
        if (isForDevice)
        {
            new FabricKeys(bench.Crypto).ComputeDestinationId(
                Hex.Bytes(HandshakeBench.ProtectionKey), 0, random, 0, Hex.Bytes(HandshakeBench.RootPublicKey), 0, HandshakeBench.FabricId, HandshakeBench.DeviceNodeId, destination, 0);
        }

        TlvWriter writer = new TlvWriter();
        writer.Init(buffer, 0, buffer.Length);
        Assert.IsTrue(Sigma1.Write(writer, random, 0, 815, destination, Hex.Bytes(HandshakeBench.RootPublicKey), new SessionParameters(), null, null));
        bench.NewExchange();
        bench.Deliver(Sigma1.Opcode, buffer, writer.Length);
    }
}
