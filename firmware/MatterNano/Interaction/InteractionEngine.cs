using System;
using MatterNano.Messaging;
using MatterNano.Platform;
using MatterNano.Sessions;
using MatterNano.Tlv;

namespace MatterNano.Interaction;

/// <summary>The interaction model's server side: reads, writes, commands, timed interactions, subscriptions (Core 8).</summary>
/// <remarks>
/// Allocates its pools at construction and nothing later. A message is answered within <see cref="OnMessage"/>, except a
/// command that returned <see cref="Status.Pending"/>; reports leave from <see cref="Process"/>, so an answer is always
/// sent before the report of what it changed.
/// </remarks>
public sealed class InteractionEngine : IProtocolHandler, IChangeListener
{
    private const int Answer = SendFlags.Reliable;
    private const int Ask = SendFlags.Reliable | SendFlags.ExpectResponse;

    // Reference u16 of a command 4, revision 3.
    private const int InvokeTailRoom = 7;

    // Milliseconds that an exchange waits for the next message at least.
    private const int LongTimeout = 10000;

    // Milliseconds before a message that found no buffer is tried again.
    private const int BufferDelay = 20;

    private readonly Node _node;
    private readonly ExchangeManager _exchanges;
    private readonly IClock _clock;
    private readonly IGroupMembership _groups;
    private readonly ILog _log;
    private readonly InteractionCounters _counters = new InteractionCounters();
    private readonly ChangeTable _changes;
    private readonly AccessChecker _access;
    private readonly ReportBuilder _reports;
    private readonly WriteProcessor _writes;
    private readonly SubscriptionTable _subscriptions;
    private readonly Transaction[] _transactions = new Transaction[Limits.Interactions];
    private readonly TlvReader _reader = new TlvReader();
    private readonly TlvWriter _writer = new TlvWriter();
    private readonly ReadRequest _readRequest = new ReadRequest();
    private readonly WriteRequest _writeRequest = new WriteRequest();
    private readonly InvokeRequest _invokeRequest;
    private readonly AttributePath _attributePath = new AttributePath();
    private readonly EventPath _eventPath = new EventPath();
    private readonly CommandPath _commandPath = new CommandPath();
    private readonly DataVersionFilter _versionFilter = new DataVersionFilter();
    private readonly AccessSubject _subject = new AccessSubject();

    // Whose subject that is; null for nobody's.
    private Transaction _subjectOf;
    private int _reportsInFlight;
    private bool _suspended;

    /// <summary>Makes the engine, and registers it for its protocol and for changes of the node.</summary>
    /// <param name="node">The data model, complete: endpoints and clusters are not added later.</param>
    /// <param name="access">Decides every access.</param>
    /// <param name="exchanges">Carries the messages.</param>
    /// <param name="clock">Milliseconds.</param>
    /// <param name="random">For subscription ids.</param>
    /// <param name="flash">Remembers subscriptions, records "sub.0" and up.</param>
    /// <param name="groups">Says which endpoints a group message is for; null without groups.</param>
    /// <param name="log">Diagnostics; may be null.</param>
    public InteractionEngine(
        Node node, IAccessControl access, ExchangeManager exchanges, IClock clock, IRandom random, IFlash flash, IGroupMembership groups, ILog log)
    {
        _node = node;
        _exchanges = exchanges;
        _clock = clock;
        _groups = groups;
        _log = log;
        _changes = new ChangeTable(node);
        _access = new AccessChecker(node, access);

        // Commands and writes are never carried out at the same time, and what is read of a message is done with before one is written.
        TlvReader value = new TlvReader();
        AttributePath answered = new AttributePath();
        _invokeRequest = new InvokeRequest(_commandPath, value);
        _reports = new ReportBuilder(node, _access, _changes, answered, _eventPath);
        _writes = new WriteProcessor(this, node, _access, groups, _reader, new AttributeData(_attributePath, value), answered);
        _subscriptions = new SubscriptionTable(this, node, _changes, flash, random);
        for (int i = 0; i < _transactions.Length; i++)
        {
            _transactions[i] = new Transaction(this, node.ClusterCount);
        }

        node.SetListener(this);
        exchanges.Register(ProtocolId.InteractionModel, this);
    }

    /// <summary>What was refused or lost.</summary>
    public InteractionCounters Counters
    {
        get { return _counters; }
    }

    internal Node Node
    {
        get { return _node; }
    }

    internal SessionManager Sessions
    {
        get { return _exchanges.Sessions; }
    }

    internal SubscriptionTable Subscriptions
    {
        get { return _subscriptions; }
    }

    /// <summary>Subscriptions, those being set up included.</summary>
    public int SubscriptionCount
    {
        get { return _subscriptions.Count; }
    }

    /// <summary>Reports on their way to subscribers. At an orderly stop: wait until it is 0, in bounded time.</summary>
    public int ReportsInFlight
    {
        get { return _reportsInFlight; }
    }

    /// <summary>Interactions under way.</summary>
    public int OpenInteractions
    {
        get
        {
            int count = 0;
            for (int i = 0; i < _transactions.Length; i++)
            {
                if (_transactions[i].Kind != Transaction.Free)
                {
                    count++;
                }
            }

            return count;
        }
    }

    /// <summary>A subscription by index, for diagnostics.</summary>
    /// <param name="index">0 to <see cref="Limits.Subscriptions"/> - 1.</param>
    /// <returns>Null when the slot is free.</returns>
    public Subscription GetSubscription(int index)
    {
        Subscription subscription = _subscriptions[index];
        return subscription.State == Subscription.Free ? null : subscription;
    }

    /// <summary>Whose subscription is remembered in flash and waits to be resumed.</summary>
    /// <param name="index">0 to <see cref="Limits.Subscriptions"/> - 1.</param>
    /// <param name="fabricIndex">The subscriber's fabric.</param>
    /// <param name="nodeId">The subscriber's node id.</param>
    /// <returns>False when there is none in this slot.</returns>
    public bool GetStoredSubscriber(int index, out int fabricIndex, out ulong nodeId)
    {
        return _subscriptions.GetStoredPeer(index, out fabricIndex, out nodeId);
    }

