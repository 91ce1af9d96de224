using System;
using MatterNano;
using MatterNano.Discovery;
using MatterNano.Platform;
using nanoFramework.TestFramework;
using NFUnitTest.Fakes;

namespace NFUnitTest.Discovery;

[TestClass]
public class MdnsResponderTests
{
    private const int Ptr = 12;
    private const int Srv = 33;
    private const int Txt = 16;
    private const int A = 1;
    private const int Aaaa = 28;
    private const int Nsec = 47;
    private const string Instance = "0807060504030201._matterc._udp.local";
    private const string Host = "0807060504030201.local";
    private const string Node1 = "2906C908D115D362-8FC7772401CD0696._matter._tcp.local";

    [TestMethod]
    public void Start_AnnouncesEverythingTwiceOneSecondApart_RFC6762_8_3()
    {
        Bench bench = new Bench();
        bench.Commissionable = true;
        bench.Fabrics = 1;
        bench.Responder.Start(1000);
        Assert.AreEqual(2, bench.Udp.Sent.Count, "IPv4 and IPv6");
        Assert.IsTrue(((NetworkAddress)bench.Udp.Destinations[0]).IsIPv4);
        Assert.AreEqual((byte)0xfb, ((NetworkAddress)bench.Udp.Destinations[1]).Ip[15]);
        byte[] first = (byte[])bench.Udp.Sent[0];
        Assert.AreEqual(Instance, bench.Target(first, "_matterc._udp.local", Ptr));
        Assert.AreEqual(Instance, bench.Target(first, "_L3840._sub._matterc._udp.local", Ptr));
        Assert.AreEqual(Instance, bench.Target(first, "_S15._sub._matterc._udp.local", Ptr));
        Assert.AreEqual(Instance, bench.Target(first, "_V65521._sub._matterc._udp.local", Ptr));
        Assert.AreEqual(Instance, bench.Target(first, "_T256._sub._matterc._udp.local", Ptr));
        Assert.AreEqual(Instance, bench.Target(first, "_CM._sub._matterc._udp.local", Ptr));
        Assert.AreEqual("_matterc._udp.local", bench.Target(first, "_services._dns-sd._udp.local", Ptr));
        Assert.AreEqual(Node1, bench.Target(first, "_matter._tcp.local", Ptr));
        Assert.AreEqual(Node1, bench.Target(first, "_I2906C908D115D362._sub._matter._tcp.local", Ptr));
        Assert.AreEqual(4500U, bench.Reader.Ttl);
        Assert.IsFalse(bench.Reader.IsTopBitSet, "shared");
        Assert.AreEqual(Host, bench.Target(first, Node1, Srv));
        Assert.IsTrue(bench.Reader.IsTopBitSet, "unique");
        Assert.AreEqual(5540, ByteOrder.ReadUInt16BigEndian(first, bench.Reader.DataOffset + 4));
        Assert.AreEqual("SII=500 SAI=300 SAT=4000 T=0", bench.Txt(first, Node1));
        Assert.AreEqual("D=3840 CM=1 VP=65521+32769 DT=256 DN=Lamp PH=33 PI=5 SII=500 SAI=300 SAT=4000 T=0", bench.Txt(first, Instance));
        Assert.IsTrue(bench.Has(first, Host, A));
        Assert.AreEqual(4, bench.Reader.DataLength);
        Assert.IsTrue(bench.Has(first, Host, Aaaa));
        Assert.AreEqual(2, bench.Udp.Joins);

        Assert.AreEqual(2000L, bench.Responder.NextDeadline);
        bench.Responder.Process(1999);
        Assert.AreEqual(2, bench.Udp.Sent.Count);
        Assert.AreEqual(long.MaxValue, bench.Responder.Process(2000));
        Assert.AreEqual(4, bench.Udp.Sent.Count);
        Assert.AreEqual(first.Length, ((byte[])bench.Udp.Sent[2]).Length);
    }

