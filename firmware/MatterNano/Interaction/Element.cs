namespace MatterNano.Interaction;

/// <summary>How an attribute, command or event is described in one <see cref="uint"/>, so that a cluster's tables are code and cost no memory.</summary>
/// <remarks>
/// Bits 0-15 id; 16-18 read privilege (attribute, event) or invoke privilege (command); 19-21 write privilege;
/// 22 list; 23 fabric-scoped or fabric-sensitive; 24-25 timed, changes omitted (attribute and command);
/// command: 24 timed, 26-31 response id + 1 (0 = status only); event: 26-27 priority.
/// </remarks>
public static class Element
{
    /// <summary>What a table method returns behind its last entry.</summary>
    public const uint End = 0xffffffff;

    /// <summary>Attribute or event read with View.</summary>
    public const uint ReadView = (uint)Privilege.View << 16;

    /// <summary>Attribute or event read with Operate.</summary>
    public const uint ReadOperate = (uint)Privilege.Operate << 16;

    /// <summary>Attribute or event read with Manage.</summary>
    public const uint ReadManage = (uint)Privilege.Manage << 16;

    /// <summary>Attribute or event read with Administer.</summary>
    public const uint ReadAdminister = (uint)Privilege.Administer << 16;

    /// <summary>Attribute written with Operate.</summary>
    public const uint WriteOperate = (uint)Privilege.Operate << 19;

    /// <summary>Attribute written with Manage.</summary>
    public const uint WriteManage = (uint)Privilege.Manage << 19;

    /// <summary>Attribute written with Administer.</summary>
    public const uint WriteAdminister = (uint)Privilege.Administer << 19;

    /// <summary>Command invoked with Operate.</summary>
    public const uint InvokeOperate = (uint)Privilege.Operate << 16;

    /// <summary>Command invoked with Manage.</summary>
    public const uint InvokeManage = (uint)Privilege.Manage << 16;

    /// <summary>Command invoked with Administer.</summary>
    public const uint InvokeAdminister = (uint)Privilege.Administer << 16;

    /// <summary>The attribute is a list: read and written item by item.</summary>
    public const uint List = 1u << 22;

    /// <summary>Attribute: items belong to fabrics. Command: needs an accessing fabric. Event: seen by its own fabric only.</summary>
    public const uint FabricScoped = 1u << 23;

    /// <summary>Written or invoked only behind a TimedRequest (Core 8.5, 8.8).</summary>
    public const uint Timed = 1u << 24;

    /// <summary>Changes of this attribute are not reported by themselves (quality C, such as UpTime).</summary>
    public const uint ChangesOmitted = 1u << 25;

    /// <summary>Event priority DEBUG.</summary>
    public const uint Debug = 0;

    /// <summary>Event priority INFO.</summary>
    public const uint Info = 1u << 26;

    /// <summary>Event priority CRITICAL.</summary>
    public const uint Critical = 2u << 26;

    /// <summary>The command is answered by this response command; without it, by a status.</summary>
    /// <param name="command">Response command id, 0 to 62.</param>
    public static uint Response(uint command)
    {
        return (command + 1) << 26;
    }

    /// <summary>True for a command that needs a TimedRequest.</summary>
    public static bool IsTimedCommand(uint element)
    {
        return (element & Timed) != 0;
    }

    /// <summary>Id of an entry.</summary>
    public static uint GetId(uint element)
    {
        return element & 0xffff;
    }

    /// <summary>Privilege to read an attribute or event, or to invoke a command; <see cref="Privilege.None"/> when it cannot be read.</summary>
    public static int GetPrivilege(uint element)
    {
        return -1 & (int)((element >> 16) & 7);
    }

    /// <summary>Privilege to write an attribute; <see cref="Privilege.None"/> when it is read-only.</summary>
    public static int GetWritePrivilege(uint element)
    {
        return -1 & (int)((element >> 19) & 7);
    }

    /// <summary>Response command of a command.</summary>
    /// <returns>Its id; -1 when a status answers.</returns>
    public static int GetResponse(uint element)
    {
        return (-1 & (int)(element >> 26)) - 1;
    }

    /// <summary>Priority of an event, one of <see cref="EventPriority"/>.</summary>
    public static int GetPriority(uint element)
    {
        return -1 & (int)((element >> 26) & 3);
    }
}