    /// <summary>Where that subscriber was when it last confirmed a report.</summary>
    /// <param name="index">0 to <see cref="Limits.Subscriptions"/> - 1.</param>
    /// <param name="address">Receives the address.</param>
    /// <returns>False when it is not known.</returns>
    public bool GetStoredAddress(int index, NetworkAddress address)
    {
        return _subscriptions.GetStoredAddress(index, address);
    }

    /// <summary>Forgets the remembered subscriptions of a peer: it knows nothing of them any more.</summary>
    /// <param name="fabricIndex">The subscriber's fabric.</param>
    /// <param name="nodeId">The subscriber's node id.</param>
    public void ForgetStored(int fabricIndex, ulong nodeId)
    {
        if (nodeId != 0)
        {
            _subscriptions.ForgetStored(fabricIndex, nodeId);
        }
    }

    /// <summary>The network is back: reports that failed are due at once.</summary>
    public void RetryNow()
    {
        for (int i = 0; i < Limits.Subscriptions; i++)
        {
            if (_subscriptions[i].IsActive && _subscriptions[i].Failures > 0)
            {
                _subscriptions[i].RetryAt = 0;
            }
        }
    }

    /// <summary>Paths of all subscriptions in use, of <see cref="Limits.SubscriptionPaths"/>.</summary>
    public int SubscriptionPathsUsed
    {
        get { return _subscriptions.PathsUsed; }
    }

    /// <summary>Takes up again all remembered subscriptions of a session's peer; each starts with a report of everything.</summary>
    /// <param name="session">An active CASE session.</param>
    /// <returns>Number of subscriptions.</returns>
    public int ResumeSubscriptions(SecureSession session)
    {
        int count = 0;
        for (int i = 0; i < Limits.Subscriptions; i++)
        {
            Subscription subscription = _subscriptions.Resume(i, session, _clock.Milliseconds);
            if (subscription != null && session.AddSubscription(subscription))
            {
                count++;
            }
            else if (subscription != null)
            {
                _subscriptions.Release(subscription, false);
            }
        }

        return count;
    }

    /// <summary>Ends and forgets all subscriptions of a fabric that is removed.</summary>
    /// <param name="fabricIndex">Fabric, 1 to 254.</param>
    public void RemoveFabric(int fabricIndex)
    {
        for (int i = 0; i < Limits.Subscriptions; i++)
        {
            Subscription subscription = _subscriptions[i];
            if (subscription.State != Subscription.Free && subscription.FabricIndex == fabricIndex)
            {
                EndSubscription(subscription);
            }
        }

        _subscriptions.ForgetStored(fabricIndex, 0);
        _node.Events.RemoveFabric(fabricIndex);
    }

    /// <summary>Reports to every subscriber at the next turn whatever it has not seen, events included, without regard to the least interval. For an orderly stop.</summary>
    public void ReportNow()
    {
        for (int i = 0; i < Limits.Subscriptions; i++)
        {
            if (_subscriptions[i].IsActive)
            {
                _subscriptions[i].SetFlag(Subscription.FlagForced, true);
            }
        }
    }

    /// <summary>The network is gone or back. Without it nothing is reported and no subscription is given up; with it every subscriber hears at once.</summary>
    public void SetSuspended(bool suspended)
    {
        if (_suspended == suspended)
        {
            return;
        }

        _suspended = suspended;
        for (int i = 0; !suspended && i < Limits.Subscriptions; i++)
        {
            Subscription subscription = _subscriptions[i];
            if (subscription.IsActive)
            {
                subscription.Failures = 0;
                subscription.RetryAt = 0;
                subscription.SetFlag(Subscription.FlagForced, true);
            }
        }
    }

    /// <summary>Sends what is due: reports, keep-alives, messages that waited for a buffer; tells clusters of answers that are out.</summary>
    /// <param name="now">Monotonic milliseconds.</param>
    /// <returns>When to be called next; <see cref="long.MaxValue"/> for never.</returns>
    public long Process(long now)
    {
        long next = long.MaxValue;
        for (int i = 0; i < _transactions.Length; i++)
        {
            Transaction transaction = _transactions[i];
            if (transaction.IsFree)
            {
                continue;
            }

            if (transaction.Kind == Transaction.Notified)
            {
                Cluster cluster = transaction.Cluster;
                uint command = transaction.Element;
                transaction.Reset(Transaction.Free, null);
                cluster.ResponseSent(command);
            }
            else if (transaction.IsWaiting)
            {
                SendReport(transaction);
                if (transaction.IsWaiting)
                {
                    next = now + BufferDelay;
                }
            }
        }

        for (int i = 0; !_suspended && i < Limits.Subscriptions; i++)
        {
            Subscription subscription = _subscriptions[i];
            if (!subscription.IsIdle)
            {
                continue;
            }

            long due = _subscriptions.GetDue(subscription);
            if (due <= now)
            {
                // Without a free place the end of a report wakes the loop; so does the end of this one.
                if (_reportsInFlight >= Limits.ReportsInFlight)
                {
                    continue;
                }

                if (!StartReport(subscription, now))
                {
                    due = now + BufferDelay;
                }
                else if (!subscription.IsIdle)
                {
                    continue;
                }
                else
                {
                    due = _subscriptions.GetDue(subscription);
                }
            }

            long store = _subscriptions.Store(subscription, now);
            if (store < due)
            {
                due = store;
            }

            if (due < next)
            {
                next = due;
            }
        }

        return next;
    }

    /// <inheritdoc/>
    public void OnAttributeChanged(Cluster cluster, uint attribute)
    {
        uint element = cluster.FindAttribute(attribute);
        if (element != Element.End && (element & Element.ChangesOmitted) == 0)
        {
            _changes.Add(cluster, attribute);
        }
    }

    /// <inheritdoc/>
    public void OnEventRecorded(int endpoint, uint cluster, uint eventId, int fabricIndex)
    {
        _subscriptions.OnEventRecorded(endpoint, cluster, eventId, fabricIndex);
    }

