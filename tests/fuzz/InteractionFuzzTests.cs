using System;
using System.Collections.Generic;
using MatterNano.Interaction;
using MatterNano.Messaging;
using MatterNano.Platform;
using MatterNano.Sessions;
using NFUnitTest.Interaction;
using Xunit;

namespace MatterNano.Fuzz;

/// <summary>The interaction model under wrong, mutated and ill-timed messages, and its use of memory under right ones.</summary>
public class InteractionFuzzTests
{
    private static readonly long[] s_light = { 1, 6, 0 };
    private static readonly long[] s_everything = { ImMessage.Any, ImMessage.Any, ImMessage.Any };

    /// <summary>After any of this nothing is left behind, no table is over its size, and a right request is answered.</summary>
    [Fact]
    public void MutatedMessagesInAnyOrder_LeaveNothingBehind()
    {
        for (int seed = 0; seed < Rounds.Of(150); seed++)
        {
            Random random = new Random(seed);
            ImLink link = new ImLink { KeepsExchanges = true };
            SecureSession[] sessions = { link.Session, link.Connect(2, 0xd0000002, 0xc0000002), link.Connect(0, 0, 0) };
            List<Exchange> open = new List<Exchange>();
            for (int step = 0; step < 300; step++)
            {
                Step(link, random, sessions, open);
                Assert.InRange(link.Engine.OpenInteractions, 0, Limits.Interactions);
                Assert.InRange(link.Engine.SubscriptionCount, 0, Limits.Subscriptions);
                Assert.InRange(link.Engine.ReportsInFlight, 0, Limits.Interactions);
            }

            link.Controller.IsDeaf = false;
            link.Privileges = Privilege.Administer;
            link.Test.BlobCount = 1;
            link.Test.BlobSize = 10;

            for (int fabric = 0; fabric < 3; fabric++)
            {
                link.Engine.RemoveFabric(fabric);
            }

            foreach (Exchange exchange in open)
            {
                exchange.Close();
            }

            for (int i = 0; i < 20; i++)
            {
                // What found no room before is taken when it is repeated.
                foreach (InvokeContext pending in link.Test.PutOff)
                {
                    pending.Complete(Status.Success);
                }

                link.Test.PutOff.Clear();
                link.Turn(20000);
            }

            Assert.Equal(0, link.Leftovers());
            Assert.Equal(0, link.Engine.ReportsInFlight);
            Assert.Equal(0, link.Engine.SubscriptionCount);
            link.Test.Value = 5;
            SecureSession fresh = link.Connect(1, 0xd0000001, 0xc0000009);
            Assert.Equal("0/100/0=0405 quiet", link.Request(fresh, InteractionModel.ReadRequest, ImMessage.Read(0, 100, 0)));
        }
    }

