using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;
using MatterNano.Credentials;
using MatterNano.Messaging;
using MatterNano.SecureChannel;
using MatterNano.Sessions;

namespace MatterNano.Host;

/// <summary>The line commands of the light. Runs on the loop.</summary>
internal sealed class Commands
{
    private const int DefaultWindow = 900;

    private readonly LightBoard _board;
    private readonly Output _output;

    public Commands(LightBoard board, Output output)
    {
        _board = board;
        _output = output;
    }

    /// <summary>Runs one line and answers it.</summary>
    public void Run(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string command = words[0];
        if (words.Length > 1 && command != "window" && command != "wifi")
        {
            Refuse(command, $"'{command}' takes no arguments");
            return;
        }

        switch (command)
        {
            case "toggle":
                _board.Light.Toggle();
                State(command);
                break;
            case "state":
                State(command);
                break;
            case "sessions":
                Sessions();
                break;
            case "records":
                Records();
                break;
            case "fabrics":
                Fabrics();
                break;
            case "window":
                Window(words);
                break;
            case "wifi":
                Wifi(words);
                break;
            case "reboot":
                Answer(command, "Restarting");
                _board.Restart(false);
                break;
            case "reset":
                Answer(command, "Resetting to factory state");
                _board.Restart(true);
                break;
            case "quit":
                Answer(command, "Bye");
                _board.Stop();
                break;
            case "help":
                Answer(command, "toggle    switch the light\nstate     show the light\nsessions  list sessions\nrecords   list resumption records\n"
                    + "fabrics   list fabrics\nwindow N  open a commissioning window for N seconds (900)\nwifi on   switch the access point on (or off)\nreboot    restart in order\n"
                    + "reset     forget everything but the identity\nquit      stop");
                break;
            default:
                Refuse(command, $"Unknown command '{command}'; try help");
                break;
        }
    }

    private static string Node(ulong id)
    {
        return id.ToString("X16");
    }

    private void Answer(string command, string text)
    {
        _output.Answer(command, text, null);
    }

    private void Refuse(string command, string reason)
    {
        _output.Answer(command, reason, writer => writer.WriteString("error", reason));
    }

    private void State(string command)
    {
        bool on = _board.Light.IsOn;
        _output.Answer(command, on ? "The light is on" : "The light is off", writer => writer.WriteBoolean("onOff", on));
    }