    /// <inheritdoc/>
    public bool HasRoomFor(Session session, Exchange exchange, int opcode)
    {
        // Reports wait for a buffer, a status tells one of them to go on; what changes something is answered at once.
        bool isLong = opcode == InteractionModel.WriteRequest || opcode == InteractionModel.InvokeRequest;
        bool needsSlot = opcode != InteractionModel.StatusResponse && (exchange == null || exchange.State == null);
        return (!needsSlot || FindFree() != null || (_exchanges.Reclaim(session, false) && FindFree() != null))
            && (session.IsGroup || _exchanges.HasRoom(session, isLong));
    }

    /// <inheritdoc/>
    public void OnMessage(Exchange exchange, int opcode, byte[] buffer, int offset, int length)
    {
        Transaction transaction = exchange.State as Transaction;
        int kind = transaction == null ? Transaction.Free : transaction.Kind;
        if (exchange.Session.IsGroup)
        {
            OnGroupMessage(exchange, opcode, buffer, offset, length);
            return;
        }

        if (opcode == InteractionModel.StatusResponse)
        {
            int status;
            if (!StatusResponse.TryRead(_reader, buffer, offset, length, out status))
            {
                status = Status.InvalidAction;
            }

            OnStatusResponse(exchange, transaction, status);
            return;
        }

        if (kind == Transaction.Free && !exchange.IsInitiator)
        {
            switch (opcode)
            {
                case InteractionModel.ReadRequest:
                    OnReadRequest(exchange, buffer, offset, length);
                    return;
                case InteractionModel.SubscribeRequest:
                    OnSubscribeRequest(exchange, buffer, offset, length);
                    return;
                case InteractionModel.TimedRequest:
                    OnTimedRequest(exchange, buffer, offset, length);
                    return;
                case InteractionModel.ReportData:
                    // We subscribe to nobody.
                    Refuse(exchange, null, Status.InvalidSubscription);
                    return;
            }
        }

        if ((kind == Transaction.Free && !exchange.IsInitiator) || kind == Transaction.Timed || kind == Transaction.Write)
        {
            if (opcode == InteractionModel.WriteRequest)
            {
                OnWriteRequest(exchange, transaction, buffer, offset, length);
                return;
            }

            if (opcode == InteractionModel.InvokeRequest && kind != Transaction.Write)
            {
                OnInvokeRequest(exchange, transaction, buffer, offset, length);
                return;
            }
        }

        if (kind == Transaction.Deferred || kind == Transaction.Notify)
        {
            // The answer is still to come; whatever this is, it does not stop it.
            _counters.Count(InteractionCounters.InvalidAction);
            return;
        }

        Refuse(exchange, transaction, Status.InvalidAction);
    }

    /// <inheritdoc/>
    public void OnAcknowledged(Exchange exchange)
    {
    }

    /// <inheritdoc/>
    public void OnExchangeEnded(Exchange exchange, int reason)
    {
        Transaction transaction = exchange.State as Transaction;
        if (transaction == null)
        {
            return;
        }

        exchange.State = null;
        transaction.Exchange = null;
        switch (transaction.Kind)
        {
            case Transaction.Prime:
            case Transaction.Report:
                Subscription subscription = transaction.Subscription;
                Release(transaction);
                if (subscription != null)
                {
                    OnReportFailed(subscription);
                }

                break;
            case Transaction.Write:
                _writes.Abort(transaction);
                Release(transaction);
                break;
            case Transaction.Invoke:
            case Transaction.Deferred:
                if (transaction.Message != null)
                {
                    exchange.Cancel(transaction.Message);
                    transaction.Message = null;
                }

                break;
            case Transaction.Notify:
                transaction.Kind = Transaction.Notified;
                break;
            default:
                Release(transaction);
                break;
        }
    }

    // Reads

    private void OnReadRequest(Exchange exchange, byte[] buffer, int offset, int length)
    {
        Transaction read = Take(Transaction.Read, exchange);
        if (read == null)
        {
            return;
        }

        int status = _readRequest.TryRead(_reader, false, buffer, offset, length) ? LoadPaths(read) : Status.InvalidAction;
        if (status != Status.Success)
        {
            Refuse(exchange, read, status);
            return;
        }

        read.UntilEvent = _node.Events.NextNumber;
        SendReport(read);
    }

    // Copies what the message asks for, because it is gone when the second part of the report is due.
    private int LoadPaths(Transaction read)
    {
        read.SetFabricFiltered(_readRequest.IsFabricFiltered);
        if (_readRequest.OpenAttributePaths(_reader))
        {
            while (_reader.Next())
            {
                if (!_attributePath.TryRead(_reader)
                    || (_attributePath.Cluster == InteractionModel.Wildcard && _attributePath.Attribute != InteractionModel.Wildcard
                        && (_attributePath.Attribute < GlobalAttribute.GeneratedCommandList || _attributePath.Attribute > GlobalAttribute.ClusterRevision)))
                {
                    return Status.InvalidAction;
                }

                if (!AddPath(read, PathTable.Attribute, _attributePath.Endpoint, _attributePath.Cluster, _attributePath.Attribute))
                {
                    return Status.PathsExhausted;
                }
            }

            if (_reader.HasError)
            {
                return Status.InvalidAction;
            }
        }

        if (_readRequest.OpenEventPaths(_reader))
        {
            while (_reader.Next())
            {
                if (!_eventPath.TryRead(_reader)
                    || (_eventPath.Cluster == InteractionModel.Wildcard && _eventPath.Event != InteractionModel.Wildcard))
                {
                    return Status.InvalidAction;
                }

                int kind = _eventPath.IsUrgent ? PathTable.UrgentEvent : PathTable.Event;
                if (!AddPath(read, kind, _eventPath.Endpoint, _eventPath.Cluster, _eventPath.Event))
                {
                    return Status.PathsExhausted;
                }
            }

            if (_reader.HasError)
            {
                return Status.InvalidAction;
            }
        }

        if (_readRequest.OpenDataVersionFilters(_reader))
        {
            while (_reader.Next())
            {
                if (!_versionFilter.TryRead(_reader))
                {
                    return Status.InvalidAction;
                }

                Cluster cluster = _node.FindCluster(_versionFilter.Endpoint, _versionFilter.Cluster);
                if (cluster != null && cluster.DataVersion == _versionFilter.DataVersion)
                {
                    read.SetVersionKnown(cluster.Ordinal);
                }
            }

            if (_reader.HasError)
            {
                return Status.InvalidAction;
            }
        }

        ulong next;
        if (!_readRequest.TryGetEventMin(_reader, out next))
        {
            return Status.InvalidAction;
        }

        read.NextEvent = next;
        return Status.Success;
    }

