namespace MatterNano.Messaging;

/// <summary>The installed group keys, as messaging sees them. Implemented by whoever owns the group key sets.</summary>
public interface IGroupKeys
{
    /// <summary>Next installed operational key with a group session id. Ids are 16-bit hashes: several keys can share one.</summary>
    /// <param name="previous">What the last call returned; -1 to start.</param>
    /// <param name="groupSessionId">Group session id, 0 to 65535.</param>
    /// <returns>A number that stands for the key until the loop goes on; -1 when there are no more.</returns>
    int FindNext(int previous, int groupSessionId);

    /// <summary>Copies the operational key, 16 bytes.</summary>
    void GetOperationalKey(int key, byte[] buffer, int offset);

    /// <summary>Copies the privacy key, 16 bytes.</summary>
    void GetPrivacyKey(int key, byte[] buffer, int offset);

    /// <summary>Fabric the key belongs to.</summary>
    int GetFabricIndex(int key);

    /// <summary>True when the fabric's group key map binds the group to the key's set.</summary>
    bool IsGroupMapped(int key, int groupId);
}
