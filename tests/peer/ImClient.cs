using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;

namespace MatterNano.Peer;

/// <summary>An attribute, event or command path; null is a wildcard.</summary>
public sealed record ImPath(ushort? Endpoint, uint? Cluster, uint? Id)
{
    internal PeerTlv WriteAttribute(PeerTlv tlv, int tag = -1)
    {
        tlv.List(tag);
        Put(tlv, 2, Endpoint);
        Put(tlv, 3, Cluster);
        Put(tlv, 4, Id);
        return tlv.End();
    }

    internal PeerTlv WriteEvent(PeerTlv tlv)
    {
        tlv.List();
        Put(tlv, 1, Endpoint);
        Put(tlv, 2, Cluster);
        Put(tlv, 3, Id);
        return tlv.End();
    }

    private static void Put(PeerTlv tlv, int tag, uint? value)
    {
        if (value != null)
        {
            tlv.U(tag, value.Value);
        }
    }
}

/// <summary>One attribute of a report: a value or a status.</summary>
public sealed class ImAttribute
{
    public ImPath Path;
    public uint DataVersion;

    /// <summary>The value; null when there is a status. A list that came item by item is put together.</summary>
    public PeerElement Value;

    /// <summary>Items of a list that came item by item.</summary>
    public List<PeerElement> Items;

    /// <summary>Status, 0 with a value.</summary>
    public int Status;

    public int ClusterStatus = -1;
}

/// <summary>One event of a report.</summary>
public sealed record ImEvent(ImPath Path, ulong Number, int Priority, PeerElement Data, int Status);

/// <summary>All chunks of a report.</summary>
public sealed class ImReport
{
    public List<ImAttribute> Attributes { get; } = new();

    public List<ImEvent> Events { get; } = new();

    /// <summary>Number of messages it came in.</summary>
    public int Chunks;

    /// <summary>Status of a StatusResponse that came instead, else 0.</summary>
    public int Status;

    /// <summary>Id of the subscription, 0 for a read.</summary>
    public uint SubscriptionId;

    public ImAttribute Find(ushort endpoint, uint cluster, uint attribute) =>
        Attributes.Find(a => a.Path.Endpoint == endpoint && a.Path.Cluster == cluster && a.Path.Id == attribute);
}

/// <summary>What an invoke brought back.</summary>
/// <param name="Status">Interaction status, 0 for success.</param>
/// <param name="ClusterStatus">Cluster's own status, or -1.</param>
/// <param name="Command">Response command, or -1.</param>
/// <param name="Fields">Its fields, or null.</param>
public sealed record ImInvokeResult(int Status, int ClusterStatus, int Command, PeerElement Fields);

/// <summary>A running subscription.</summary>
public sealed class ImSubscription
{
    public uint Id;
    public int MaxInterval;
    public ImReport First;

    /// <summary>Reports after the first, empty keep-alives included.</summary>
    public List<ImReport> Reports { get; } = new();

    /// <summary>False makes the controller answer each further report with InvalidSubscription.</summary>
    public bool IsWanted { get; set; } = true;

    internal TaskCompletionSource<ImReport> Waiting;
}

/// <summary>The interaction model as a controller speaks it (Core 8), on one session. Odd messages go through <see cref="RequestAsync"/>.</summary>
public sealed class ImClient
{
    public const int StatusResponse = 1;
    public const int ReadRequest = 2;
    public const int SubscribeRequest = 3;
    public const int SubscribeResponse = 4;
    public const int ReportData = 5;
    public const int WriteRequest = 6;
    public const int WriteResponse = 7;
    public const int InvokeRequest = 8;
    public const int InvokeResponse = 9;
    public const int TimedRequest = 0x0a;

    private const int Revision = 11;

    private readonly List<ImSubscription> _subscriptions = new();

    public ImClient(MatterPeer peer, PeerSession session)
    {
        Peer = peer;
        Session = session;
        Action<PeerExchange, PeerMessage> former = peer.Incoming;
        peer.Incoming = (exchange, message) =>
        {
            if (exchange.Session == Session && message.ProtocolId == 1)
            {
                _ = OnIncoming(exchange, message);
            }
            else if (former != null)
            {
                former(exchange, message);
            }
            else
            {
                exchange.Close();
            }
        };
    }