    [TestMethod]
    public void Questions_AreAnsweredByExactlyTheirRecords()
    {
        Bench bench = Bench.Quiet();
        bench.CheckAnswer("_matterc._udp.local", Ptr, "_matterc._udp.local", Ptr);
        bench.CheckAnswer("_MATTERC._Udp.Local", Ptr, "_matterc._udp.local", Ptr);
        bench.CheckAnswer("_l3840._sub._matterc._udp.local", Ptr, "_L3840._sub._matterc._udp.local", Ptr);
        bench.CheckAnswer(Instance, Srv, Instance, Srv);
        bench.CheckAnswer(Instance, Txt, Instance, Txt);
        bench.CheckAnswer(Instance, 255, Instance, Srv);
        bench.CheckAnswer(Instance, A, Instance, Nsec);
        bench.CheckAnswer(Host, A, Host, A);
        bench.CheckAnswer(Host, Aaaa, Host, Aaaa);
        bench.CheckAnswer(Host, Txt, Host, Nsec);
        bench.CheckAnswer(Node1, Srv, Node1, Srv);
        bench.CheckAnswer("_I2906c908d115d362._sub._matter._tcp.local", Ptr, "_I2906C908D115D362._sub._matter._tcp.local", Ptr);
        bench.CheckAnswer("_services._dns-sd._udp.local", Ptr, "_services._dns-sd._udp.local", Ptr);

        string[] silent =
        {
            "local", "_matter._udp.local", "_matterc._tcp.local", "_L3841._sub._matterc._udp.local",
            "_L03840._sub._matterc._udp.local", "_S1._sub._matterc._udp.local", "_V1._sub._matterc._udp.local", "_T0._sub._matterc._udp.local",
            "_L._sub._matterc._udp.local", "_X1._sub._matterc._udp.local", "0807060504030202.local", "2906C908D115D362-8FC7772401CD0697._matter._tcp.local",
            "_I2906C908D115D363._sub._matter._tcp.local", "0807060504030201._matter._tcp.local", "_matterc._udp.example", "a.b.c.d._matter._tcp.local", "",
        };
        bench.Udp.Sent.Clear();
        for (int i = 0; i < silent.Length; i++)
        {
            bench.Ask(silent[i], 255, 5353, false);
            bench.Advance(2000);
            Assert.AreEqual(0, bench.Udp.Sent.Count, silent[i]);
        }
    }

    [TestMethod]
    public void SharedAnswer_WaitsTwentyToAHundredAndTwentyMilliseconds_UniqueOneDoesNot_RFC6762_6()
    {
        Bench bench = Bench.Quiet();
        bench.Ask("_matterc._udp.local", Ptr, 5353, false);
        bench.Advance(0);
        Assert.AreEqual(0, bench.Udp.Sent.Count);
        long wait = bench.Responder.NextDeadline - bench.Now;
        Assert.IsTrue(wait >= 20 && wait <= 120);
        bench.Advance(wait - 1);
        Assert.AreEqual(0, bench.Udp.Sent.Count);
        bench.Advance(1);
        Assert.AreEqual(2, bench.Udp.Sent.Count);
        byte[] answer = (byte[])bench.Udp.Sent[0];
        Assert.IsTrue(bench.Has(answer, Instance, Srv), "additional");
        Assert.IsTrue(bench.Has(answer, Instance, Txt), "additional");
        Assert.IsTrue(bench.Has(answer, Host, Aaaa), "additional");

        bench.Udp.Sent.Clear();
        bench.Ask(Node1, Srv, 5353, false);
        bench.Advance(0);
        Assert.AreEqual(2, bench.Udp.Sent.Count);

        // Asked again within a second: once more, but not before the second is over.
        bench.Udp.Sent.Clear();
        bench.Ask(Node1, Srv, 5353, false);
        bench.Advance(400);
        bench.Ask(Node1, Srv, 5353, false);
        bench.Advance(599);
        Assert.AreEqual(0, bench.Udp.Sent.Count);
        bench.Advance(1);
        Assert.AreEqual(2, bench.Udp.Sent.Count);
        bench.Advance(5000);
        Assert.AreEqual(2, bench.Udp.Sent.Count);
    }

