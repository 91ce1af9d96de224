extern alias board;
using System;
using System.Linq;
using System.Net.Sockets;
using System.Threading;
using MatterNano.Esp32.Machine;
using MatterNano.Host;
using MatterNano.Platform;
using Xunit;
using GattRadio = board::MatterNano.Esp32.GattRadio;

namespace MatterNano.Esp32.Tests;

public sealed class RadioTests : IDisposable
{
    private static readonly byte[] ServiceData = { 0, 0x34, 0x02, 0xf1, 0xff, 0x01, 0x80, 0 };

    private readonly Bench _bench = new Bench();
    private readonly Signal _signal = new Signal();
    private readonly GattRadio _radio;
    private readonly byte[] _buffer = new byte[247];

    public RadioTests()
    {
        _bench.Chip.Radio.Listen(0);
        _radio = new GattRadio(_signal);
    }

    public void Dispose()
    {
        _radio.Close();
        _bench.Dispose();
    }

    [Fact]
    public void AdvertisesFlagsAndServiceDataOnly_5_4_2_5_6()
    {
        Assert.True(_radio.StartAdvertising(ServiceData));
        Assert.Equal("0201060B16F6FF003402F1FF018000", Convert.ToHexString(_bench.Chip.Radio.Advertisement));
        _radio.StopAdvertising();
        Assert.Null(_bench.Chip.Radio.Advertisement);
    }

    [Fact]
    public void ChangedAdvertisementStopsTheOldOneFirst()
    {
        _radio.StartAdvertising(ServiceData);
        _radio.StartAdvertising(new byte[8]);
        Assert.Equal(new[] { "advertise", "down", "advertise" }, _bench.Chip.Radio.History);
    }

    [Fact]
    public void WriteSubscribeNotifyAndRead()
    {
        _radio.StartAdvertising(ServiceData);
        BleContact central = Connect(100);
        Assert.Equal(new byte[] { 100, 0 }, Expect(central, BleAir.Connected));
        Assert.False(_radio.TrySend(new byte[] { 1 }, 0, 1));
        central.Send(BleAir.WriteC1, new byte[] { 7, 8, 9 });
        Assert.Equal(new byte[] { 0 }, Expect(central, BleAir.WriteC1Done));
        central.Send(BleAir.SubscribeC2, new byte[] { 2 });
        Expect(central, BleAir.SubscribeC2Done);
        Assert.Equal((BleEvent.Connected, 100), Take());
        Assert.Equal((BleEvent.Written, 3), Take());
        Assert.Equal(new byte[] { 7, 8, 9 }, _buffer.AsSpan(0, 3).ToArray());
        Assert.Equal((BleEvent.Subscribed, 0), Take());
        Assert.True(_radio.TrySend(new byte[] { 5, 1, 2, 5 }, 1, 2));
        Assert.Equal((BleEvent.Sent, 0), Take());
        Assert.Equal(new byte[] { 1, 2 }, Expect(central, BleAir.IndicateC2));
        _radio.SetAdditionalData(new byte[] { 4, 4, 4 }, 2);
        central.Send(BleAir.ReadC3, Array.Empty<byte>());
        Assert.Equal(new byte[] { 4, 4 }, Expect(central, BleAir.ReadC3Done));
        central.Close();
        Assert.Equal((BleEvent.Unsubscribed, 0), Take());
        Assert.Equal((BleEvent.Disconnected, 0), Take());
        Bench.Until(() => _bench.Chip.Radio.Advertisement != null, "it advertises again by itself");
    }