    public MatterPeer Peer { get; }

    /// <summary>The session; may be replaced by a newer one to the same node.</summary>
    public PeerSession Session { get; set; }

    /// <summary>Milliseconds to wait for an answer.</summary>
    public long Timeout { get; set; } = 30000;

    /// <summary>Sends any payload as the first message of an exchange and waits for one answer.</summary>
    public async Task<PeerMessage> RequestAsync(int opcode, byte[] payload)
    {
        PeerExchange exchange = Peer.OpenExchange(Session);
        PeerMessage answer = await exchange.RequestAsync(1, opcode, payload, Timeout).ConfigureAwait(false);
        exchange.Close();
        return answer;
    }

    /// <summary>Reads attributes, with chunks.</summary>
    public Task<ImReport> ReadAsync(params ImPath[] paths) => ReadAsync(paths, null, false);

    public async Task<ImReport> ReadAsync(ImPath[] attributes, ImPath[] events, bool fabricFiltered, ulong? eventMin = null, byte[] dataVersionFilters = null)
    {
        PeerTlv tlv = new PeerTlv().Struct();
        Paths(tlv, attributes, 0, events, 1);
        if (eventMin != null)
        {
            tlv.Array(2).Struct().U(1, eventMin.Value).End().End();
        }

        tlv.B(3, fabricFiltered);
        if (dataVersionFilters != null)
        {
            tlv.Array(4).Raw(dataVersionFilters).End();
        }

        PeerExchange exchange = Peer.OpenExchange(Session);
        PeerMessage message = await exchange.RequestAsync(1, ReadRequest, Finish(tlv), Timeout).ConfigureAwait(false);
        ImReport report = await CollectAsync(exchange, message).ConfigureAwait(false);
        exchange.Close();
        return report;
    }

    /// <summary>Reads one attribute; throws when it has a status instead of a value.</summary>
    public async Task<PeerElement> ReadOneAsync(ushort endpoint, uint cluster, uint attribute)
    {
        ImReport report = await ReadAsync(new ImPath(endpoint, cluster, attribute)).ConfigureAwait(false);
        ImAttribute value = report.Attributes.SingleOrDefault() ?? throw new InvalidOperationException("status " + report.Status);
        return value.Status == 0 ? value.Value : throw new InvalidOperationException("status " + value.Status);
    }

    /// <summary>Writes one attribute.</summary>
    /// <param name="endpoint">Endpoint.</param>
    /// <param name="cluster">Cluster.</param>
    /// <param name="attribute">Attribute.</param>
    /// <param name="value">Writes the value with the tag it is given.</param>
    /// <param name="timed">Milliseconds of a timed write; 0 for a plain one.</param>
    /// <returns>Interaction status.</returns>
    public async Task<int> WriteAsync(ushort endpoint, uint cluster, uint attribute, Action<PeerTlv, int> value, int timed = 0)
    {
        PeerTlv tlv = new PeerTlv().Struct().B(0, false).B(1, timed != 0).Array(2).Struct();
        new ImPath(endpoint, cluster, attribute).WriteAttribute(tlv, 1);
        value(tlv, 2);
        tlv.End().End();
        PeerExchange exchange = Peer.OpenExchange(Session);
        int status = await BeginTimedAsync(exchange, timed).ConfigureAwait(false);
        if (status != 0)
        {
            return status;
        }

        PeerMessage answer = await exchange.RequestAsync(1, WriteRequest, Finish(tlv), Timeout).ConfigureAwait(false);
        exchange.Close();
        PeerElement body = PeerElement.Parse(answer.Payload);
        return answer.Opcode == StatusResponse ? (int)body[0].Unsigned : (int)body[0].Items[0][1][0].Unsigned;
    }