    /// <summary>G6: after the first of each kind no message allocates anything on the device.</summary>
    [Fact]
    public void RightMessages_AllocateNothing()
    {
        ImLink link = new ImLink();
        link.Test.BlobCount = 8;
        link.Test.BlobSize = 300;
        Wire wire = new Wire();
        link.Device.Tap = wire;
        link.Controller.Tap = wire;
        link.Controller.Exchanged = new System.Collections.ArrayList();
        byte[][] payloads =
        {
            ImMessage.Read(s_everything),
            ImMessage.Read(new long[] { 0, 100, 1 }, s_everything, true, new uint[] { 1, 6, 5 }),
            ImMessage.Write(false, false).PutNumber(0, 100, 0, 42).PutList(0, 100, 1, 3).PutItem(0, 100, 1, true).PutNumber(9, 9, 9, 9).EndWrite(false),
            ImMessage.Invoke(0, 100, 1, false, false, 5, 1),
            ImMessage.Invoke(1, 6, 2),
            ImMessage.Timed(500),
            ImMessage.Subscribe(false, 0, 60, s_everything, s_everything, true),
        };
        int[] opcodes =
        {
            InteractionModel.ReadRequest, InteractionModel.ReadRequest, InteractionModel.WriteRequest, InteractionModel.InvokeRequest,
            InteractionModel.InvokeRequest, InteractionModel.TimedRequest, InteractionModel.SubscribeRequest,
        };
        byte[] confirm = ImMessage.StatusResponse(Status.Success);
        HashSet<Exchange> all = new HashSet<Exchange>();
        long worst = 0;
        int messages = 0;
        for (int round = 0; round < 60; round++)
        {
            for (int kind = 0; kind < payloads.Length; kind++)
            {
                link.Test.Happen(0, 0, 4);
                Exchange exchange = link.Controller.Exchanges.Open(link.Session, ProtocolId.InteractionModel, link.Controller);
                Send(exchange, opcodes[kind], payloads[kind]);
                for (int part = 0; part < 30 && wire.Count > 0; part++)
                {
                    long before = GC.GetAllocatedBytesForCurrentThread();
                    Deliver(wire, link.Device, link.Controller);
                    link.Device.Exchanges.Process(link.Now);
                    link.Engine.Process(link.Now);
                    long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                    messages++;
                    if (round >= 5 && allocated > worst)
                    {
                        worst = allocated;
                    }

                    link.Controller.Exchanged.Clear();
                    Deliver(wire, link.Controller, link.Device);
                    foreach (Exchange answered in link.Controller.Exchanged)
                    {
                        all.Add(answered);
                        if (answered != exchange || link.Controller.LastOpcode == InteractionModel.ReportData)
                        {
                            Send(answered, InteractionModel.StatusResponse, confirm);
                        }
                    }
                }

                // What is left open ends with this side's word.
                exchange.Close();
                foreach (Exchange answered in all)
                {
                    answered.Close();
                }

                all.Clear();
                for (int i = 0; i < 4; i++)
                {
                    link.Now += 300;
                    link.Controller.Exchanges.Process(link.Now);
                    link.Device.Exchanges.Process(link.Now);
                    Deliver(wire, link.Device, link.Controller);
                    Deliver(wire, link.Controller, link.Device);
                }
            }
        }

        Assert.True(messages > 1000, "too little was done: " + messages);
        Assert.True(link.Engine.Counters[InteractionCounters.Reports] > 300, "reports " + link.Engine.Counters[InteractionCounters.Reports]);
        Assert.Equal(1, link.Engine.SubscriptionCount);
        Assert.Equal(0, worst);
    }

    private static void Send(Exchange exchange, int opcode, byte[] payload)
    {
        MessageBuffer message = exchange.BeginMessage();
        Array.Copy(payload, 0, message.Data, message.PayloadOffset, payload.Length);
        exchange.Send(message, opcode, payload.Length, SendFlags.Reliable | SendFlags.ExpectResponse);
    }

    private static void Deliver(Wire wire, ImSide to, ImSide from)
    {
        while (wire.TryTake(to.Address))
        {
            to.Exchanges.OnDatagram(wire.Taken, 0, wire.TakenLength, from.Address);
        }
    }

    private static void Step(ImLink link, Random random, SecureSession[] sessions, List<Exchange> open)
    {
        open.RemoveAll(exchange => !exchange.IsOpen);
        switch (random.Next(16))
        {
            case 0:
                link.Turn(random.Next(random.Next(4) == 0 ? 60000 : 3000));
                break;
            case 1:
                link.OnOff.Set(random.Next(2) == 0);
                link.Test.Change((uint)random.Next(8));
                break;
            case 2:
                link.Test.Happen((uint)random.Next(3), random.Next(3), random.Next(260));
                break;
            case 3:
                link.Privileges = random.Next(3) > 0 ? Privilege.Administer : random.Next(6);
                link.Test.BlobCount = random.Next(12);
                link.Test.BlobSize = random.Next(400);
                break;
            case 4:
                link.Controller.IsDeaf = !link.Controller.IsDeaf && random.Next(4) == 0;
                break;
            case 5:
                if (open.Count > 0)
                {
                    open[random.Next(open.Count)].Close();
                }

                break;
            case 6:
                if (link.Test.PutOff.Count > 0)
                {
                    InvokeContext pending = (InvokeContext)link.Test.PutOff[0];
                    link.Test.PutOff.RemoveAt(0);
                    pending.StartResponse(2).PutUnsigned(0, 1);
                    pending.Complete(random.Next(2));
                    link.Settle();
                }

                break;
            default:
                Speak(link, random, sessions, open);
                break;
        }
    }

