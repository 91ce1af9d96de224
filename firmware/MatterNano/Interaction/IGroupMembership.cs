namespace MatterNano.Interaction;

/// <summary>Which endpoints a group message is for (Core 8.2.1.6). Implemented by whoever owns the group table.</summary>
public interface IGroupMembership
{
    /// <summary>True when an endpoint is in the group.</summary>
    /// <param name="fabricIndex">Fabric, 1 to 254.</param>
    /// <param name="groupId">Group, 1 to 65535.</param>
    /// <param name="endpoint">Endpoint number.</param>
    bool IsMember(int fabricIndex, int groupId, int endpoint);
}
