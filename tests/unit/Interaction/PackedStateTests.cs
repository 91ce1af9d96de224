using MatterNano;
using MatterNano.Interaction;
using nanoFramework.TestFramework;

namespace NFUnitTest.Interaction;

/// <summary>Slots of pools keep their numbers in packed words: each number at its largest, and nothing beside it moves.</summary>
[TestClass]
public class PackedStateTests
{
    [TestMethod]
    public void Limits_FitTheirBits()
    {
        Assert.IsTrue(Limits.SubscriptionPaths <= 0x3f, "first path u6");
        Assert.IsTrue(Limits.MaxPathsPerSubscription <= 0xf, "paths u4");
        Assert.IsTrue(Limits.SecureSessions + 1 <= 0x3f, "slot of a session u6");
        Assert.IsTrue(Limits.Subscriptions + 1 <= 0xff, "subscription of a transaction u8");
    }

    [TestMethod]
    public void Subscription_HoldsEachNumberApart()
    {
        ImLink link = new ImLink();
        SubscriptionTable table = link.Engine.Subscriptions;
        Subscription last = table[Limits.Subscriptions - 1];
        Subscription other = table[Limits.Subscriptions - 2];
        last.Id = 0xffffffff;
        last.FabricIndex = 254;
        last.State = Subscription.Active;
        last.Session = link.DeviceSession;
        last.SetFlag(Subscription.FlagMoved, true);
        last.Failures = 255;
        last.PeerNodeId = 0xfffffffefffffff1UL;
        last.MinInterval = 0xffff;
        last.MaxInterval = 0xfffe;
        last.Reported = 0xfffffffd;
        last.NextEvent = 0xfedcba9876543210UL;
        last.Age = 0xfffffffc;
        last.PathCount = Limits.MaxPathsPerSubscription;
        last.FirstPath = Limits.SubscriptionPaths;
        last.Reports = 1000;
        last.AddressHash = 0xabcd;
        last.LastReport = 0xffffffffffffL;
        last.RetryAt = 0x800000000000L;

        Assert.AreEqual(0xffffffff, last.Id);
        Assert.AreEqual(254, last.FabricIndex);
        Assert.AreEqual(Subscription.Active, last.State);
        Assert.IsTrue(last.Session == link.DeviceSession);
        Assert.IsTrue(last.HasFlag(Subscription.FlagMoved) && !last.HasFlag(Subscription.FlagInFlight) && last.IsIdle);
        Assert.AreEqual(255, last.Failures);
        Assert.AreEqual(0xfffffffefffffff1UL, last.PeerNodeId);
        Assert.AreEqual(0xffff, last.MinInterval);
        Assert.AreEqual(0xfffe, last.MaxInterval);
        Assert.AreEqual(0xfffffffdU, last.Reported);
        Assert.AreEqual(0xfedcba9876543210UL, last.NextEvent);
        Assert.AreEqual(0xfffffffcU, last.Age);
        Assert.AreEqual(Limits.MaxPathsPerSubscription, last.PathCount);
        Assert.AreEqual(Limits.SubscriptionPaths, last.FirstPath);
        Assert.AreEqual(63, last.Reports, "counted up to here");
        Assert.AreEqual(0xabcdU, last.AddressHash);
        Assert.AreEqual(0xffffffffffffL, last.LastReport);
        Assert.AreEqual(0x800000000000L, last.RetryAt);
        Assert.AreEqual(Limits.Subscriptions - 1, last.Index);

        Assert.AreEqual(0U, other.Id);
        Assert.AreEqual(0L, other.RetryAt);
        last.Session = null;
        last.SetFlag(Subscription.FlagInFlight, true);
        Assert.IsNull(last.Session);
        Assert.IsFalse(last.IsIdle);
        Assert.AreEqual(Subscription.Active, last.State);
        last.Clear();
        Assert.AreEqual(0L, last.LastReport);
        Assert.AreEqual(Subscription.Free, last.State);
    }

