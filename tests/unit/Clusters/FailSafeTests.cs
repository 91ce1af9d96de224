using MatterNano.Clusters;
using nanoFramework.TestFramework;
using NFUnitTest.Fakes;

namespace NFUnitTest.Clusters;

[TestClass]
public class FailSafeTests
{
    [TestMethod]
    public void Arm_OverCaseWithAnOpenWindow_BusyWithOtherAdmin()
    {
        FailSafe failSafe = Make(out RecordingParts parts, out FakeClock clock, out FakeFlash flash);
        Assert.AreEqual(FailSafe.BusyWithOtherAdmin, failSafe.Arm(1, true, true, 60, 5));
        Assert.IsFalse(failSafe.IsArmed);
        Assert.AreEqual(FailSafe.Ok, failSafe.Arm(0, false, true, 60, 5), "PASE may");
        Assert.AreEqual(5UL, failSafe.Breadcrumb);
    }

    [TestMethod]
    public void ArmWithZero_NotArmed_OkWithoutEffect()
    {
        FailSafe failSafe = Make(out RecordingParts parts, out FakeClock clock, out FakeFlash flash);
        Assert.AreEqual(FailSafe.Ok, failSafe.Arm(1, true, false, 0, 9));
        Assert.IsFalse(failSafe.IsArmed);
        Assert.AreEqual(0UL, failSafe.Breadcrumb);
        Assert.AreEqual("", parts.Calls);
    }

    [TestMethod]
    public void ArmWithZero_BySameFabric_ExpiresBehindTheAnswer()
    {
        FailSafe failSafe = Make(out RecordingParts parts, out FakeClock clock, out FakeFlash flash);
        failSafe.Arm(1, true, false, 60, 9);
        parts.Calls = "";
        Assert.AreEqual(FailSafe.BusyWithOtherAdmin, failSafe.Arm(2, true, false, 0, 1));
        Assert.AreEqual(FailSafe.Ok, failSafe.Arm(1, true, false, 0, 1));
        Assert.AreEqual("", parts.Calls);
        Assert.AreEqual(long.MaxValue, failSafe.Process(clock.Now));
        Assert.AreEqual("pase drop expired ", parts.Calls);
        Assert.AreEqual(0UL, failSafe.Breadcrumb);
    }

    [TestMethod]
    public void Rearm_ByAnotherFabric_BusyWithOtherAdmin_TheBreadcrumbStays()
    {
        FailSafe failSafe = Make(out RecordingParts parts, out FakeClock clock, out FakeFlash flash);
        failSafe.Arm(1, true, false, 60, 9);
        Assert.AreEqual(FailSafe.BusyWithOtherAdmin, failSafe.Arm(2, true, false, 60, 1));
        Assert.AreEqual(FailSafe.BusyWithOtherAdmin, failSafe.Arm(0, false, false, 60, 1));
        Assert.AreEqual(9UL, failSafe.Breadcrumb);
        Assert.AreEqual(clock.Now + 60000, failSafe.Process(clock.Now));
    }

    [TestMethod]
    public void Rearm_MovesTheEnd_ButNeverBeyondTheCumulativeLimit()
    {
        FailSafe failSafe = Make(out RecordingParts parts, out FakeClock clock, out FakeFlash flash);
        long start = clock.Now;
        failSafe.Arm(1, true, false, 60, 0);
        for (int i = 0; i < 15; i++)
        {
            clock.Now += 59000;
            Assert.AreEqual(FailSafe.Ok, failSafe.Arm(1, true, false, 300, 0));
        }

        Assert.AreEqual(start + 900000, failSafe.Process(clock.Now));
        clock.Now = start + 899999;
        failSafe.Process(clock.Now);
        Assert.IsTrue(failSafe.IsArmed);
        clock.Now = start + 900000;
        failSafe.Process(clock.Now);
        Assert.IsFalse(failSafe.IsArmed);
    }

