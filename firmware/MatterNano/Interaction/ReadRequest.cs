using MatterNano.Tlv;

namespace MatterNano.Interaction;

/// <summary>ReadRequest and SubscribeRequest: what a client wants to see (Core 10.7.2, 10.7.4).</summary>
/// <remarks>
/// read: 0 attribute paths | 1 event paths | 2 event filters | 3 fabric filtered | 4 data version filters | 255 revision.
/// subscribe: 0 keep subscriptions | 1 min interval floor u16 | 2 max interval ceiling u16 | 3 attribute paths |
/// 4 event paths | 5 event filters | 7 fabric filtered | 8 data version filters | 255 revision.
/// The arrays are left where they are in the message and walked with the Open methods.
/// </remarks>
public sealed class ReadRequest
{
    /// <summary>Subscribe: leave the subscriber's other subscriptions alone.</summary>
    public bool KeepSubscriptions;

    /// <summary>Subscribe: least time between reports in seconds, 0 to 65535.</summary>
    public int MinIntervalFloor;

    /// <summary>Subscribe: longest time without a report in seconds, 0 to 65535.</summary>
    public int MaxIntervalCeiling;

    /// <summary>Only items of the own fabric are wanted.</summary>
    public bool IsFabricFiltered;

    private byte[] _buffer;
    private int _end;

    // Where the arrays begin; 0: not there.
    private int _attributesAt;
    private int _eventsAt;
    private int _filtersAt;
    private int _versionsAt;

    /// <summary>Reads the outline of a message; it must stay where it is while the Open methods are used.</summary>
    /// <param name="reader">Any reader.</param>
    /// <param name="subscribe">True for a SubscribeRequest.</param>
    /// <param name="buffer">Holds the message.</param>
    /// <param name="offset">Its start.</param>
    /// <param name="length">Its length.</param>
    /// <returns>False when it is malformed.</returns>
    public bool TryRead(TlvReader reader, bool subscribe, byte[] buffer, int offset, int length)
    {
        _buffer = buffer;
        _end = offset + length;
        _attributesAt = 0;
        _eventsAt = 0;
        _filtersAt = 0;
        _versionsAt = 0;
        uint first = subscribe ? 3u : 0u;
        int found = subscribe ? 0 : 7;
        reader.Init(buffer, offset, length);
        if (!reader.Expect(TlvTag.Anonymous, TlvType.Structure) || !reader.Enter())
        {
            return false;
        }

        while (reader.Next())
        {
            if (reader.TagKind != TlvTag.KindContext)
            {
                continue;
            }

            bool fine = true;
            uint value;
            uint tag = reader.Tag;
            if (tag < first)
            {
                switch (tag)
                {
                    case 0:
                        fine = reader.TryGetBoolean(out KeepSubscriptions);
                        found |= 1;
                        break;
                    case 1:
                        fine = reader.TryGetUnsigned(0xffff, out value);
                        MinIntervalFloor = (int)value;
                        found |= 2;
                        break;
                    default:
                        fine = reader.TryGetUnsigned(0xffff, out value);
                        MaxIntervalCeiling = (int)value;
                        found |= 4;
                        break;
                }
            }
            else
            {
                // Subscribe leaves tag 6 out.
                uint rest = tag - first;
                if (subscribe && rest >= 3)
                {
                    rest = rest == 3 ? 255 : rest - 1;
                }

                switch (rest)
                {
                    case 0:
                        fine = reader.Type == TlvType.Array;
                        _attributesAt = reader.ElementOffset;
                        break;
                    case 1:
                        fine = reader.Type == TlvType.Array;
                        _eventsAt = reader.ElementOffset;
                        break;
                    case 2:
                        fine = reader.Type == TlvType.Array;
                        _filtersAt = reader.ElementOffset;
                        break;
                    case 3:
                        fine = reader.TryGetBoolean(out IsFabricFiltered);
                        found |= 8;
                        break;
                    case 4:
                        fine = reader.Type == TlvType.Array;
                        _versionsAt = reader.ElementOffset;
                        break;
                }
            }

            if (!fine)
            {
                return false;
            }
        }

        return reader.Exit() && found == 15;
    }

    /// <summary>Puts a reader before the first attribute path.</summary>
    /// <returns>False when there are none.</returns>
    public bool OpenAttributePaths(TlvReader reader)
    {
        return Open(reader, _attributesAt);
    }

    /// <summary>Puts a reader before the first event path.</summary>
    /// <returns>False when there are none.</returns>
    public bool OpenEventPaths(TlvReader reader)
    {
        return Open(reader, _eventsAt);
    }

    /// <summary>Puts a reader before the first data version filter.</summary>
    /// <returns>False when there are none.</returns>
    public bool OpenDataVersionFilters(TlvReader reader)
    {
        return Open(reader, _versionsAt);
    }

    /// <summary>Least event number wanted, from the event filters (structure: 0 node | 1 event min u64).</summary>
    /// <returns>False when they are malformed.</returns>
    public bool TryGetEventMin(TlvReader reader, out ulong min)
    {
        min = 0;
        if (!Open(reader, _filtersAt))
        {
            return true;
        }

        while (reader.Next())
        {
            if (reader.Type != TlvType.Structure || !reader.Enter())
            {
                return false;
            }

            bool found = false;
            while (reader.Next())
            {
                ulong value;
                if (reader.IsContextTag(1))
                {
                    if (!reader.TryGetUnsigned(out value))
                    {
                        return false;
                    }

                    found = true;
                    if (value > min)
                    {
                        min = value;
                    }
                }
            }

            if (!found || !reader.Exit())
            {
                return false;
            }
        }

        return !reader.HasError;
    }

    private bool Open(TlvReader reader, int at)
    {
        if (at == 0)
        {
            return false;
        }

        reader.Init(_buffer, at, _end - at);
        return reader.Next() && reader.Enter();
    }
}
