namespace MatterNano.Messaging;

/// <summary>Replay protection: the largest counter received and which of the 32 before it (Core 4.6.5).</summary>
/// <remarks>
/// Packed into 8 bytes of its owner: maximum 4 | bitmap 4, little-endian; bit i stands for maximum - 1 - i.
/// <see cref="IsNew"/> only asks; <see cref="Commit"/> moves the window and comes after the integrity check, so that a
/// forged datagram cannot move it.
/// </remarks>
public static class ReceptionWindow
{
    /// <summary>Size of the packed form in bytes.</summary>
    public const int PackedSize = 8;

    /// <summary>Secure unicast: never wraps; older than the window is a duplicate.</summary>
    public const int Secure = 0;

    /// <summary>Unsecured: older than the window means a rebooted peer and moves the window.</summary>
    public const int Unsecured = 1;

    /// <summary>Group: wraps, compared as a signed distance (Core 4.6.5.2.2).</summary>
    public const int Group = 2;

    /// <summary>Makes a window that has received nothing. Secure ones start at maximum 0 with a full bitmap, so that the first messages may come in any order.</summary>
    public static void Reset(byte[] state, int offset)
    {
        ByteOrder.WriteUInt32(state, offset, 0);
        ByteOrder.WriteUInt32(state, offset + 4, 0xffffffff);
    }

    /// <summary>Starts a group or unsecured window with its first counter.</summary>
    /// <param name="state">Holds the window.</param>
    /// <param name="offset">Its place.</param>
    /// <param name="counter">First counter received.</param>
    /// <param name="olderAreNew">False: everything older counts as received (trust first, Core 4.6.5.2.2).</param>
    public static void Start(byte[] state, int offset, uint counter, bool olderAreNew)
    {
        ByteOrder.WriteUInt32(state, offset, counter);
        ByteOrder.WriteUInt32(state, offset + 4, olderAreNew ? 0 : 0xffffffff);
    }

    /// <summary>True when a counter was not received before.</summary>
    /// <param name="state">Holds the window.</param>
    /// <param name="offset">Its place.</param>
    /// <param name="kind">One of <see cref="Secure"/>, <see cref="Unsecured"/>, <see cref="Group"/>.</param>
    /// <param name="counter">Counter received.</param>
    public static bool IsNew(byte[] state, int offset, int kind, uint counter)
    {
        uint maximum = ByteOrder.ReadUInt32(state, offset);
        if (counter == maximum)
        {
            return false;
        }

        if (IsAhead(kind, counter, maximum))
        {
            return true;
        }

        uint behind = maximum - counter;
        if (behind <= Limits.ReplayWindow)
        {
            return (ByteOrder.ReadUInt32(state, offset + 4) & (1U << (int)(behind - 1))) == 0;
        }

        return kind == Unsecured;
    }

    /// <summary>Records a counter that <see cref="IsNew"/> found new.</summary>
    public static void Commit(byte[] state, int offset, int kind, uint counter)
    {
        uint maximum = ByteOrder.ReadUInt32(state, offset);
        uint bitmap = ByteOrder.ReadUInt32(state, offset + 4);
        if (IsAhead(kind, counter, maximum))
        {
            uint ahead = counter - maximum;

            // Shift counts are taken modulo 32 by the language: 32 and more must clear, not keep.
            bitmap = ahead < Limits.ReplayWindow ? bitmap << (int)ahead : 0;
            if (ahead <= Limits.ReplayWindow)
            {
                bitmap |= 1U << (int)(ahead - 1);
            }

            maximum = counter;
        }
        else
        {
            uint behind = maximum - counter;
            if (behind == 0)
            {
                return;
            }

            if (behind <= Limits.ReplayWindow)
            {
                bitmap |= 1U << (int)(behind - 1);
            }
            else
            {
                maximum = counter;
                bitmap = 0;
            }
        }

        ByteOrder.WriteUInt32(state, offset, maximum);
        ByteOrder.WriteUInt32(state, offset + 4, bitmap);
    }

    private static bool IsAhead(int kind, uint counter, uint maximum)
    {
        if (kind == Group)
        {
            uint distance = counter - maximum;
            return distance != 0 && distance < 0x80000000;
        }

        return counter > maximum;
    }
}
