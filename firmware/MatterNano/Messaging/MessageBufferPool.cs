using System;
using MatterNano.Sessions;

namespace MatterNano.Messaging;

/// <summary>The buffers in which messages are written, and the messages that wait in them for their acknowledgement.</summary>
/// <remarks>
/// A message is written into a buffer of full size and is moved, once sent, to where other waiting messages are, so that a
/// dozen answers share one buffer and the others are free. Who waits for an acknowledgement already leaves a buffer to the
/// rest; what has waited longest gives way to who holds nothing.
/// <para>In front of each waiting message: length u16 | place of the session u8 | place of the exchange + 1 u8, 0 once it is
/// over | transmissions u8 | first sent 5 | to be sent again 5. A place in the pool is buffer * 65536 + offset of that.</para>
/// </remarks>
internal sealed class MessageBufferPool
{
    /// <summary>Bytes in front of a waiting message.</summary>
    internal const int HeaderSize = 15;

    /// <summary>Milliseconds after which a message that waits gives way, when somebody else has no room: two transmissions were made by then.</summary>
    internal const int StaleAfter = 1000;

    /// <summary>The same for messages of sessions, when a stranger has no room: by then they have been sent four times and more.</summary>
    internal const int StaleForStrangers = 3000;

    private const int SessionAt = 2;
    private const int ExchangeAt = 3;
    private const int TransmissionsAt = 4;
    private const int SentAt = 5;
    private const int AgainAt = 10;

    private readonly MessageBuffer[] _buffers = new MessageBuffer[Limits.MessageBuffers];
    private readonly ExchangeManager _exchanges;

    internal MessageBufferPool(ExchangeManager exchanges)
    {
        _exchanges = exchanges;
        for (int i = 0; i < _buffers.Length; i++)
        {
            _buffers[i] = new MessageBuffer(i < Limits.LargeMessageBuffers);
        }
    }

    /// <summary>Buffers that nobody has and nothing waits in.</summary>
    internal int FreeBuffers
    {
        get { return CountFree(_buffers.Length); }
    }

    /// <summary>Messages that wait for their acknowledgement.</summary>
    internal int Waiting
    {
        get
        {
            int count = 0;
            for (int at = Next(-1); at >= 0; at = Next(at))
            {
                count++;
            }

            return count;
        }
    }

    // Taking

    /// <summary>Takes a buffer.</summary>
    /// <param name="isLong">False for a message that fits a short one.</param>
    /// <param name="session">Whose message it will be; null for what waits for nobody.</param>
    /// <param name="isOwn">True when we start the exchange: then a buffer is left for what peers ask.</param>
    /// <returns>Null when there is none to be had.</returns>
    internal MessageBuffer Take(bool isLong, Session session, bool isOwn)
    {
        MessageBuffer buffer = isLong ? null : FindFree(Limits.LargeMessageBuffers, _buffers.Length);
        if (buffer == null && MakeRoom(isLong, session, isOwn))
        {
            buffer = FindFree(0, _buffers.Length);
        }

        if (buffer != null)
        {
            buffer.Kept = -1;
        }

        return buffer;
    }

    /// <summary>Gives back a buffer unused.</summary>
    internal void Release(MessageBuffer buffer)
    {
        if (buffer != null && buffer.IsTaken)
        {
            buffer.Kept = 0;
        }
    }

    /// <summary>Makes room for a message of a session, at the cost of what has waited too long.</summary>
    /// <returns>True when <see cref="Take"/> will find a buffer.</returns>
    internal bool MakeRoom(bool isLong, Session session, bool isOwn)
    {
        if (!isLong && FindFree(Limits.LargeMessageBuffers, _buffers.Length) != null)
        {
            return true;
        }

        bool holds = session != null && Holds(session);
        int wanted = isLong && (isOwn || holds) ? 2 : 1;
        while (CountFree(Limits.LargeMessageBuffers) < wanted)
        {
            if (!Merge() && !DropStale(session, isOwn || holds))
            {
                return false;
            }
        }

        return true;
    }

    // Waiting messages