    private static bool AddPath(Transaction read, int kind, int endpoint, uint cluster, uint element)
    {
        if (read.PathCount == Limits.PathsPerRead)
        {
            return false;
        }

        PathTable.Write(read.State, read.OwnPathsAt + (read.PathCount * PathTable.Size), kind, endpoint, cluster, element);
        read.PathCount++;
        return true;
    }

    // Sends the next message of a read, first report or later report.
    private void SendReport(Transaction report)
    {
        Exchange exchange = report.Exchange;
        MessageBuffer message = exchange.BeginMessage();
        report.IsWaiting = message == null && exchange.IsOpen;
        if (message == null)
        {
            _counters.Count(InteractionCounters.NoBuffer);
            if (!report.IsWaiting)
            {
                exchange.Close();
            }

            return;
        }

        _writer.Init(message.Data, message.PayloadOffset, message.PayloadLimit);
        bool more = _reports.Build(report, _writer);
        int length = _writer.Position - message.PayloadOffset;
        report.IsLast = !more;
        Subscription subscription = report.Subscription;
        if (subscription != null)
        {
            if (report.Kind == Transaction.Report && !more && !_reports.HasContent && !IsKeepAliveDue(subscription))
            {
                // What changed is nothing that this subscriber may see.
                exchange.Cancel(message);
                OnReportConfirmed(report);
                return;
            }

            subscription.LastReport = _clock.Milliseconds;
            subscription.Reports++;
            _counters.Count(InteractionCounters.Reports);
        }

        if (more || subscription != null)
        {
            if (!exchange.Send(message, InteractionModel.ReportData, length, Ask))
            {
                exchange.Close();
            }

            return;
        }

        Release(report);
        exchange.Send(message, InteractionModel.ReportData, length, Answer);
        exchange.Close();
    }

    private void OnStatusResponse(Exchange exchange, Transaction transaction, int status)
    {
        if (transaction == null)
        {
            // Never answered: two nodes must not answer each other's status for ever.
            exchange.Close();
            return;
        }

        switch (transaction.Kind)
        {
            case Transaction.Read:
            case Transaction.Prime:
            case Transaction.Report:
                if (transaction.IsWaiting)
                {
                    return;
                }

                if (status != Status.Success)
                {
                    OnReportRefused(exchange, transaction, status);
                }
                else if (!transaction.IsLast)
                {
                    SendReport(transaction);
                }
                else if (transaction.Kind == Transaction.Prime && transaction.Subscription.State == Subscription.Priming)
                {
                    SendSubscribeResponse(exchange, transaction);
                }
                else
                {
                    OnReportConfirmed(transaction);
                }

                return;
            case Transaction.Deferred:
            case Transaction.Notify:
                return;
            default:
                exchange.Close();
                return;
        }
    }

    // Timed

    private void OnTimedRequest(Exchange exchange, byte[] buffer, int offset, int length)
    {
        Transaction timed = Take(Transaction.Timed, exchange);
        if (timed == null)
        {
            return;
        }

        int timeout;
        if (!TimedRequest.TryRead(_reader, buffer, offset, length, out timeout))
        {
            Refuse(exchange, timed, Status.InvalidAction);
            return;
        }

        timed.Deadline = _clock.Milliseconds + timeout;
        if (!SendStatus(exchange, Status.Success, Ask))
        {
            exchange.Close();
        }
        else if (timeout > LongTimeout)
        {
            // The exchange must outlive the timeout, or nobody could say that it is over.
            exchange.ExpectResponseWithin(timeout + LongTimeout);
        }
    }

    // Whether a write or command and the TimedRequest before it go together (Core 8.7.2.3, 8.8.2.3).
    private int CheckTimed(Transaction transaction, bool isTimed)
    {
        bool wasTimed = transaction != null && transaction.Kind == Transaction.Timed;
        if (wasTimed && _clock.Milliseconds > transaction.Deadline)
        {
            return Status.Timeout;
        }

        return wasTimed == isTimed ? Status.Success : Status.TimedRequestMismatch;
    }

    // Writes

    private void OnWriteRequest(Exchange exchange, Transaction write, byte[] buffer, int offset, int length)
    {
        bool isFirst = write == null || write.Kind == Transaction.Timed;
        int status = Status.InvalidAction;
        if (_writeRequest.TryRead(_reader, buffer, offset, length) && _writes.IsWellFormed(_writeRequest, false)
            && !(_writeRequest.MoreChunkedMessages && (_writeRequest.SuppressResponse || _writeRequest.IsTimed)))
        {
            status = isFirst ? CheckTimed(write, _writeRequest.IsTimed)
                : _writeRequest.IsTimed == write.IsTimed ? Status.Success : Status.TimedRequestMismatch;
        }

        if (status != Status.Success)
        {
            Refuse(exchange, write, status);
            return;
        }

        if (write == null)
        {
            write = Take(Transaction.Write, exchange);
            if (write == null)
            {
                return;
            }
        }

        if (isFirst)
        {
            write.Kind = Transaction.Write;
            write.SetTimed(_writeRequest.IsTimed);
        }

        MessageBuffer message = null;
        if (!_writeRequest.SuppressResponse)
        {
            message = exchange.BeginMessage();
            if (message == null)
            {
                // Nothing has been done, and the client hears it.
                _counters.Count(InteractionCounters.NoBuffer);
                Refuse(exchange, write, Status.Busy);
                return;
            }

            _writer.Init(message.Data, message.PayloadOffset, message.PayloadLimit);
            _writer.StartStructure(TlvTag.Anonymous);
            _writer.StartArray(0);
            _writer.Reserve(3);
        }

        bool more = _writeRequest.MoreChunkedMessages;
        _writes.Apply(write, _writeRequest, message == null ? null : _writer);
        if (write.Exchange == null)
        {
            // A write ended its own session.
            if (message != null)
            {
                exchange.Cancel(message);
            }

            return;
        }

        if (message == null)
        {
            Release(write);
            exchange.Close();
            return;
        }

        int opcode = InteractionModel.WriteResponse;
        if (_writer.Overflow)
        {
            opcode = InteractionModel.StatusResponse;
            more = false;
            _writer.Init(message.Data, message.PayloadOffset, message.PayloadLimit);
            StatusResponse.Write(_writer, Status.ResourceExhausted);
        }
        else
        {
            _writer.EndContainer();
            _writer.Release(3);
            _writer.PutUnsigned(InteractionModel.RevisionTag, InteractionModel.Revision);
            _writer.EndContainer();
        }

        int size = _writer.Position - message.PayloadOffset;
        if (more)
        {
            if (!exchange.Send(message, opcode, size, Ask))
            {
                exchange.Close();
            }

            return;
        }

        Release(write);
        exchange.Send(message, opcode, size, Answer);
        exchange.Close();
    }