    [TestMethod]
    public void UnicastQuestion_IsAnsweredToTheAskerAtOnce_RFC6762_5_4()
    {
        Bench bench = Bench.Quiet();
        bench.Ask("_matter._tcp.local", Ptr, 5353, true);
        bench.Advance(0);
        Assert.AreEqual(1, bench.Udp.Sent.Count);
        NetworkAddress to = (NetworkAddress)bench.Udp.Destinations[bench.Udp.Destinations.Count - 1];
        Assert.AreEqual(5353, to.Port);
        Assert.AreEqual((byte)9, to.Ip[15]);
        bench.Advance(5000);
        Assert.AreEqual(1, bench.Udp.Sent.Count, "announced lately, so nobody else needs it");

        bench.Advance(31000);
        bench.Udp.Sent.Clear();
        bench.Ask(Node1, Srv, 5353, true);
        bench.Advance(0);
        Assert.AreEqual(3, bench.Udp.Sent.Count, "to the asker, and to all after a quarter of its life");
    }

    [TestMethod]
    public void LegacyQuery_GetsItsIdAndQuestionBack_ShortLivedAndWithoutCacheFlush_RFC6762_6_7()
    {
        Bench bench = Bench.Quiet();
        bench.Ask(Node1, Srv, 40000, false);
        bench.Advance(0);
        Assert.AreEqual(1, bench.Udp.Sent.Count);
        byte[] answer = (byte[])bench.Udp.Sent[0];
        Assert.IsTrue(bench.Reader.Init(answer, 0, answer.Length));
        Assert.AreEqual(0x1234, bench.Reader.Id);
        Assert.AreEqual(1, bench.Reader.QuestionCount);
        Assert.IsTrue(bench.Reader.ReadQuestion());
        Assert.AreEqual(Node1, DnsTests.Text(bench.Reader.Name));
        Assert.IsTrue(bench.Has(answer, Node1, Srv));
        Assert.AreEqual(10U, bench.Reader.Ttl);
        Assert.IsFalse(bench.Reader.IsTopBitSet);
        Assert.AreEqual(6 + Host.Length + 2, bench.Reader.DataLength, "target in full");
        bench.Advance(5000);
        Assert.AreEqual(1, bench.Udp.Sent.Count);
    }

    [TestMethod]
    public void KnownAnswer_IsNotSentAgain_UnlessHalfItsLifeIsOver_RFC6762_7_1()
    {
        Bench bench = Bench.Quiet();
        bench.Query("_matter._tcp.local", Ptr, false, 0);
        bench.KnownPointer("_matter._tcp.local", Node1, 2250);
        bench.Advance(2000);
        Assert.AreEqual(0, bench.Udp.Sent.Count);
        Assert.AreEqual(1U, bench.Responder.GetCounter(MdnsResponder.Suppressed));

        bench.Query("_matter._tcp.local", Ptr, false, 0);
        bench.KnownPointer("_matter._tcp.local", Node1, 2249);
        bench.Advance(2000);
        Assert.AreEqual(2, bench.Udp.Sent.Count, "too old");

        bench.Udp.Sent.Clear();
        bench.Query("_matter._tcp.local", Ptr, false, 0);
        bench.KnownPointer("_matter._tcp.local", "2906C908D115D362-8FC7772401CD0697._matter._tcp.local", 4500);
        bench.Advance(2000);
        Assert.AreEqual(2, bench.Udp.Sent.Count, "another node's");

        // Both addresses of a family must be known before the family is left out.
        bench.Udp.Sent.Clear();
        DnsWriter writer = bench.Query(Host, A, false, 0);
        writer.PutName(DnsTests.Wire(Host), 0);
        writer.BeginData(A, 1, 120);
        writer.PutBytes(new byte[] { 192, 0, 2, 1 }, 0, 4);
        writer.EndData();
        writer.SetCount(1, 1);
        bench.Deliver(5353);
        bench.Advance(2000);
        Assert.AreEqual(0, bench.Udp.Sent.Count);
    }