    /// <summary>Keeps a message that was just sent until it is acknowledged. Its buffer is free afterwards, or holds nothing but waiting messages.</summary>
    internal void Keep(MessageBuffer buffer, int start, int length, Session session, int exchange, long now, long again)
    {
        int size = HeaderSize + length;
        MessageBuffer target = buffer;
        for (int i = 0; i < _buffers.Length; i++)
        {
            MessageBuffer other = _buffers[i];
            bool isUsed = other.Kept > 0 || (other.Kept == 0 && i >= Limits.LargeMessageBuffers);
            if (isUsed && other.Data.Length - other.Kept >= size)
            {
                target = other;
                break;
            }
        }

        if (target == buffer)
        {
            buffer.Kept = 0;
        }

        int at = target.Kept;
        Array.Copy(buffer.Data, start, target.Data, at + HeaderSize, length);
        Release(buffer);
        target.Kept = at + size;
        byte[] data = target.Data;
        ByteOrder.WriteUInt16(data, at, (uint)length);
        data[at + SessionAt] = (byte)session.Place;
        data[at + ExchangeAt] = (byte)(exchange + 1);
        data[at + TransmissionsAt] = 1;
        ByteOrder.WriteTime(data, at + SentAt, now);
        ByteOrder.WriteTime(data, at + AgainAt, again);
    }

    /// <summary>Place of the next waiting message.</summary>
    /// <param name="at">Place of one; -1 for the first.</param>
    /// <returns>-1 when there is no other.</returns>
    internal int Next(int at)
    {
        int buffer = 0;
        int offset = 0;
        if (at >= 0)
        {
            buffer = at >> 16;
            offset = (at & 0xffff) + HeaderSize + GetLength(at);
        }

        for (; buffer < _buffers.Length; buffer++)
        {
            if (offset < _buffers[buffer].Kept)
            {
                return (buffer << 16) | offset;
            }

            offset = 0;
        }

        return -1;
    }

    /// <summary>Place of the message that an exchange waits with; -1 for none.</summary>
    internal int Find(int exchange)
    {
        int at = Next(-1);
        while (at >= 0 && GetExchange(at) != exchange)
        {
            at = Next(at);
        }

        return at;
    }

    /// <summary>Place of the message of a session with a counter; -1 for none.</summary>
    internal int Find(Session session, uint counter)
    {
        int place = session.Place;
        for (int at = Next(-1); at >= 0; at = Next(at))
        {
            if (GetData(at)[(at & 0xffff) + SessionAt] == place && ByteOrder.ReadUInt32(GetData(at), GetStart(at) + 4) == counter)
            {
                return at;
            }
        }

        return -1;
    }

    /// <summary>Place of any message of a session; -1 for none.</summary>
    internal int FindOf(Session session)
    {
        int place = session.Place;
        int at = Next(-1);
        while (at >= 0 && GetData(at)[(at & 0xffff) + SessionAt] != place)
        {
            at = Next(at);
        }

        return at;
    }

    /// <summary>Messages of a session whose exchange is over.</summary>
    internal int CountLingering(Session session)
    {
        int place = session.Place;
        int count = 0;
        for (int at = Next(-1); at >= 0; at = Next(at))
        {
            if (GetData(at)[(at & 0xffff) + SessionAt] == place && GetExchange(at) < 0)
            {
                count++;
            }
        }

        return count;
    }

    /// <summary>Forgets a message. Places behind it are no longer valid.</summary>
    internal void Remove(int at)
    {
        MessageBuffer buffer = _buffers[at >> 16];
        int offset = at & 0xffff;
        int size = HeaderSize + GetLength(at);
        Array.Copy(buffer.Data, offset + size, buffer.Data, offset, buffer.Kept - offset - size);
        buffer.Kept -= size;
    }

    internal byte[] GetData(int at)
    {
        return _buffers[at >> 16].Data;
    }

    /// <summary>Where the message itself starts in its data.</summary>
    internal static int GetStart(int at)
    {
        return (at & 0xffff) + HeaderSize;
    }

    internal int GetLength(int at)
    {
        return ByteOrder.ReadUInt16(GetData(at), at & 0xffff);
    }

    internal Session GetSession(int at)
    {
        return _exchanges.Sessions.GetByPlace(GetData(at)[(at & 0xffff) + SessionAt]);
    }

    /// <summary>Place of the exchange that waits with the message; -1 when it is over.</summary>
    internal int GetExchange(int at)
    {
        return GetData(at)[(at & 0xffff) + ExchangeAt] - 1;
    }

    /// <summary>The message goes on without its exchange.</summary>
    internal void Detach(int at)
    {
        GetData(at)[(at & 0xffff) + ExchangeAt] = 0;
    }