    // Commands

    private void OnInvokeRequest(Exchange exchange, Transaction invoke, byte[] buffer, int offset, int length)
    {
        InvokeRequest request = _invokeRequest;
        int status = Status.InvalidAction;
        if (request.TryRead(_reader, buffer, offset, length) && request.Count <= Limits.PathsPerInvoke
            && request.Path.Endpoint != InteractionModel.AnyEndpoint)
        {
            status = CheckTimed(invoke, request.IsTimed);
        }

        if (status != Status.Success)
        {
            Refuse(exchange, invoke, status);
            return;
        }

        if (invoke == null)
        {
            invoke = Take(Transaction.Invoke, exchange);
            if (invoke == null)
            {
                return;
            }
        }

        invoke.Kind = Transaction.Invoke;
        invoke.SetTimed(request.IsTimed);
        invoke.Reference = request.Reference;
        invoke.PathIndex = request.Path.Endpoint;
        invoke.ClusterId = request.Path.Cluster;
        invoke.Element = request.Path.Command;
        if (!request.SuppressResponse)
        {
            invoke.Message = exchange.BeginMessage();
            if (invoke.Message == null)
            {
                // Nothing has been done, and the client hears it.
                _counters.Count(InteractionCounters.NoBuffer);
                Refuse(exchange, invoke, Status.Busy);
                return;
            }
        }

        status = Invoke(invoke, request.Path.Endpoint);
        if (status != Status.Pending)
        {
            FinishInvoke(invoke, status);
        }
        else if (invoke.Exchange != null)
        {
            invoke.Kind = Transaction.Deferred;
            exchange.AcknowledgeNow();
        }
        else
        {
            invoke.Kind = Transaction.Deferred;
        }
    }

    private int Invoke(Transaction invoke, int endpoint)
    {
        uint id = invoke.Element;
        int status;
        Cluster cluster = _access.Find(invoke.Subject, endpoint, invoke.ClusterId, out status);
        if (cluster == null)
        {
            return status;
        }

        uint element = cluster.FindCommand(id);
        if (element == Element.End)
        {
            return Status.UnsupportedCommand;
        }

        if (!_access.IsGranted(invoke.Subject, Element.GetPrivilege(element), cluster.Endpoint, cluster.Id)
            || ((element & Element.FabricScoped) != 0 && invoke.FabricIndex == 0))
        {
            return Status.UnsupportedAccess;
        }

        if (Element.IsTimedCommand(element) && !invoke.IsTimed)
        {
            return Status.NeedsTimedInteraction;
        }

        invoke.Cluster = cluster;
        try
        {
            return cluster.Invoke(id, _invokeRequest.Fields, invoke);
        }
        catch (Exception e)
        {
            return Failed(e);
        }
    }

    /// <summary>A command or write threw, by the application's mistake or for want of memory: whoever asked is told, and the node lives on.</summary>
    internal int Failed(Exception e)
    {
        if (_log != null)
        {
            _log.Write(LogLevel.Error, "interaction", "failed: " + e.GetType().FullName + ": " + e.Message);
        }

        return Status.Failure;
    }

    // Whether a write under way is in the middle of this list.
    internal bool IsListOpen(Cluster cluster, uint attribute)
    {
        for (int i = 0; i < _transactions.Length; i++)
        {
            Transaction transaction = _transactions[i];
            if (transaction.Kind == Transaction.Write && transaction.Cluster == cluster && transaction.Element == attribute)
            {
                return true;
            }
        }

        return false;
    }

    internal TlvWriter StartResponse(Transaction invoke, uint command)
    {
        MessageBuffer message = invoke.Message;
        if (message == null)
        {
            // Nobody waits for it: everything overflows.
            _writer.Init(_node.Events.Scratch, 0, 0);
            return _writer;
        }

        _writer.Init(message.Data, message.PayloadOffset, message.PayloadLimit);
        _writer.StartStructure(TlvTag.Anonymous);
        _writer.PutBoolean(0, false);
        _writer.StartArray(1);
        _writer.StartStructure(TlvTag.Anonymous);
        _writer.StartStructure(0);
        _commandPath.Endpoint = invoke.PathIndex;
        _commandPath.Cluster = invoke.ClusterId;
        _commandPath.Command = command;
        _commandPath.Write(_writer, 0);
        _writer.StartStructure(1);
        _writer.Reserve(InvokeTailRoom);
        invoke.ResponseStarted = true;
        return _writer;
    }

    internal void Complete(Transaction invoke, int status)
    {
        if (invoke.Kind != Transaction.Deferred)
        {
            throw new InvalidOperationException();
        }

        invoke.Kind = Transaction.Invoke;
        FinishInvoke(invoke, status);
    }