    [TestMethod]
    public void KnownAnswersInAFurtherPacket_AreWaitedForAndHeeded_RFC6762_7_2()
    {
        Bench bench = Bench.Quiet();
        bench.Query("_matter._tcp.local", Ptr, false, 0x0200);
        bench.Deliver(5353);
        bench.Advance(0);
        Assert.IsTrue(bench.Responder.NextDeadline - bench.Now >= 400);
        bench.Query(null, 0, false, 0);
        bench.KnownPointer("_matter._tcp.local", Node1, 4500);
        bench.Advance(2000);
        Assert.AreEqual(0, bench.Udp.Sent.Count);
    }

    [TestMethod]
    public void NewService_IsAnnouncedTwice_AndAGoneOneSaysGoodbye()
    {
        Bench bench = Bench.Quiet();
        bench.Fabrics = 2;
        bench.Responder.ServicesChanged();
        Assert.AreEqual(0L, bench.Responder.NextDeadline);
        bench.Advance(0);
        string node2 = "2906C908D115D363-8FC7772401CD0697._matter._tcp.local";
        byte[] announced = (byte[])bench.Udp.Sent[0];
        Assert.IsTrue(bench.Has(announced, node2, Srv));
        Assert.IsFalse(bench.Has(announced, Node1, Srv), "only what is new");
        bench.Advance(1000);
        Assert.AreEqual(4, bench.Udp.Sent.Count);

        bench.Udp.Sent.Clear();
        bench.Fabrics = 1;
        bench.Commissionable = false;
        bench.Responder.ServicesChanged();
        bench.Advance(0);
        byte[] goodbye = (byte[])bench.Udp.Sent[0];
        Assert.AreEqual(node2, bench.Target(goodbye, "_matter._tcp.local", Ptr));
        Assert.AreEqual(0U, bench.Reader.Ttl);
        Assert.IsTrue(bench.Has(goodbye, "_CM._sub._matterc._udp.local", Ptr));
        Assert.AreEqual(0U, bench.Reader.Ttl);
        Assert.IsFalse(bench.Has(goodbye, Node1, Srv));
        Assert.IsFalse(bench.Has(goodbye, "_services._dns-sd._udp.local", Ptr), "others may have the same type");
        bench.Advance(3000);
        Assert.AreEqual(2, bench.Udp.Sent.Count);
        bench.Ask("_matterc._udp.local", Ptr, 5353, false);
        bench.Advance(2000);
        Assert.AreEqual(2, bench.Udp.Sent.Count);
        Assert.AreEqual(0UL, bench.Responder.CommissionableInstance);
    }

    [TestMethod]
    public void WindowOfAnAdministrator_ChangesTheTextAndKeepsTheInstance()
    {
        Bench bench = Bench.Quiet();
        bench.Mode = 2;
        bench.Discriminator = 0x123;
        bench.Responder.ServicesChanged();
        bench.Advance(0);
        Assert.AreEqual(4, bench.Udp.Sent.Count);
        byte[] goodbye = (byte[])bench.Udp.Sent[0];
        Assert.AreEqual(Instance, bench.Target(goodbye, "_L3840._sub._matterc._udp.local", Ptr));
        Assert.AreEqual(0U, bench.Reader.Ttl);
        Assert.IsFalse(bench.Has(goodbye, "_matterc._udp.local", Ptr));
        byte[] announced = (byte[])bench.Udp.Sent[2];
        Assert.AreEqual(Instance, bench.Target(announced, "_L291._sub._matterc._udp.local", Ptr));
        Assert.AreEqual(120U, bench.Reader.Ttl);
        Assert.AreEqual("D=291 CM=2", bench.Txt(announced, Instance).Substring(0, 10));
    }