    private static void Speak(ImLink link, Random random, SecureSession[] sessions, List<Exchange> open)
    {
        int opcode;
        byte[] payload = Message(random, out opcode);
        int changes = random.Next(3) == 0 ? random.Next(4) : 0;
        for (int i = 0; i < changes; i++)
        {
            payload[random.Next(payload.Length)] = (byte)random.Next(256);
        }

        if (random.Next(20) == 0)
        {
            payload = payload.AsSpan(0, random.Next(payload.Length)).ToArray();
        }

        if (random.Next(20) == 0)
        {
            opcode = random.Next(12);
        }

        Exchange exchange = null;
        if (open.Count > 0 && random.Next(4) == 0)
        {
            exchange = open[random.Next(open.Count)];
        }
        else if (link.Controller.LastExchange != null && link.Controller.LastExchange.IsOpen && random.Next(8) > 0 && link.Controller.LastOpcode == InteractionModel.ReportData)
        {
            exchange = link.Controller.LastExchange;
            opcode = InteractionModel.StatusResponse;
            payload = ImMessage.StatusResponse(random.Next(5) == 0 ? random.Next(256) : 0);
        }

        if (exchange == null)
        {
            exchange = link.Controller.Exchanges.Open(sessions[random.Next(sessions.Length)], ProtocolId.InteractionModel, link.Controller);
            if (exchange == null)
            {
                // The pool is full: all end, with their acknowledgements.
                foreach (Exchange full in open)
                {
                    full.Close();
                }

                link.Controller.LastExchange?.Close();
                link.Turn(300);
                link.Turn(300);
                return;
            }

            open.Add(exchange);
        }

        if (exchange.IsOpen && !exchange.IsAwaitingAcknowledgement)
        {
            link.Send(exchange, opcode, payload);
        }
    }

    private static byte[] Message(Random random, out int opcode)
    {
        int endpoint = random.Next(-1, 4);
        uint cluster = random.Next(3) == 0 ? 6U : 100U;
        switch (random.Next(7))
        {
            case 0:
                opcode = InteractionModel.ReadRequest;
                return random.Next(2) == 0
                    ? ImMessage.Read(s_everything)
                    : ImMessage.Read(new long[] { endpoint, cluster, random.Next(-1, 9) }, s_everything, random.Next(2) == 0, new uint[] { 0, 100, 7 });
            case 1:
                opcode = InteractionModel.SubscribeRequest;
                return ImMessage.Subscribe(
                    random.Next(2) == 0, random.Next(3), random.Next(100), random.Next(2) == 0 ? s_light : s_everything,
                    random.Next(2) == 0 ? s_everything : null, random.Next(2) == 0);
            case 2:
                opcode = InteractionModel.WriteRequest;
                return ImMessage.Write(random.Next(4) == 0, random.Next(4) == 0).PutList(0, 100, 1, random.Next(4))
                    .PutItem(0, 100, (uint)random.Next(1, 3), random.Next(3) > 0).PutNumber(endpoint, cluster, (uint)random.Next(9), random.Next(110))
                    .EndWrite(random.Next(3) == 0);
            case 3:
                opcode = InteractionModel.TimedRequest;
                return ImMessage.Timed(random.Next(3000));
            case 4:
                opcode = InteractionModel.StatusResponse;
                return ImMessage.StatusResponse(random.Next(256));
            default:
                opcode = InteractionModel.InvokeRequest;
                return ImMessage.Invoke(
                    endpoint, cluster, (uint)random.Next(8), random.Next(4) == 0, random.Next(5) == 0, random.Next(-1, 300), random.Next(10) == 0 ? 2 : 1);
        }
    }

    /// <summary>Datagrams on their way, in memory taken at the start.</summary>
    private sealed class Wire : IDatagramSender
    {
        private readonly byte[][] _datagrams = new byte[32][];
        private readonly int[] _lengths = new int[32];
        private readonly int[] _hosts = new int[32];

        public Wire()
        {
            for (int i = 0; i < _datagrams.Length; i++)
            {
                _datagrams[i] = new byte[Limits.MaxReceivedMessage];
            }
        }

        public byte[] Taken { get; } = new byte[Limits.MaxReceivedMessage];

        public int TakenLength { get; private set; }

        public int Count { get; private set; }

        public void Send(NetworkAddress to, byte[] buffer, int offset, int length)
        {
            int free = 0;
            while (_lengths[free] != 0)
            {
                free++;
            }

            Array.Copy(buffer, offset, _datagrams[free], 0, length);
            _lengths[free] = length;
            _hosts[free] = to.Ip[15];
            Count++;
        }

        public bool TryTake(NetworkAddress to)
        {
            for (int i = 0; i < _lengths.Length; i++)
            {
                if (_lengths[i] != 0 && _hosts[i] == to.Ip[15])
                {
                    Array.Copy(_datagrams[i], Taken, _lengths[i]);
                    TakenLength = _lengths[i];
                    _lengths[i] = 0;
                    Count--;
                    return true;
                }
            }

            return false;
        }
    }
}