    private void FinishInvoke(Transaction invoke, int status)
    {
        Exchange exchange = invoke.Exchange;
        MessageBuffer message = invoke.Message;
        bool notify = invoke.NotifyWhenSent && invoke.Cluster != null;
        if (message == null)
        {
            // Suppressed, or the exchange is gone.
            if (notify)
            {
                invoke.Kind = Transaction.Notified;
                invoke.Exchange = null;
            }
            else
            {
                Release(invoke);
            }

            if (exchange != null)
            {
                exchange.State = null;
                exchange.Close();
            }

            return;
        }

        bool isData = status == Status.Success && invoke.ResponseStarted;
        if (isData && _writer.Overflow)
        {
            isData = false;
            status = Status.ResourceExhausted;
        }

        if (isData)
        {
            _writer.EndContainer();
            _writer.Release(InvokeTailRoom);
        }
        else
        {
            _writer.Init(message.Data, message.PayloadOffset, message.PayloadLimit);
            _writer.StartStructure(TlvTag.Anonymous);
            _writer.PutBoolean(0, false);
            _writer.StartArray(1);
            _writer.StartStructure(TlvTag.Anonymous);
            _writer.StartStructure(1);
            _commandPath.Endpoint = invoke.PathIndex;
            _commandPath.Cluster = invoke.ClusterId;
            _commandPath.Command = invoke.Element;
            _commandPath.Write(_writer, 0);
            StatusElement.Write(_writer, 1, status, invoke.ClusterStatus);
        }

        if (invoke.Reference >= 0)
        {
            _writer.PutUnsigned(2, (ulong)invoke.Reference);
        }

        _writer.EndContainer();
        _writer.EndContainer();
        _writer.EndContainer();
        _writer.PutUnsigned(InteractionModel.RevisionTag, InteractionModel.Revision);
        _writer.EndContainer();
        invoke.Message = null;
        if (notify)
        {
            invoke.Kind = Transaction.Notify;
        }
        else
        {
            Release(invoke);
        }

        exchange.Send(message, InteractionModel.InvokeResponse, _writer.Position - message.PayloadOffset, Answer);
        exchange.Close();
    }

    // Groups: carried out where the group's endpoints allow it, never answered.
    private void OnGroupMessage(Exchange exchange, int opcode, byte[] buffer, int offset, int length)
    {
        Transaction transaction = null;
        if (opcode == InteractionModel.WriteRequest && _writeRequest.TryRead(_reader, buffer, offset, length)
            && !_writeRequest.IsTimed && !_writeRequest.MoreChunkedMessages && _writes.IsWellFormed(_writeRequest, true))
        {
            transaction = Take(Transaction.Write, exchange);
            if (transaction != null)
            {
                _writes.Apply(transaction, _writeRequest, null);
            }
        }
        else if (opcode == InteractionModel.InvokeRequest && _invokeRequest.TryRead(_reader, buffer, offset, length)
            && !_invokeRequest.IsTimed && _invokeRequest.Count <= Limits.PathsPerInvoke)
        {
            transaction = Take(Transaction.Invoke, exchange);
            if (transaction != null && InvokeInGroup(transaction))
            {
                transaction.Kind = Transaction.Deferred;
                transaction.Exchange = null;
                exchange.State = null;
                transaction = null;
            }
        }
        else
        {
            _counters.Count(InteractionCounters.InvalidAction);
        }

        if (transaction != null)
        {
            Release(transaction);
        }

        exchange.Close();
    }

    private bool InvokeInGroup(Transaction invoke)
    {
        int named = _invokeRequest.Path.Endpoint;
        invoke.ClusterId = _invokeRequest.Path.Cluster;
        invoke.Element = _invokeRequest.Path.Command;
        for (int i = 0; i < _node.EndpointCount; i++)
        {
            EndpointDefinition endpoint = _node.GetEndpoint(i);
            if ((named != InteractionModel.AnyEndpoint && named != endpoint.Number) || _groups == null
                || !_groups.IsMember(invoke.FabricIndex, invoke.Subject.GroupId, endpoint.Number))
            {
                continue;
            }

            // The fields are read again for every endpoint.
            _reader.CopyFrom(_invokeRequest.Fields);
            int status = Invoke(invoke, endpoint.Number);
            _invokeRequest.Fields.CopyFrom(_reader);
            if (status == Status.Pending)
            {
                return true;
            }
        }

        return false;
    }

    // Subscriptions

    private void OnSubscribeRequest(Exchange exchange, byte[] buffer, int offset, int length)
    {
        SecureSession session = exchange.Session as SecureSession;
        Transaction prime = Take(Transaction.Prime, exchange);
        if (prime == null)
        {
            return;
        }

        int status = Status.InvalidAction;
        if (session != null && _readRequest.TryRead(_reader, true, buffer, offset, length)
            && _readRequest.MinIntervalFloor <= _readRequest.MaxIntervalCeiling)
        {
            status = LoadPaths(prime);
            if (status == Status.Success || status == Status.PathsExhausted)
            {
                if (!_readRequest.KeepSubscriptions)
                {
                    EndSubscriptionsOf(session);
                }
            }

            if (status == Status.Success && !_subscriptions.HasRoomForPaths(prime.PathCount))
            {
                status = Status.PathsExhausted;
            }

            if (status == Status.Success && !HasAnyTarget(prime))
            {
                status = Status.InvalidAction;
            }
        }

        Subscription subscription = null;
        if (status == Status.Success)
        {
            subscription = TakeSubscription(session);
            if (subscription == null)
            {
                _counters.Count(InteractionCounters.SubscriptionRefused);
                status = Status.ResourceExhausted;
            }
            else
            {
                _subscriptions.SetPaths(subscription, prime.PathCount);
                Array.Copy(prime.State, prime.OwnPathsAt, _subscriptions.Paths, subscription.PathsAt, prime.PathCount * PathTable.Size);
            }
        }

        if (status != Status.Success)
        {
            Refuse(exchange, prime, status);
            return;
        }

        subscription.MinInterval = _readRequest.MinIntervalFloor;
        subscription.MaxInterval = SubscriptionTable.ChooseMaxInterval(_readRequest.MinIntervalFloor, _readRequest.MaxIntervalCeiling);
        subscription.SetFlag(Subscription.FlagFabricFiltered, prime.IsFabricFiltered);
        prime.Subscription = subscription;
        BeginReport(prime);
        SendReport(prime);
    }