    [TestMethod]
    public void NewAddress_IsAnnouncedAtOnce_AndNothingWithoutOne()
    {
        Bench bench = new Bench();
        bench.Fabrics = 1;
        byte[] own = bench.Udp.Own;
        bench.Udp.Own = new byte[0];
        bench.Responder.Start(1000);
        Assert.AreEqual(0, bench.Udp.Sent.Count);
        Assert.AreEqual(long.MaxValue, bench.Responder.NextDeadline);
        bench.Udp.Own = own;
        bench.Udp.ChangeCount++;
        Assert.AreEqual(0L, bench.Responder.NextDeadline);
        bench.Responder.Process(60000);
        Assert.AreEqual(2, bench.Udp.Sent.Count);
        Assert.AreEqual(4, bench.Udp.Joins, "groups joined again on the new address");
        bench.Responder.Process(61000);
        Assert.AreEqual(4, bench.Udp.Sent.Count);
    }

    [TestMethod]
    public void Stop_SaysGoodbyeForEverything()
    {
        Bench bench = Bench.Quiet();
        bench.Responder.Stop();
        Assert.AreEqual(2, bench.Udp.Sent.Count);
        byte[] goodbye = (byte[])bench.Udp.Sent[0];
        Assert.IsTrue(bench.Has(goodbye, Node1, Srv));
        Assert.AreEqual(0U, bench.Reader.Ttl);
        Assert.IsTrue(bench.Has(goodbye, Host, Aaaa));
        Assert.AreEqual(0U, bench.Reader.Ttl);
        Assert.IsFalse(bench.Responder.IsRunning);
        Assert.AreEqual(long.MaxValue, bench.Responder.Process(bench.Now + 10000));
        bench.Udp.Sent.Clear();
        bench.Responder.Start(bench.Now + 20000);
        Assert.AreEqual(2, bench.Udp.Sent.Count);
    }

    [TestMethod]
    public void BusyPort_IsTriedAgain()
    {
        Bench bench = new Bench();
        bench.Fabrics = 1;
        bench.Udp.CanOpen = false;
        bench.Responder.Start(1000);
        Assert.IsFalse(bench.Responder.IsRunning);
        bench.Responder.ServicesChanged();
        bench.Udp.CanOpen = true;
        bench.Responder.Process(6000);
        Assert.IsTrue(bench.Responder.IsRunning);
        Assert.AreEqual(2, bench.Udp.Sent.Count);
    }

    [TestMethod]
    public void Instance_ClaimedByAnotherHostIsDrawnAnew()
    {
        Bench bench = Bench.Quiet();
        ulong before = bench.Responder.CommissionableInstance;
        DnsWriter writer = bench.Query(null, 0, false, 0x8400);
        writer.PutName(DnsTests.Wire(Instance), 0);
        writer.BeginData(Srv, 0x8001, 120);
        writer.PutUInt32(0);
        writer.PutUInt16(5540);
        writer.PutName(DnsTests.Wire("0000000000000001.local"), 0);
        writer.EndData();
        writer.SetCount(1, 1);
        bench.Seed = 7;
        bench.Deliver(5353);
        bench.Advance(0);
        Assert.AreNotEqual(before, bench.Responder.CommissionableInstance);
        Assert.AreEqual(2, bench.Udp.Sent.Count);
        Assert.AreEqual(1U, bench.Responder.GetCounter(MdnsResponder.Conflicts));
    }

    [TestMethod]
    public void FiveFabricsAndTheWindow_AreAllAnnounced_InAsManyMessagesAsNeeded()
    {
        Bench bench = new Bench();
        bench.Commissionable = true;
        bench.Fabrics = Limits.Fabrics;
        bench.Udp.Own = new byte[16 * 8];
        for (int i = 0; i < 8; i++)
        {
            bench.Udp.Own[16 * i] = 0xfd;
            bench.Udp.Own[16 * i + 15] = (byte)i;
        }

        bench.Responder.Start(1000);
        int addresses = 0;
        int servers = 0;
        int pointers = 0;
        for (int m = 0; m < bench.Udp.Sent.Count; m += 2)
        {
            byte[] message = (byte[])bench.Udp.Sent[m];
            Assert.IsTrue(message.Length <= 1232);
            bench.Reader.Init(message, 0, message.Length);
            for (int i = 0; i < bench.Reader.AnswerCount; i++)
            {
                Assert.IsTrue(bench.Reader.ReadRecord());
                addresses += bench.Reader.Type == Aaaa ? 1 : 0;
                servers += bench.Reader.Type == Srv ? 1 : 0;
                pointers += bench.Reader.Type == Ptr ? 1 : 0;
            }
        }

        Assert.AreEqual(8, addresses);
        Assert.AreEqual(6, servers);
        Assert.AreEqual(6 + 2 * Limits.Fabrics + 2, pointers);
    }