    [TestMethod]
    public void PaseSuccess_ArmsSixtySeconds_AndLeavesAnArmedOneAlone()
    {
        FailSafe failSafe = Make(out RecordingParts parts, out FakeClock clock, out FakeFlash flash);
        failSafe.OnPaseEstablished();
        Assert.AreEqual(clock.Now + 60000, failSafe.Process(clock.Now));
        failSafe.Arm(0, false, true, 300, 0);
        failSafe.OnPaseEstablished();
        Assert.AreEqual(clock.Now + 300000, failSafe.Process(clock.Now));
    }

    [TestMethod]
    public void Expiry_UndoesInTheOrderOfTheSpecification_11_10_7_2_2()
    {
        FailSafe failSafe = Make(out RecordingParts parts, out FakeClock clock, out FakeFlash flash);
        failSafe.Arm(0, false, true, 60, 3);
        Assert.IsTrue(failSafe.BeginRoot());
        failSafe.NoteCsr(false);
        Assert.IsTrue(failSafe.BeginNetworks());
        Assert.IsTrue(failSafe.BeginAddNoc(4));
        Assert.IsFalse(failSafe.HasCsr, "a CSR key is used once");
        Assert.AreEqual(4, failSafe.FabricIndex);
        parts.Calls = "";
        clock.Now += 60000;
        failSafe.Process(clock.Now);
        Assert.AreEqual("pase case4 networks remove4 drop expired ", parts.Calls);
        Assert.IsFalse(failSafe.NocAdded || failSafe.RootAdded || failSafe.NetworksChanged);
        Assert.AreEqual(0, failSafe.FabricIndex);
        Assert.AreEqual(0, flash.Count);
    }

    [TestMethod]
    public void ExpiryAfterUpdateNoc_RevertsTheFabric_AndDoesNotRemoveIt()
    {
        FailSafe failSafe = Make(out RecordingParts parts, out FakeClock clock, out FakeFlash flash);
        failSafe.Arm(2, true, false, 60, 3);
        failSafe.NoteCsr(true);
        Assert.IsTrue(failSafe.CsrIsForUpdate);
        failSafe.BeginUpdateNoc(2);
        parts.Calls = "";
        failSafe.Expire();
        Assert.AreEqual("pase case2 revert2 drop expired ", parts.Calls);
        failSafe.Expire();
        Assert.AreEqual("pase case2 revert2 drop expired ", parts.Calls, "once");
    }

    [TestMethod]
    public void TheMarkerReachesFlashFirst_AndARestartIsAnExpiry()
    {
        FailSafe failSafe = Make(out RecordingParts parts, out FakeClock clock, out FakeFlash flash);
        failSafe.Arm(0, false, true, 60, 3);
        Assert.AreEqual(0, flash.Count, "nothing provisional yet");
        failSafe.BeginNetworks();
        failSafe.BeginAddNoc(4);
        parts.Calls = "";
        FailSafe again = new FailSafe(clock, flash, parts);
        Assert.IsTrue(again.Recover());
        Assert.AreEqual("pase case4 networks remove4 drop changed ", parts.Calls, "no failed attempt is counted at boot");
        Assert.AreEqual(0, flash.Count);
        parts.Calls = "";
        Assert.IsFalse(new FailSafe(clock, flash, parts).Recover());
        Assert.AreEqual("commit ", parts.Calls, "a completion that was cut is finished");
    }

    [TestMethod]
    public void ACutCleanUp_IsRepeatedAtTheNextBoot()
    {
        FailSafe failSafe = Make(out RecordingParts parts, out FakeClock clock, out FakeFlash flash);
        failSafe.Arm(0, false, true, 60, 3);
        failSafe.BeginAddNoc(4);
        flash.CutAt = flash.Changes;
        try
        {
            failSafe.Expire();
            Assert.IsTrue(false, "no cut");
        }
        catch (PowerCutException)
        {
        }

        flash.CutAt = -1;
        parts.Calls = "";
        Assert.IsTrue(new FailSafe(clock, flash, parts).Recover());
        Assert.AreEqual("pase case4 remove4 drop changed ", parts.Calls);
    }

