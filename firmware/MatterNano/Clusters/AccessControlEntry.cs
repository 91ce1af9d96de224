using System;
using MatterNano.Interaction;

namespace MatterNano.Clusters;

/// <summary>The packed form of an access control entry (Core 9.10.5.6), as it lies in the table and in flash.</summary>
/// <remarks>
/// privilege 1 | authentication mode 1 | subjects 1 | targets 1 | 4 x subject u64 | 3 x (flags 1, cluster u32, endpoint u16, device type u32); little-endian.
/// No subjects or no targets means any. Unused places are zero, so that equal entries are equal bytes.
/// </remarks>
public static class AccessControlEntry
{
    /// <summary>Offset of the privilege.</summary>
    public const int Privilege = 0;

    /// <summary>Offset of the authentication mode.</summary>
    public const int AuthMode = 1;

    /// <summary>Offset of the number of subjects, 0 to <see cref="Limits.AclSubjects"/>.</summary>
    public const int SubjectCount = 2;

    /// <summary>Offset of the number of targets, 0 to <see cref="Limits.AclTargets"/>.</summary>
    public const int TargetCount = 3;

    /// <summary>Offset of the subjects, 8 bytes each.</summary>
    public const int Subjects = 4;

    /// <summary>Offset of the targets, <see cref="TargetSize"/> bytes each.</summary>
    public const int Targets = Subjects + Limits.AclSubjects * 8;

    /// <summary>Size of a target in bytes.</summary>
    public const int TargetSize = 11;

    /// <summary>Size of an entry in bytes.</summary>
    public const int Size = Targets + Limits.AclTargets * TargetSize;

    /// <summary>Target flag: the cluster is given.</summary>
    public const int TargetHasCluster = 1;

    /// <summary>Target flag: the endpoint is given.</summary>
    public const int TargetHasEndpoint = 2;

    /// <summary>Target flag: the device type is given.</summary>
    public const int TargetHasDeviceType = 4;

    /// <summary>Upper half of a subject that is a CASE authenticated tag (Core 2.5.5.5).</summary>
    public const uint CaseTagPrefix = 0xfffffffd;

    /// <summary>Makes the entry at <paramref name="offset"/> "Administer, CASE, this subject, every target".</summary>
    /// <param name="data">Receives <see cref="Size"/> bytes.</param>
    /// <param name="offset">Where the entry begins.</param>
    /// <param name="subject">A node id or a CASE authenticated tag with its prefix.</param>
    public static void SetAdministrator(byte[] data, int offset, ulong subject)
    {
        Array.Clear(data, offset, Size);
        data[offset + Privilege] = Interaction.Privilege.Administer;
        data[offset + AuthMode] = Interaction.AuthMode.Case;
        data[offset + SubjectCount] = 1;
        ByteOrder.WriteUInt64(data, offset + Subjects, subject);
    }

    /// <summary>True when the entry obeys every rule of Core 9.10.5.6.</summary>
    public static bool IsValid(byte[] data, int offset)
    {
        int privilege = data[offset + Privilege];
        int mode = data[offset + AuthMode];
        if (privilege < Interaction.Privilege.View || privilege > Interaction.Privilege.Administer)
        {
            return false;
        }

        // PASE is granted implicitly; a group can never administer.
        if (mode != Interaction.AuthMode.Case && (mode != Interaction.AuthMode.Group || privilege == Interaction.Privilege.Administer))
        {
            return false;
        }

        int subjects = data[offset + SubjectCount];
        for (int i = 0; i < subjects; i++)
        {
            if (!IsValidSubject(mode, ByteOrder.ReadUInt64(data, offset + Subjects + i * 8)))
            {
                return false;
            }
        }

        int targets = data[offset + TargetCount];
        for (int i = 0; i < targets; i++)
        {
            if (!IsValidTarget(data, offset + Targets + i * TargetSize))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True when a subject may stand in an entry with CASE authentication: an operational node id or a tag with a version.</summary>
    public static bool IsValidCaseSubject(ulong subject)
    {
        return IsValidSubject(Interaction.AuthMode.Case, subject);
    }

    private static bool IsValidSubject(int mode, ulong subject)
    {
        if (mode == Interaction.AuthMode.Group)
        {
            return subject != 0 && subject <= 0xffff;
        }

        if ((uint)(subject >> 32) == CaseTagPrefix)
        {
            // Version 0 of a tag is reserved.
            return ((uint)subject & 0xffff) != 0;
        }

        return subject != 0 && subject <= 0xffffffefffffffffUL;
    }

    private static bool IsValidTarget(byte[] data, int offset)
    {
        int flags = data[offset];
        if (flags == 0 || (flags & (TargetHasEndpoint | TargetHasDeviceType)) == (TargetHasEndpoint | TargetHasDeviceType))
        {
            return false;
        }

        if ((flags & TargetHasCluster) != 0)
        {
            // Standard clusters 0x0000-0x7fff, manufacturer's 0xfc00-0xfffe under a vendor prefix (Core 7.18.2).
            uint cluster = ByteOrder.ReadUInt32(data, offset + 1);
            uint low = cluster & 0xffff;
            uint vendor = cluster >> 16;
            if (vendor == 0 ? low > 0x7fff : vendor > 0xfff4 || low < 0xfc00 || low > 0xfffe)
            {
                return false;
            }
        }

        if ((flags & TargetHasEndpoint) != 0 && ByteOrder.ReadUInt16(data, offset + 5) == 0xffff)
        {
            return false;
        }

        if ((flags & TargetHasDeviceType) != 0)
        {
            uint deviceType = ByteOrder.ReadUInt32(data, offset + 7);
            if ((deviceType & 0xffff) > 0xbfff || (deviceType >> 16) > 0xfff4)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True when an entry that grants <paramref name="granted"/> allows what needs <paramref name="needed"/>.</summary>
    public static bool Grants(int granted, int needed)
    {
        if (granted == needed || granted == Interaction.Privilege.Administer || needed == Interaction.Privilege.View)
        {
            return true;
        }

        return granted != Interaction.Privilege.ProxyView && needed != Interaction.Privilege.ProxyView && granted > needed;
    }
}