    [TestMethod]
    public void HostilePackets_CutOrChangedAnywhere_AreSurvived()
    {
        Bench bench = Bench.Quiet();
        bench.Query("_matter._tcp.local", 255, false, 0);
        bench.PutPointer("_matter._tcp.local", Node1, 4500);
        byte[] good = new byte[bench.Length];
        Array.Copy(bench.Buffer, 0, good, 0, good.Length);
        for (int cut = 0; cut <= good.Length; cut++)
        {
            bench.Udp.Arrive(good, cut, 5353);
        }

        for (int i = 0; i < good.Length; i++)
        {
            byte kept = good[i];
            good[i] = (byte)(kept ^ 0xc0);
            bench.Udp.Arrive(good, good.Length, 5353);
            good[i] = 0xff;
            bench.Udp.Arrive(good, good.Length, 40000);
            good[i] = kept;
        }

        for (int i = 0; i < 40; i++)
        {
            bench.Advance(1000);
        }

        bench.Udp.Sent.Clear();
        bench.CheckAnswer(Node1, Srv, Node1, Srv);
        Assert.IsTrue(bench.Responder.GetCounter(MdnsResponder.Malformed) > 20);
    }

    /// <summary>A responder with the node and the network around it.</summary>
    private class Bench : IAdvertisedServices, IRandom, ILog
    {
        internal FakeUdp Udp = new FakeUdp();
        internal DnsReader Reader = new DnsReader();
        internal MdnsResponder Responder;
        internal byte[] Buffer = new byte[512];
        internal bool Commissionable;
        internal int Fabrics;
        internal int Mode = 1;
        internal int Discriminator = 3840;
        internal int Seed;
        internal long Now;
        private readonly DnsWriter _writer = new DnsWriter();

        internal Bench()
        {
            // fe80::1 and 192.0.2.1
            Udp.Own = new byte[32];
            Udp.Own[0] = 0xfe;
            Udp.Own[1] = 0x80;
            Udp.Own[15] = 1;
            Udp.Own[26] = 0xff;
            Udp.Own[27] = 0xff;
            Udp.Own[28] = 192;
            Udp.Own[30] = 2;
            Udp.Own[31] = 1;
            Responder = new MdnsResponder(Udp, this, this, this, new byte[MdnsResponder.ReceiveSize], new NetworkAddress(), new byte[DnsReader.MaxName], null);
            Responder.SetSessionParameters(500, 300, 4000);
        }

        public int ServicePort
        {
            get { return 5540; }
        }

        internal int Length
        {
            get { return _writer.Length; }
        }

        /// <summary>Commissionable, one fabric, announcements over.</summary>
        internal static Bench Quiet()
        {
            Bench bench = new Bench();
            bench.Commissionable = true;
            bench.Fabrics = 1;
            bench.Responder.Start(1000);
            bench.Responder.Process(2000);
            bench.Now = 5000;
            bench.Udp.Sent.Clear();
            bench.Udp.Destinations.Clear();
            return bench;
        }

        public bool TryGetCommissionable(CommissionableService service)
        {
            service.Discriminator = Discriminator;
            service.CommissioningMode = Mode;
            service.VendorId = 65521;
            service.ProductId = 32769;
            service.DeviceType = 256;
            service.DeviceName = "Lamp";
            service.RotatingId = null;
            service.PairingHint = 33;
            service.PairingInstruction = "5";
            return Commissionable;
        }

        public bool TryGetOperational(int index, out ulong compressedFabricId, out ulong nodeId)
        {
            compressedFabricId = 0x2906C908D115D362UL + (ulong)index;
            nodeId = 0x8FC7772401CD0696UL + (ulong)index;
            return index < Fabrics;
        }