    internal int GetTransmissions(int at)
    {
        return GetData(at)[(at & 0xffff) + TransmissionsAt];
    }

    internal long GetAgain(int at)
    {
        return ByteOrder.ReadTime(GetData(at), (at & 0xffff) + AgainAt);
    }

    /// <summary>Counts a transmission and notes when the next is due.</summary>
    internal void SetAgain(int at, long time)
    {
        GetData(at)[(at & 0xffff) + TransmissionsAt]++;
        ByteOrder.WriteTime(GetData(at), (at & 0xffff) + AgainAt, time);
    }

    /// <summary>Whether a message to this peer waits for its acknowledgement.</summary>
    internal bool Holds(Session session)
    {
        for (int at = Next(-1); at >= 0; at = Next(at))
        {
            if (IsSameOwner(GetSession(at), session))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>One peer has one share, however many sessions it opens. Strangers are told apart by their sessions, so that none answers for another.</summary>
    private static bool IsSameOwner(Session a, Session b)
    {
        if (a == b || !a.IsSecure || !b.IsSecure)
        {
            return a == b;
        }

        return !a.IsPase && !b.IsPase && a.FabricIndex == b.FabricIndex && a.PeerNodeId == b.PeerNodeId;
    }

    private int CountFree(int end)
    {
        int count = 0;
        for (int i = 0; i < end; i++)
        {
            if (_buffers[i].Kept == 0)
            {
                count++;
            }
        }

        return count;
    }

    private MessageBuffer FindFree(int from, int end)
    {
        for (int i = from; i < end; i++)
        {
            if (_buffers[i].Kept == 0)
            {
                return _buffers[i];
            }
        }

        return null;
    }

    /// <summary>Empties the buffer with the least in it into the others.</summary>
    /// <returns>False when it does not fit there.</returns>
    private bool Merge()
    {
        MessageBuffer least = null;
        for (int i = 0; i < Limits.LargeMessageBuffers; i++)
        {
            if (_buffers[i].Kept > 0 && (least == null || _buffers[i].Kept < least.Kept))
            {
                least = _buffers[i];
            }
        }

        while (least != null && least.Kept > 0)
        {
            int size = HeaderSize + ByteOrder.ReadUInt16(least.Data, 0);
            MessageBuffer target = null;
            for (int i = 0; i < _buffers.Length && target == null; i++)
            {
                if (_buffers[i] != least && !_buffers[i].IsTaken && _buffers[i].Kept > 0 && _buffers[i].Data.Length - _buffers[i].Kept >= size)
                {
                    target = _buffers[i];
                }
            }

            if (target == null)
            {
                return false;
            }

            Array.Copy(least.Data, 0, target.Data, target.Kept, size);
            target.Kept += size;
            Array.Copy(least.Data, size, least.Data, 0, least.Kept - size);
            least.Kept -= size;
        }

        return least != null;
    }

    /// <summary>Gives up the messages of one buffer, if all have waited too long: those of strangers at once when a session asks.</summary>
    /// <param name="session">Who asks; may be null.</param>
    /// <param name="onlyOwn">Nothing of others.</param>
    private bool DropStale(Session session, bool onlyOwn)
    {
        long now = _exchanges.Now;
        bool asksStranger = session == null || !session.IsSecure;
        int best = -1;
        long oldest = long.MaxValue;
        for (int i = 0; i < Limits.LargeMessageBuffers; i++)
        {
            long sent = long.MaxValue;
            bool isStale = _buffers[i].Kept > 0;
            for (int offset = 0; isStale && offset < _buffers[i].Kept;)
            {
                int at = (i << 16) | offset;
                Session owner = GetSession(at);
                long first = ByteOrder.ReadTime(_buffers[i].Data, offset + SentAt);
                bool isStranger = !owner.IsSecure && GetExchange(at) < 0 && !asksStranger;
                int patience = asksStranger && owner.IsSecure ? StaleForStrangers : StaleAfter;
                isStale = (isStranger || now - first >= patience) && (!onlyOwn || IsSameOwner(owner, session));
                if (first < sent)
                {
                    sent = first;
                }

                offset += HeaderSize + GetLength(at);
            }

            if (isStale && sent < oldest)
            {
                oldest = sent;
                best = i;
            }
        }

        if (best < 0)
        {
            return false;
        }

        while (_buffers[best].Kept > 0)
        {
            _exchanges.GiveWay(best << 16);
        }

        return true;
    }
}