    private void Sessions()
    {
        SessionManager manager = _board.Node.Sessions;
        List<SecureSession> sessions = Enumerable.Range(0, Limits.SecureSessions).Select(manager.GetSessionInSlot).Where(one => one != null).ToList();
        (string Name, int Used, int Size, int HighWater)[] pools = Pools();
        (string Name, uint Count)[] counters = SessionCounters();
        long now = _board.Now;
        StringBuilder text = new StringBuilder(sessions.Count == 0 ? "No sessions" : string.Empty);
        foreach (SecureSession session in sessions)
        {
            text.Append(text.Length > 0 ? "\n" : string.Empty)
                .Append($"{session.Id,5}  {TypeOf(session)}  fabric {session.FabricIndex}  peer {Node(session.PeerNodeId)}  {StateOf(session)}  ")
                .Append($"age {AgeOf(session, now) / 1000.0:0.0} s  last heard {(now - session.ActiveTimestamp) / 1000.0:0.0} s ago  ")
                .Append($"{session.NumberOfActiveSubscriptions} subscriptions  {session.NumberOfExchanges} exchanges");
        }

        foreach ((string name, int used, int size, int highWater) in pools)
        {
            text.Append($"\n{name}: {used} of {size}").Append(highWater < 0 ? string.Empty : $", at most {highWater}");
        }

        foreach ((string name, uint count) in counters.Where(one => one.Count > 0))
        {
            text.Append($"\n{name}: {count}");
        }

        _output.Answer("sessions", text.ToString(), writer =>
        {
            writer.WriteStartArray("sessions");
            foreach (SecureSession session in sessions)
            {
                writer.WriteStartObject();
                writer.WriteString("name", session.Name);
                writer.WriteNumber("id", session.Id);
                writer.WriteNumber("peerSessionId", session.PeerSessionId);
                writer.WriteString("type", TypeOf(session));
                writer.WriteBoolean("isInitiator", session.IsInitiator);
                writer.WriteNumber("state", session.State);
                writer.WriteBoolean("isDefunct", session.IsDefunct);
                writer.WriteNumber("fabricIndex", session.FabricIndex);
                writer.WriteString("nodeId", Node(session.NodeId));
                writer.WriteString("peerNodeId", Node(session.PeerNodeId));
                writer.WriteBoolean("isPeerActive", session.IsPeerActive);
                writer.WriteBoolean("secure", session.IsSecure);
                writer.WriteNumber("ageMs", AgeOf(session, now));
                writer.WriteNumber("lastInteractionTimestamp", session.Timestamp);
                writer.WriteNumber("lastActiveTimestamp", session.ActiveTimestamp);
                writer.WriteNumber("numberOfActiveSubscriptions", session.NumberOfActiveSubscriptions);
                writer.WriteNumber("exchanges", session.NumberOfExchanges);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteStartObject("pools");
            foreach ((string name, int used, int size, int highWater) in pools)
            {
                writer.WriteStartObject(name);
                writer.WriteNumber("used", used);
                writer.WriteNumber("size", size);
                if (highWater >= 0)
                {
                    writer.WriteNumber("highWater", highWater);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndObject();
            writer.WriteStartObject("counters");
            foreach ((string name, uint count) in counters)
            {
                writer.WriteNumber(name, count);
            }

            writer.WriteEndObject();
        });
    }

    private static string TypeOf(SecureSession session)
    {
        return session.IsPase ? "pase" : session.IsResumption ? "resumed" : "case";
    }

    private static string StateOf(SecureSession session)
    {
        return session.IsDefunct ? "defunct"
            : session.State == SessionState.Establishing ? "establishing"
            : session.State == SessionState.Closing ? "closing"
            : session.IsPeerActive ? "active" : "idle";
    }

    private static long AgeOf(SecureSession session, long now)
    {
        return session.OpenedTimestamp == 0 ? 0 : now - session.OpenedTimestamp;
    }

    private (string Name, int Used, int Size, int HighWater)[] Pools()
    {
        SessionManager sessions = _board.Node.Sessions;
        ExchangeManager exchanges = _board.Node.Exchanges;
        return new[]
        {
            ("secureSessions", sessions.UsedSecureSessions, Limits.SecureSessions, sessions.SecureSessionsHighWater),
            ("unsecuredSessions", sessions.UsedUnsecureSessions, Limits.UnsecuredSessions, sessions.UnsecureSessionsHighWater),
            ("exchanges", exchanges.OpenExchanges, Limits.Exchanges, exchanges.ExchangesHighWater),
            ("messageBuffers", Limits.MessageBuffers - exchanges.FreeBuffers, Limits.MessageBuffers, -1),
            ("records", sessions.Records.Count, Limits.ResumptionRecords, -1),
            ("subscriptions", _board.Node.Engine.SubscriptionCount, Limits.Subscriptions, -1),
            ("subscriptionPaths", _board.Node.Engine.SubscriptionPathsUsed, Limits.SubscriptionPaths, -1),
        };
    }

    private (string Name, uint Count)[] SessionCounters()
    {
        Counters counters = _board.Node.Sessions.Counters;
        SecureChannelCounters handshakes = _board.Node.SecureChannel.Counters;
        return new[]
        {
            ("evicted", counters.Get(Counters.Evicted)),
            ("replaysDropped", counters.Get(Counters.Duplicate)),
            ("decryptFailures", counters.Get(Counters.DecryptFailed)),
            ("unknownSession", counters.Get(Counters.UnknownSession)),
            ("retransmissions", counters.Get(Counters.Retransmission)),
            ("gaveUp", counters.Get(Counters.GaveUp)),
            ("closeReceived", counters.Get(Counters.CloseReceived)),
            ("busy", counters.Get(Counters.Busy) + handshakes.Get(SecureChannelCounters.Busy)),
            ("noSessionSlot", counters.Get(Counters.NoSessionSlot)),
            ("exchangesFull", counters.Get(Counters.ExchangesFull)),
            ("caseEstablished", handshakes.Get(SecureChannelCounters.CaseEstablished)),
            ("caseResumed", handshakes.Get(SecureChannelCounters.CaseResumed)),
            ("caseInitiated", handshakes.Get(SecureChannelCounters.CaseInitiated)),
            ("caseFailed", handshakes.Get(SecureChannelCounters.CaseFailed)),
            ("initiationFailed", handshakes.Get(SecureChannelCounters.InitiationFailed)),
        };
    }

    private void Records()
    {
        // Fabric, peer, sequence and tags; neither the id nor the secret of a record leaves the stack.
        ResumptionRecord record = new ResumptionRecord();
        List<(int Fabric, ulong Peer, uint Sequence, List<uint> Tags)> records = new();
        for (int slot = 0; slot < Limits.ResumptionRecords; slot++)
        {
            if (_board.Node.Sessions.Records.TryGetSlot(slot, record))
            {
                List<uint> tags = new List<uint>();
                for (int i = 0; i < SecureSession.MaxCaseAuthenticatedTags; i++)
                {
                    if (record.GetCaseAuthenticatedTag(i) != 0)
                    {
                        tags.Add(record.GetCaseAuthenticatedTag(i));
                    }
                }

                records.Add((record.FabricIndex, record.PeerNodeId, record.Sequence, tags));
            }
        }

        record.Wipe();
        string text = records.Count == 0
            ? "No resumption records"
            : string.Join("\n", records.Select(one => $"fabric {one.Fabric}  peer {Node(one.Peer)}  sequence {one.Sequence}"
                + (_board.Node.Sessions.GetSessionForNode(one.Fabric, one.Peer) == null ? string.Empty : "  in use")
                + string.Concat(one.Tags.Select(tag => $"  tag {tag:X8}"))));
        _output.Answer("records", text, writer =>
        {
            writer.WriteStartArray("records");
            foreach ((int fabric, ulong peer, uint sequence, List<uint> tags) in records)
            {
                writer.WriteStartObject();
                writer.WriteNumber("fabricIndex", fabric);
                writer.WriteString("peerNodeId", Node(peer));
                writer.WriteNumber("sequence", sequence);
                writer.WriteStartArray("caseAuthenticatedTags");
                tags.ForEach(tag => writer.WriteStringValue(tag.ToString("X8")));
                writer.WriteEndArray();
                writer.WriteBoolean("hasSession", _board.Node.Sessions.GetSessionForNode(fabric, peer) != null);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteNumber("size", Limits.ResumptionRecords);
            writer.WriteNumber("writeFailures", _board.Node.Sessions.Counters.Get(Counters.RecordWriteFailed));
            writer.WriteNumber("dropped", _board.Node.Sessions.Counters.Get(Counters.RecordDropped));
        });
    }

    private void Fabrics()
    {
        List<Fabric> fabrics = new List<Fabric>();
        for (int slot = 0; slot < _board.Node.Fabrics.Capacity; slot++)
        {
            Fabric fabric = _board.Node.Fabrics.GetSlot(slot);
            if (fabric != null && fabric.Index != 0)
            {
                fabrics.Add(fabric);
            }
        }

        string text = fabrics.Count == 0
            ? "No fabrics"
            : string.Join("\n", fabrics.Select(one => $"{one.Index}  fabric {Node(one.FabricId)}  node {Node(one.NodeId)}  vendor 0x{one.VendorId:X4}  {one.Label}"));
        _output.Answer("fabrics", text, writer =>
        {
            writer.WriteStartArray("fabrics");
            foreach (Fabric fabric in fabrics)
            {
                writer.WriteStartObject();
                writer.WriteNumber("index", fabric.Index);
                LightBoard.WriteFabric(writer, fabric);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }

    private void Wifi(string[] words)
    {
        SimulatedWifi wifi = _board.Wifi;
        if (wifi == null || words.Length > 2 || (words.Length == 2 && words[1] != "on" && words[1] != "off"))
        {
            Refuse("wifi", wifi == null ? "This light has no simulated Wi-Fi; start it with --wifi" : "wifi takes on or off");
            return;
        }

        if (words.Length == 2)
        {
            wifi.IsPresent = words[1] == "on";
        }

        bool connected = wifi.State == Platform.WifiState.Connected;
        _output.Answer("wifi", wifi.IsPresent ? "The access point is on" : "The access point is off", writer =>
        {
            writer.WriteBoolean("present", wifi.IsPresent);
            writer.WriteBoolean("connected", connected);
        });
    }

    private void Window(string[] words)
    {
        long seconds = DefaultWindow;
        if (words.Length > 2 || (words.Length == 2 && (!HostOptions.TryNumber(words[1], out seconds) || seconds < 180 || seconds > 900)))
        {
            Refuse("window", "window takes a number of seconds from 180 to 900");
            return;
        }

        if (!_board.Node.OpenCommissioningWindow((int)seconds))
        {
            Refuse("window", "A commissioning window cannot be opened now");
            return;
        }

        _output.Answer("window", $"Open for {seconds} s: {_board.ManualCode}  {_board.QrCode}", writer =>
        {
            writer.WriteNumber("seconds", seconds);
            writer.WriteString("qr", _board.QrCode);
            writer.WriteString("manualCode", _board.ManualCode);
        });
    }
}