    /// <summary>Invokes one command.</summary>
    /// <param name="endpoint">Endpoint.</param>
    /// <param name="cluster">Cluster.</param>
    /// <param name="command">Command.</param>
    /// <param name="fields">Writes the fields inside their structure; null for none.</param>
    /// <param name="timed">Milliseconds of a timed invoke; 0 for a plain one.</param>
    public async Task<ImInvokeResult> InvokeAsync(ushort endpoint, uint cluster, uint command, Action<PeerTlv> fields = null, int timed = 0)
    {
        PeerTlv tlv = new PeerTlv().Struct().B(0, false).B(1, timed != 0).Array(2).Struct();
        tlv.List(0).U(0, endpoint).U(1, cluster).U(2, command).End();
        if (fields != null)
        {
            tlv.Struct(1);
            fields(tlv);
            tlv.End();
        }

        tlv.End().End();
        PeerExchange exchange = Peer.OpenExchange(Session);
        int status = await BeginTimedAsync(exchange, timed).ConfigureAwait(false);
        if (status != 0)
        {
            return new ImInvokeResult(status, -1, -1, null);
        }

        PeerMessage answer = await exchange.RequestAsync(1, InvokeRequest, Finish(tlv), Timeout).ConfigureAwait(false);
        exchange.Close();
        PeerElement body = PeerElement.Parse(answer.Payload);
        if (answer.Opcode == StatusResponse)
        {
            return new ImInvokeResult((int)body[0].Unsigned, -1, -1, null);
        }

        PeerElement response = body[1].Items[0];
        if (response[0] is { } data)
        {
            return new ImInvokeResult(0, -1, (int)data[0][2].Unsigned, data[1]);
        }

        PeerElement ib = response[1][1];
        return new ImInvokeResult((int)ib[0].Unsigned, ib[1] == null ? -1 : (int)ib[1].Unsigned, -1, null);
    }

    /// <summary>Subscribes; null when the node refuses, with its status in <paramref name="refused"/>'s first element.</summary>
    public async Task<ImSubscription> SubscribeAsync(int minFloor, int maxCeiling, ImPath[] attributes, ImPath[] events = null, bool keep = false, int[] refused = null)
    {
        PeerTlv tlv = new PeerTlv().Struct().B(0, keep).U(1, (ulong)minFloor).U(2, (ulong)maxCeiling);
        Paths(tlv, attributes, 3, events, 4);
        tlv.B(7, false);
        PeerExchange exchange = Peer.OpenExchange(Session);
        PeerMessage message = await exchange.RequestAsync(1, SubscribeRequest, Finish(tlv), Timeout).ConfigureAwait(false);
        ImReport first = await CollectAsync(exchange, message, true).ConfigureAwait(false);
        if (first.Status != 0)
        {
            exchange.Close();
            if (refused != null)
            {
                refused[0] = first.Status;
            }

            return null;
        }

        message = await exchange.ReceiveAsync(Timeout).ConfigureAwait(false);
        exchange.Close();
        PeerElement body = PeerElement.Parse(message.Payload);
        if (message.Opcode != SubscribeResponse)
        {
            throw new InvalidOperationException("no SubscribeResponse but opcode " + message.Opcode);
        }

        ImSubscription subscription = new() { Id = (uint)body[0].Unsigned, MaxInterval = (int)body[2].Unsigned, First = first };
        _subscriptions.Add(subscription);
        return subscription;
    }

    /// <summary>Waits for the next report of a subscription.</summary>
    public async Task<ImReport> NextReportAsync(ImSubscription subscription, long timeout)
    {
        TaskCompletionSource<ImReport> waiting = new();
        subscription.Waiting = waiting;
        Action cancel = Peer.Host.Schedule(timeout, () => waiting.TrySetException(new TimeoutException("no report in " + timeout + " ms")));
        ImReport report = await waiting.Task.ConfigureAwait(false);
        cancel();
        return report;
    }

    private async Task<int> BeginTimedAsync(PeerExchange exchange, int timed)
    {
        if (timed == 0)
        {
            return 0;
        }

        PeerMessage answer = await exchange.RequestAsync(1, TimedRequest, Finish(new PeerTlv().Struct().U(0, (ulong)timed)), Timeout).ConfigureAwait(false);
        int status = (int)PeerElement.Parse(answer.Payload)[0].Unsigned;
        if (status != 0)
        {
            exchange.Close();
        }

        return status;
    }