        public void Fill(byte[] buffer, int offset, int count)
        {
            for (int i = 0; i < count; i++)
            {
                buffer[offset + i] = (byte)(i + 1 + Seed);
            }
        }

        public bool IsEnabled(int level)
        {
            return false;
        }

        public void Write(int level, string area, string text)
        {
        }

        internal void Advance(long milliseconds)
        {
            Now += milliseconds;
            Responder.Process(Now);
        }

        internal DnsWriter Query(string name, int type, bool unicast, int flags)
        {
            _writer.Init(Buffer, 0, Buffer.Length, 0x1234, flags);
            if (name != null)
            {
                _writer.PutName(DnsTests.Wire(name), 0);
                _writer.PutUInt16(type);
                _writer.PutUInt16(unicast ? 0x8001 : 1);
                _writer.SetCount(0, 1);
            }

            return _writer;
        }

        internal void Deliver(int port)
        {
            Udp.Arrive(Buffer, _writer.Length, port);
            Responder.Process(Now);
        }

        internal void Ask(string name, int type, int port, bool unicast)
        {
            Query(name, type, unicast, 0);
            Deliver(port);
        }

        internal void PutPointer(string name, string target, uint ttl)
        {
            _writer.PutName(DnsTests.Wire(name), 0);
            _writer.BeginData(Ptr, 1, ttl);
            _writer.PutName(DnsTests.Wire(target), 0);
            _writer.EndData();
            _writer.SetCount(1, 1);
        }

        internal void KnownPointer(string name, string target, uint ttl)
        {
            PutPointer(name, target, ttl);
            Deliver(5353);
        }

        internal void CheckAnswer(string name, int type, string owner, int answerType)
        {
            Udp.Sent.Clear();
            Ask(name, type, 5353, false);
            Advance(0);
            Advance(2000);
            Assert.AreEqual(2, Udp.Sent.Count, name);
            byte[] answer = (byte[])Udp.Sent[0];
            Assert.IsTrue(Reader.Init(answer, 0, answer.Length));
            Assert.AreEqual(0x8400, Reader.Flags);
            bool found = false;
            for (int i = 0; i < Reader.AnswerCount; i++)
            {
                Assert.IsTrue(Reader.ReadRecord());
                Assert.AreEqual(owner, DnsTests.Text(Reader.Name), name);
                found = found || Reader.Type == answerType;
            }

            Assert.IsTrue(found, name);
        }

        /// <summary>Leaves the reader on the record.</summary>
        internal bool Has(byte[] message, string name, int type)
        {
            Assert.IsTrue(Reader.Init(message, 0, message.Length));
            for (int i = 0; i < Reader.QuestionCount; i++)
            {
                Assert.IsTrue(Reader.ReadQuestion());
            }

            int count = Reader.AnswerCount + Reader.AuthorityCount + Reader.AdditionalCount;
            for (int i = 0; i < count; i++)
            {
                Assert.IsTrue(Reader.ReadRecord());
                if (Reader.Type == type && DnsTests.Text(Reader.Name) == name)
                {
                    return true;
                }
            }

            return false;
        }

        internal string Target(byte[] message, string name, int type)
        {
            byte[] target = new byte[DnsReader.MaxName];
            return Has(message, name, type) && Reader.ReadDataName(type == Srv ? 6 : 0, target) > 0 ? DnsTests.Text(target) : null;
        }

        internal string Txt(byte[] message, string name)
        {
            Assert.IsTrue(Has(message, name, MdnsResponderTests.Txt));
            char[] text = new char[Reader.DataLength - 1];
            int position = Reader.DataOffset;
            int next = 0;
            for (int i = 0; i < Reader.DataLength; i++)
            {
                if (i == next)
                {
                    next += message[position + i] + 1;
                    if (i > 0)
                    {
                        text[i - 1] = ' ';
                    }
                }
                else
                {
                    text[i - 1] = (char)message[position + i];
                }
            }

            return new string(text);
        }
    }
}