    [TestMethod]
    public void ADamagedMarker_StillCleansUp()
    {
        FailSafe failSafe = Make(out RecordingParts parts, out FakeClock clock, out FakeFlash flash);
        flash.Write("failsafe", new byte[] { 9 }, 0, 1);
        Assert.IsTrue(failSafe.Recover());
        Assert.AreEqual("pase networks drop changed ", parts.Calls);
        Assert.AreEqual(0, flash.Count);
    }

    [TestMethod]
    public void RefusedMarker_NothingBegins()
    {
        FailSafe failSafe = Make(out RecordingParts parts, out FakeClock clock, out FakeFlash flash);
        failSafe.Arm(0, false, true, 60, 3);
        flash.Refuses = true;
        Assert.IsFalse(failSafe.BeginRoot());
        Assert.IsFalse(failSafe.BeginNetworks());
        Assert.IsFalse(failSafe.BeginAddNoc(1));
        Assert.IsFalse(failSafe.BeginUpdateNoc(1));
        Assert.IsFalse(failSafe.RootAdded || failSafe.NetworksChanged || failSafe.NocAdded || failSafe.NocUpdated);
        Assert.AreEqual(0, failSafe.FabricIndex);
    }

    [TestMethod]
    public void Complete_OverCaseOfTheContextsFabricOnly_11_10_7_6()
    {
        FailSafe failSafe = Make(out RecordingParts parts, out FakeClock clock, out FakeFlash flash);
        Assert.AreEqual(FailSafe.NoFailSafe, failSafe.Complete(1, true));
        failSafe.Arm(0, false, true, 60, 3);
        failSafe.BeginAddNoc(2);
        Assert.AreEqual(FailSafe.InvalidAuthentication, failSafe.Complete(2, false));
        Assert.AreEqual(FailSafe.InvalidAuthentication, failSafe.Complete(1, true));
        Assert.AreEqual(FailSafe.InvalidAuthentication, failSafe.Complete(0, true));
        parts.Calls = "";
        Assert.AreEqual(FailSafe.Ok, failSafe.Complete(2, true));
        Assert.AreEqual("prepare commit drop completed changed ", parts.Calls);
        Assert.AreEqual(0UL, failSafe.Breadcrumb);
        Assert.AreEqual(0, flash.Count);
        Assert.AreEqual(long.MaxValue, failSafe.Process(clock.Now + 1000000));
        Assert.AreEqual(FailSafe.NoFailSafe, failSafe.Complete(2, true));
    }

    [TestMethod]
    public void CompleteWithAFullFlash_TheFailSafeGoesOn()
    {
        FailSafe failSafe = Make(out RecordingParts parts, out FakeClock clock, out FakeFlash flash);
        failSafe.Arm(0, false, true, 60, 3);
        failSafe.BeginAddNoc(2);
        parts.RefusesToPrepare = true;
        Assert.AreEqual(-1, failSafe.Complete(2, true));
        parts.RefusesToPrepare = false;
        flash.Refuses = true;
        Assert.AreEqual(-1, failSafe.Complete(2, true));
        Assert.IsTrue(failSafe.IsArmed);
        flash.Refuses = false;
        Assert.AreEqual(FailSafe.Ok, failSafe.Complete(2, true));
    }

    [TestMethod]
    public void RemoveFabricOfTheContext_EndsTheFailSafe()
    {
        FailSafe failSafe = Make(out RecordingParts parts, out FakeClock clock, out FakeFlash flash);
        failSafe.Arm(0, false, true, 60, 3);
        failSafe.BeginAddNoc(2);
        parts.Calls = "";
        failSafe.OnFabricRemoved(1);
        Assert.IsTrue(failSafe.IsArmed);
        failSafe.OnFabricRemoved(2);
        Assert.AreEqual("pase drop expired ", parts.Calls);
        Assert.AreEqual(0, flash.Count);
    }

    private static FailSafe Make(out RecordingParts parts, out FakeClock clock, out FakeFlash flash)
    {
        parts = new RecordingParts();
        clock = new FakeClock();
        flash = new FakeFlash();
        return new FailSafe(clock, flash, parts);
    }
}