    private async Task OnIncoming(PeerExchange exchange, PeerMessage message)
    {
        if (message.Opcode != ReportData)
        {
            exchange.Close();
            return;
        }

        PeerElement body = PeerElement.Parse(message.Payload);
        ImSubscription subscription = _subscriptions.Find(s => body[0] != null && s.Id == body[0].Unsigned);
        if (subscription == null || !subscription.IsWanted)
        {
            exchange.Send(1, StatusResponse, Finish(new PeerTlv().Struct().U(0, 0x7d)));
            exchange.Close();
            return;
        }

        ImReport report;
        try
        {
            report = await CollectAsync(exchange, message, body[4]?.Boolean != true).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The rest of the chunks never came: no report.
            exchange.Close();
            return;
        }

        exchange.Close();
        subscription.Reports.Add(report);
        subscription.Waiting?.TrySetResult(report);
    }

    // Answers each chunk with a StatusResponse, except for the last one unless asked to.
    private async Task<ImReport> CollectAsync(PeerExchange exchange, PeerMessage message, bool answerLast = false)
    {
        ImReport report = new();
        while (true)
        {
            PeerElement body = PeerElement.Parse(message.Payload);
            if (message.Opcode == StatusResponse)
            {
                report.Status = (int)body[0].Unsigned;
                return report;
            }

            if (message.Opcode != ReportData)
            {
                throw new InvalidOperationException("no report but opcode " + message.Opcode);
            }

            report.Chunks++;
            report.SubscriptionId = (uint)(body[0]?.Unsigned ?? 0);
            AddAttributes(report, body[1]);
            AddEvents(report, body[2]);
            bool more = body[3]?.Boolean == true;
            bool suppress = body[4]?.Boolean == true;
            byte[] success = Finish(new PeerTlv().Struct().U(0, 0));
            if (more)
            {
                message = await exchange.RequestAsync(1, StatusResponse, success, Timeout).ConfigureAwait(false);
                continue;
            }

            if (answerLast && !suppress)
            {
                exchange.Send(1, StatusResponse, success);
            }

            return report;
        }
    }

    private static void AddAttributes(ImReport report, PeerElement list)
    {
        foreach (PeerElement item in list?.Items ?? new List<PeerElement>())
        {
            PeerElement data = item[1];
            PeerElement path = (data ?? item[0])[data == null ? 0 : 1];
            ImPath where = new((ushort?)path[2]?.Unsigned, (uint?)path[3]?.Unsigned, (uint?)path[4]?.Unsigned);
            ImAttribute former = report.Attributes.LastOrDefault();
            if (data != null && path[5]?.IsNull == true && former != null && former.Path == where)
            {
                former.Items ??= new List<PeerElement>(former.Value.Items);
                former.Items.Add(data[2]);
                continue;
            }

            report.Attributes.Add(new ImAttribute
            {
                Path = where,
                DataVersion = (uint)(data?[0]?.Unsigned ?? 0),
                Value = data?[2],
                Items = data?[2]?.Type == 0x16 ? new List<PeerElement>(data[2].Items) : null,
                Status = data != null ? 0 : (int)item[0][1][0].Unsigned,
                ClusterStatus = data != null || item[0][1][1] == null ? -1 : (int)item[0][1][1].Unsigned,
            });
        }
    }

    private static void AddEvents(ImReport report, PeerElement list)
    {
        foreach (PeerElement item in list?.Items ?? new List<PeerElement>())
        {
            PeerElement data = item[1];
            PeerElement path = (data ?? item[0])[0];
            ImPath where = new((ushort?)path[1]?.Unsigned, (uint?)path[2]?.Unsigned, (uint?)path[3]?.Unsigned);
            report.Events.Add(data == null
                ? new ImEvent(where, 0, 0, null, (int)item[0][1][0].Unsigned)
                : new ImEvent(where, data[1].Unsigned, (int)data[2].Unsigned, data[7], 0));
        }
    }

    private static void Paths(PeerTlv tlv, ImPath[] attributes, int attributeTag, ImPath[] events, int eventTag)
    {
        if (attributes != null)
        {
            tlv.Array(attributeTag);
            foreach (ImPath path in attributes)
            {
                path.WriteAttribute(tlv);
            }

            tlv.End();
        }

        if (events != null)
        {
            tlv.Array(eventTag);
            foreach (ImPath path in events)
            {
                path.WriteEvent(tlv);
            }

            tlv.End();
        }
    }

    private static byte[] Finish(PeerTlv tlv) => tlv.U(0xff, Revision).End().ToArray();
}