    [TestMethod]
    public void Transaction_HoldsEachNumberApart_AndStartsEmpty()
    {
        ImLink link = new ImLink();
        Transaction slot = new Transaction(link.Engine, 40);
        slot.Reset(Transaction.Read, null);
        Assert.AreEqual(-1, slot.ListIndex);
        Assert.AreEqual(-1, slot.ListResult);
        Assert.AreEqual(-1, slot.Reference);
        Assert.AreEqual(-1, slot.ClusterStatus);
        slot.SetSubject(AuthMode.Group, 254);
        slot.Phase = Transaction.PhaseEvents;
        slot.IsWaiting = true;
        slot.NotifyWhenSent = true;
        slot.Subscription = link.Engine.Subscriptions[Limits.Subscriptions - 1];
        slot.PathIndex = 0xffff;
        slot.PathCount = Limits.PathsPerRead;
        slot.EndpointIndex = 0xffff;
        slot.ClusterIndex = 3;
        slot.AttributeIndex = 0x10004;
        slot.ListIndex = 70000;
        slot.ListVersion = 0xffffffff;
        slot.Since = 0xfffffffe;
        slot.Until = 0xfffffffd;
        slot.NextEvent = 0xfedcba9876543210UL;
        slot.UntilEvent = 0xffffffffffffffffUL;
        slot.SetVersionKnown(39);

        Assert.AreEqual(Transaction.Read, slot.Kind);
        Assert.AreEqual(AuthMode.Group, slot.AuthMode);
        Assert.AreEqual(254, slot.FabricIndex);
        Assert.AreEqual(Transaction.PhaseEvents, slot.Phase);
        Assert.IsTrue(slot.IsWaiting && slot.NotifyWhenSent && slot.IsGroup && !slot.IsLast && !slot.IsTimed && !slot.IsFabricFiltered);
        Assert.AreEqual(Limits.Subscriptions - 1, slot.Subscription.Index);
        Assert.AreEqual(0xffff, slot.PathIndex);
        Assert.AreEqual(Limits.PathsPerRead, slot.PathCount);
        Assert.AreEqual(0xffff, slot.EndpointIndex);
        Assert.AreEqual(3, slot.ClusterIndex);
        Assert.AreEqual(0x10004, slot.AttributeIndex);
        Assert.AreEqual(70000, slot.ListIndex);
        Assert.AreEqual(0xffffffffU, slot.ListVersion);
        Assert.AreEqual(0xfffffffeU, slot.Since);
        Assert.AreEqual(0xfffffffdU, slot.Until);
        Assert.AreEqual(0xfedcba9876543210UL, slot.NextEvent);
        Assert.AreEqual(0xffffffffffffffffUL, slot.UntilEvent);
        Assert.IsTrue(slot.IsVersionKnown(39) && !slot.IsVersionKnown(38) && !slot.IsVersionKnown(7));
        slot.Subscription = null;
        Assert.AreEqual(254, slot.FabricIndex);

        // Write and invoke use the same words for theirs.
        slot.Reset(Transaction.Write, null);
        Assert.IsFalse(slot.IsVersionKnown(39));
        slot.Cluster = link.Test;
        slot.ClusterId = 0xfff1fc01;
        slot.Element = 0xfffffffe;
        slot.ListStatus = 0xff;
        slot.ListResult = 0xfe;
        slot.RefusedStatus = 0xfd;
        slot.ClusterStatus = 255;
        slot.Reference = 0xffff;
        slot.Deadline = 0x1234567890abL;
        Assert.IsTrue(slot.Cluster == link.Test);
        Assert.AreEqual(0xfff1fc01U, slot.ClusterId);
        Assert.AreEqual(0xfffffffeU, slot.Element);
        Assert.AreEqual(0xff, slot.ListStatus);
        Assert.AreEqual(0xfe, slot.ListResult);
        Assert.AreEqual(0xfd, slot.RefusedStatus);
        Assert.AreEqual(255, slot.ClusterStatus);
        Assert.AreEqual(0xffff, slot.Reference);
        Assert.AreEqual(0x1234567890abL, slot.Deadline);
        slot.ListResult = -1;
        Assert.AreEqual(-1, slot.ListResult);
        Assert.AreEqual(0xfd, slot.RefusedStatus);
        Assert.AreEqual(0xff, slot.ListStatus);
    }
}