    [Fact]
    public void BusyRadio_TellsWhenToTryAgain()
    {
        BleContact central = Link();
        _bench.Chip.Radio.BusyNotifications = 2;
        Assert.False(_radio.TrySend(new byte[] { 1 }, 0, 1));
        Assert.Equal((BleEvent.Sent, 0), Take());
        Assert.False(_radio.TrySend(new byte[] { 1 }, 0, 1));
        Assert.Equal((BleEvent.Sent, 0), Take());
        Assert.True(_radio.TrySend(new byte[] { 1 }, 0, 1));
        Assert.Equal(new byte[] { 1 }, Expect(central, BleAir.IndicateC2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void CentralThatWantsNotifications_Indications_OrBoth_IsServed(byte configuration)
    {
        _radio.StartAdvertising(ServiceData);
        BleContact central = Connect(247);
        Expect(central, BleAir.Connected);
        central.Send(BleAir.SubscribeC2, new[] { configuration });
        Assert.Empty(Expect(central, BleAir.SubscribeC2Done));
        Assert.Equal((BleEvent.Connected, 247), Take());
        Assert.Equal((BleEvent.Subscribed, 0), Take());
        Assert.True(_radio.TrySend(new byte[] { 1 }, 0, 1));
        Assert.Equal(new byte[] { 1 }, Expect(central, BleAir.IndicateC2));
    }

    [Fact]
    public void ChipThatReadsTheCharacteristicInsteadOfSending_IsGivenTheSameValueAgain()
    {
        BleContact central = Link();
        _bench.Chip.Radio.NullBuffers = 1;
        Assert.False(_radio.TrySend(new byte[] { 1 }, 0, 1));
        Assert.Equal((BleEvent.Sent, 0), Take());
        Assert.True(_radio.TrySend(new byte[] { 1 }, 0, 1));
        Assert.Equal(new byte[] { 1 }, Expect(central, BleAir.IndicateC2));
    }

    [Fact]
    public void MoreValuesThanTheRadioHasBuffers_ArriveAllInTheirOrder()
    {
        BleContact central = Link();
        int refused = 0;
        for (byte i = 0; i < 50; i++)
        {
            while (!_radio.TrySend(new[] { i }, 0, 1))
            {
                refused++;
                Assert.Equal((BleEvent.Sent, 0), Take());
            }

            Assert.Equal((BleEvent.Sent, 0), Take());
        }

        Assert.True(refused > 0);
        for (byte i = 0; i < 50; i++)
        {
            Assert.Equal(new[] { i }, Expect(central, BleAir.IndicateC2));
        }
    }

    [Fact]
    public void StopWhileConnectedKeepsTheLink_AndEndsAdvertisingAfterIt()
    {
        BleContact central = Link();
        _radio.StopAdvertising();
        central.Send(BleAir.WriteC1, new byte[] { 1 });
        Assert.Equal(new byte[] { 0 }, Expect(central, BleAir.WriteC1Done));
        Assert.Equal((BleEvent.Written, 1), Take());
        central.Close();
        Assert.Equal((BleEvent.Unsubscribed, 0), Take());
        Assert.Equal((BleEvent.Disconnected, 0), Take());
        Assert.Null(_bench.Chip.Radio.Advertisement);
    }

    [Fact]
    public void DisconnectDropsTheCentral_AndAdvertisesAgain()
    {
        BleContact central = Link();
        _radio.Disconnect();
        Expect(central, BleAir.Disconnect);
        Assert.Equal((BleEvent.Disconnected, 0), Take());
        Assert.NotNull(_bench.Chip.Radio.Advertisement);
        Assert.Equal(1u, _radio.Restarts);
        Link();
    }

    [Fact]
    public void CloseGivesTheServerBack_AndItCanStartAgain()
    {
        Link();
        _radio.Close();
        Assert.Null(_bench.Chip.Radio.Advertisement);
        Assert.Equal((BleEvent.Disconnected, 0), Take());
        Assert.True(_radio.StartAdvertising(ServiceData));
        Link(started: true);
    }

    [Fact]
    public void LateAnswerMakesTheServerDeaf_ACentralThatLeavesEmptyHandedRestartsIt()
    {
        _radio.StartAdvertising(ServiceData);

        // The event thread is held up: two writes time out, and the answer to the first comes when the second has replaced it.
        using (ManualResetEventSlim go = new ManualResetEventSlim())
        {
            BleContact central = Connect(100);
            Expect(central, BleAir.Connected);
            _bench.Chip.Post(() => go.Wait());
            _bench.Chip.Radio.AnswerLimit = 200;
            central.Send(BleAir.WriteC1, new byte[] { 1 });
            Assert.Equal(new byte[] { 0x0e }, Expect(central, BleAir.WriteC1Done));
            _bench.Chip.Radio.AnswerLimit = 60000;
            go.Set();

            // Its memory is freed when the handler looks: that alone starts the server anew.
            Bench.Until(() => _radio.TryTake(_buffer, 0, out _) >= 0 && _radio.Restarts == 1, "a restart");
            central.Close();
        }

        Link(started: true);
        Drain();
        board::nanoFramework.Device.Bluetooth.BluetoothLEServer.Instance.Stack.Respond(0xffff, 0, null);
        _radio.Disconnect();
        Drain();
        board::nanoFramework.Device.Bluetooth.BluetoothLEServer.Instance.Stack.Respond(0xffff, 0, null);
        BleContact refused = Connect(100);
        Expect(refused, BleAir.Connected);
        refused.Send(BleAir.WriteC1, new byte[] { 1 });
        Assert.Equal(new byte[] { 0x0e }, Expect(refused, BleAir.WriteC1Done));
        uint restarts = _radio.Restarts;
        refused.Close();
        Bench.Until(() => _radio.TryTake(_buffer, 0, out _) >= 0 && _radio.Restarts == restarts + 1, "a restart");
        Link(started: true);
    }

    [Fact]
    public void CentralThatLeavesUnserved_RestartsTheServer_UnlessTheNextIsThere()
    {
        _radio.StartAdvertising(ServiceData);
        _radio.SetAdditionalData(new byte[] { 4 }, 1);
        BleContact curious = Connect(100);
        Expect(curious, BleAir.Connected);
        curious.Send(BleAir.ReadC3, Array.Empty<byte>());
        Assert.Equal(new byte[] { 4 }, Expect(curious, BleAir.ReadC3Done));
        curious.Close();
        Bench.Until(() => _bench.Chip.Radio.Advertisement != null, "it advertises again");
        Drain();
        Assert.Equal(0u, _radio.Restarts);

        // The loop looks only when the next central is connected: it is served, so the server is not deaf.
        BleContact hasty = Connect(100);
        Expect(hasty, BleAir.Connected);
        hasty.Close();
        Bench.Until(() => _bench.Chip.Radio.Advertisement != null, "it advertises again");
        BleContact next = Connect(100);
        Expect(next, BleAir.Connected);
        _bench.Chip.Settle();
        Drain();
        next.Send(BleAir.WriteC1, new byte[] { 1 });
        Assert.Equal(new byte[] { 0 }, Expect(next, BleAir.WriteC1Done));
        next.Close();
        Bench.Until(() => _bench.Chip.Radio.Advertisement != null, "it advertises again");
        Drain();
        Assert.Equal(0u, _radio.Restarts);
        hasty = Connect(100);
        Expect(hasty, BleAir.Connected);
        hasty.Close();
        Bench.Until(() => _radio.TryTake(_buffer, 0, out _) >= 0 && _radio.Restarts == 1, "a restart");
    }

    [Fact]
    public void FullRing_DropsTheLinkRatherThanAWrite()
    {
        BleContact central = Link();
        byte error = 0;
        int written = 0;
        for (; error == 0; written++)
        {
            Assert.True(written < 20);
            central.Send(BleAir.WriteC1, new byte[240]);
            error = Expect(central, BleAir.WriteC1Done)[0];
        }

        Assert.Equal(0x11, error);
        Assert.Equal((BleEvent.Disconnected, 0), Take());
        Assert.NotNull(_bench.Chip.Radio.Advertisement);
    }

    private BleContact Link(bool started = false)
    {
        if (!started)
        {
            _radio.StartAdvertising(ServiceData);
        }

        BleContact central = Connect(247);
        Expect(central, BleAir.Connected);
        central.Send(BleAir.WriteC1, new byte[] { 1 });
        Assert.Equal(new byte[] { 0 }, Expect(central, BleAir.WriteC1Done));
        central.Send(BleAir.SubscribeC2, new byte[] { 2 });
        Expect(central, BleAir.SubscribeC2Done);
        Assert.Equal((BleEvent.Connected, 247), Take());
        Assert.Equal((BleEvent.Written, 1), Take());
        Assert.Equal((BleEvent.Subscribed, 0), Take());
        return central;
    }

    private BleContact Connect(int mtu)
    {
        BleContact contact = new BleContact(new TcpClient("127.0.0.1", _bench.Chip.Radio.Port));
        Expect(contact, BleAir.Advertise);
        contact.Send(BleAir.Connect, new[] { (byte)mtu, (byte)(mtu >> 8) });
        return contact;
    }

    private static byte[] Expect(BleContact contact, byte type)
    {
        while (contact.TryReceive(out byte actual, out byte[] payload))
        {
            if (actual == type)
            {
                return payload;
            }
        }

        Assert.Fail($"the contact ended before frame {type:x2}");
        return null;
    }

    private (int Kind, int Length) Take()
    {
        int kind = BleEvent.None;
        int length = 0;
        Bench.Until(() => (kind = _radio.TryTake(_buffer, 0, out length)) != BleEvent.None, "an event");
        return (kind, length);
    }

    private void Drain()
    {
        while (_radio.TryTake(_buffer, 0, out _) != BleEvent.None)
        {
        }
    }
}