    private void BeginReport(Transaction report)
    {
        Subscription subscription = report.Subscription;
        report.PathCount = subscription.PathCount;
        report.Until = _changes.Last;
        report.UntilEvent = _node.Events.NextNumber;
        subscription.SetFlag(Subscription.FlagInFlight, true);
        subscription.SetFlag(Subscription.FlagUrgent | Subscription.FlagForced, false);
        _reportsInFlight++;
    }

    private bool HasAnyTarget(Transaction prime)
    {
        for (int i = 0; i < prime.PathCount; i++)
        {
            int at = prime.OwnPathsAt + (i * PathTable.Size);
            int endpoint = PathTable.GetEndpoint(prime.State, at);
            uint cluster = PathTable.GetCluster(prime.State, at);
            uint element = PathTable.GetElement(prime.State, at);
            bool isEvent = PathTable.GetKind(prime.State, at) != PathTable.Attribute;
            for (int j = 0; j < _node.EndpointCount; j++)
            {
                EndpointDefinition definition = _node.GetEndpoint(j);
                if (endpoint != InteractionModel.AnyEndpoint && endpoint != definition.Number)
                {
                    continue;
                }

                for (int k = 0; k < definition.ClusterCount; k++)
                {
                    Cluster found = definition.GetCluster(k);
                    if ((cluster == InteractionModel.Wildcard || cluster == found.Id) && HasTarget(prime.Subject, found, element, isEvent))
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }

    private bool HasTarget(AccessSubject subject, Cluster cluster, uint id, bool isEvent)
    {
        uint element;
        if (id == InteractionModel.Wildcard)
        {
            // Every cluster has attributes that are read with View.
            element = isEvent ? cluster.GetEvent(0) : GlobalAttribute.Get(0);
        }
        else
        {
            element = isEvent ? cluster.FindEvent(id) : cluster.FindAttribute(id);
        }

        int privilege = Element.GetPrivilege(element);
        return element != Element.End && privilege != Privilege.None && _access.IsGranted(subject, privilege, cluster.Endpoint, cluster.Id);
    }

    private Subscription TakeSubscription(SecureSession session)
    {
        bool free;
        Subscription victim = _subscriptions.FindVictim(session.FabricIndex, out free);
        if (!free)
        {
            if (victim == null)
            {
                return null;
            }

            _counters.Count(InteractionCounters.SubscriptionEvicted);
            EndSubscription(victim);
        }

        Subscription subscription = _subscriptions.Take(session);
        if (subscription != null && !session.AddSubscription(subscription))
        {
            _subscriptions.Release(subscription, true);
            return null;
        }

        return subscription;
    }

    private void SendSubscribeResponse(Exchange exchange, Transaction prime)
    {
        Subscription subscription = prime.Subscription;
        MessageBuffer message = exchange.BeginShortMessage();
        if (message == null)
        {
            _counters.Count(InteractionCounters.NoBuffer);
            exchange.Close();
            return;
        }

        _writer.Init(message.Data, message.PayloadOffset, message.PayloadLimit);
        SubscribeResponse.Write(_writer, subscription.Id, subscription.MaxInterval);
        subscription.State = Subscription.Active;
        FinishReport(prime);
        bool sent = exchange.Send(message, InteractionModel.SubscribeResponse, _writer.Position - message.PayloadOffset, Answer);
        exchange.Close();
        if (!sent)
        {
            EndSubscription(subscription);
        }
    }

    private bool StartReport(Subscription subscription, long now)
    {
        Exchange exchange = _exchanges.Open(subscription.Session, this);
        if (exchange == null)
        {
            subscription.RetryAt = now + BufferDelay;
            return false;
        }

        Transaction report = TakeSlot(subscription.HasFlag(Subscription.FlagResumed) ? Transaction.Prime : Transaction.Report, exchange);
        if (report == null)
        {
            subscription.RetryAt = now + BufferDelay;
            exchange.Close();
            return false;
        }

        report.Subscription = subscription;
        report.SetFabricFiltered(subscription.HasFlag(Subscription.FlagFabricFiltered));
        report.Since = subscription.Reported;
        report.NextEvent = subscription.NextEvent;
        BeginReport(report);
        SendReport(report);
        return true;
    }

    private bool IsKeepAliveDue(Subscription subscription)
    {
        if (subscription.Failures > 0)
        {
            return true;
        }

        return _clock.Milliseconds >= subscription.LastReport + SubscriptionTable.GetKeepAliveDelay(subscription);
    }

    // The subscriber has everything up to where the report went.
    private void OnReportConfirmed(Transaction report)
    {
        Exchange exchange = report.Exchange;
        FinishReport(report);
        exchange.Close();
    }

    private void FinishReport(Transaction report)
    {
        Subscription subscription = report.Subscription;
        if (subscription != null)
        {
            subscription.Reported = report.Until;
            subscription.NextEvent = report.UntilEvent;
            subscription.Failures = 0;
            subscription.RetryAt = 0;
            subscription.SetFlag(Subscription.FlagResumed, false);
            _subscriptions.NoteAddress(subscription);
        }

        Release(report);
    }

    private void OnReportRefused(Exchange exchange, Transaction report, int status)
    {
        Subscription subscription = report.Subscription;
        Release(report);
        exchange.Close();
        if (subscription != null)
        {
            // The subscriber is there and does not want it, or does not know it: there is nothing to repeat.
            _counters.Count(InteractionCounters.SubscriptionLost);
            EndSubscription(subscription);
        }
    }

    // The report was not confirmed in time, or its session is gone.
    private void OnReportFailed(Subscription subscription)
    {
        _counters.Count(InteractionCounters.ReportFailed);
        if (_suspended && subscription.State == Subscription.Active)
        {
            return;
        }

        subscription.Failures++;
        subscription.RetryAt = _clock.Milliseconds + RetryDelay(subscription.Failures);
        if (subscription.State == Subscription.Priming || subscription.Failures >= SubscriptionTable.MaxFailures)
        {
            _counters.Count(InteractionCounters.SubscriptionLost);
            if (subscription.HasFlag(Subscription.FlagStored) && subscription.State == Subscription.Active)
            {
                // Out of reach, and not unsubscribed: flash remembers it until its subscriber is found again.
                SecureSession session = subscription.Session;
                DropSubscription(subscription, false);
                session.RemoveSubscription(subscription);
            }
            else
            {
                EndSubscription(subscription);
            }
        }
    }

    private static int RetryDelay(int failures)
    {
        return failures * SubscriptionTable.RetryDelay;
    }

    private void EndSubscriptionsOf(SecureSession session)
    {
        for (int i = 0; i < Limits.Subscriptions; i++)
        {
            Subscription subscription = _subscriptions[i];
            if (subscription.State != Subscription.Free && subscription.FabricIndex == session.FabricIndex
                && subscription.PeerNodeId == session.PeerNodeId && (session.FabricIndex != 0 || subscription.Session == session))
            {
                EndSubscription(subscription);
            }
        }

        if (session.FabricIndex != 0 && session.PeerNodeId != 0)
        {
            _subscriptions.ForgetStored(session.FabricIndex, session.PeerNodeId);
        }
    }

    private void EndSubscription(Subscription subscription)
    {
        SecureSession session = subscription.Session;
        DropSubscription(subscription, true);
        if (session != null)
        {
            session.RemoveSubscription(subscription);
        }
    }

    private void DropSubscription(Subscription subscription, bool forget)
    {
        for (int i = 0; i < _transactions.Length; i++)
        {
            Transaction transaction = _transactions[i];
            if (transaction.Kind != Transaction.Free && transaction.Subscription == subscription)
            {
                Exchange exchange = transaction.Exchange;
                Release(transaction);
                if (exchange != null)
                {
                    exchange.Close();
                }
            }
        }

        _subscriptions.Release(subscription, forget);
    }

    /// <summary>The session that carried it is closing, and no other takes it over.</summary>
    internal void OnSubscriptionCancelled(Subscription subscription, bool flush)
    {
        if (subscription.State == Subscription.Free)
        {
            return;
        }

        if (flush && subscription.IsActive && !subscription.HasFlag(Subscription.FlagInFlight) && _subscriptions.IsDirty(subscription))
        {
            StartReport(subscription, _clock.Milliseconds);
        }

        DropSubscription(subscription, !flush);
    }

    // Common

    // A slot for an exchange of the peer; answers Busy when there is none.
    private Transaction Take(int kind, Exchange exchange)
    {
        Transaction transaction = TakeSlot(kind, exchange);
        if (transaction == null)
        {
            _counters.Count(InteractionCounters.Busy);
            if (!exchange.Session.IsGroup)
            {
                SendStatus(exchange, Status.Busy, Answer);
                exchange.Close();
            }
        }

        return transaction;
    }

    private Transaction TakeSlot(int kind, Exchange exchange)
    {
        Transaction transaction = FindFree();
        if (transaction != null)
        {
            Session session = exchange.Session;
            transaction.Reset(kind, exchange);
            transaction.SetSubject(GetAuthMode(session), session.FabricIndex);
            _subjectOf = null;
            exchange.State = transaction;
        }

        return transaction;
    }

    private Transaction FindFree()
    {
        for (int i = 0; i < _transactions.Length; i++)
        {
            if (_transactions[i].IsFree)
            {
                return _transactions[i];
            }
        }

        return null;
    }

    private void Release(Transaction transaction)
    {
        if (transaction.Exchange != null)
        {
            transaction.Exchange.State = null;
        }

        if (transaction.Subscription != null)
        {
            transaction.Subscription.SetFlag(Subscription.FlagInFlight, false);
            _reportsInFlight--;
        }

        transaction.Reset(Transaction.Free, null);
    }

    private static int GetAuthMode(Session session)
    {
        if (session.IsGroup)
        {
            return AuthMode.Group;
        }

        SecureSession secure = session as SecureSession;
        return secure == null ? AuthMode.None : secure.IsPase ? AuthMode.Pase : AuthMode.Case;
    }

    /// <summary>Who asks. All transactions share one subject, which is filled again when another one's was in it.</summary>
    internal AccessSubject GetSubject(Transaction transaction)
    {
        if (_subjectOf == transaction)
        {
            return _subject;
        }

        _subjectOf = transaction;
        _subject.Clear();
        _subject.AuthMode = transaction.AuthMode;
        _subject.FabricIndex = transaction.FabricIndex;
        Session session = transaction.Session;
        GroupSession group = session as GroupSession;
        if (group != null)
        {
            _subject.NodeId = 0xffffffffffff0000UL | (uint)group.GroupId;
            return _subject;
        }

        SecureSession secure = session as SecureSession;
        if (secure != null)
        {
            _subject.NodeId = secure.PeerNodeId;
            _subject.Tag0 = secure.GetCaseAuthenticatedTag(0);
            _subject.Tag1 = secure.GetCaseAuthenticatedTag(1);
            _subject.Tag2 = secure.GetCaseAuthenticatedTag(2);
        }

        return _subject;
    }

    // Ends an interaction with a status.
    private void Refuse(Exchange exchange, Transaction transaction, int status)
    {
        if (status == Status.InvalidAction)
        {
            _counters.Count(InteractionCounters.InvalidAction);
        }

        if (transaction != null)
        {
            Subscription subscription = transaction.Subscription;
            int kind = transaction.Kind;
            if (kind == Transaction.Write)
            {
                _writes.Abort(transaction);
            }

            Release(transaction);
            if (subscription != null)
            {
                if (kind == Transaction.Prime)
                {
                    EndSubscription(subscription);
                }
                else
                {
                    OnReportFailed(subscription);
                }
            }
        }

        SendStatus(exchange, status, Answer);
        exchange.Close();
    }

    private bool SendStatus(Exchange exchange, int status, int flags)
    {
        MessageBuffer message = exchange.BeginShortMessage();
        if (message == null)
        {
            _counters.Count(InteractionCounters.NoBuffer);
            return false;
        }

        _writer.Init(message.Data, message.PayloadOffset, message.PayloadLimit);
        StatusResponse.Write(_writer, status);
        return exchange.Send(message, InteractionModel.StatusResponse, _writer.Position - message.PayloadOffset, flags);
    }
}
