using System;
using MatterNano.Messaging;

namespace NFUnitTest.Fakes;

/// <summary>Two group keys with the same session id, of which the first never fits; group 2 of fabric 1.</summary>
public class FakeGroupKeys : IGroupKeys
{
    public static byte[] Second
    {
        get { return Hex.Bytes("ca92d7a0942d1a511a0e26ad074f4c2f"); }
    }

    public int FindNext(int previous, int groupSessionId)
    {
        return groupSessionId == 56189 && previous < 1 ? previous + 1 : -1;
    }

    public void GetOperationalKey(int key, byte[] buffer, int offset)
    {
        Array.Copy(key == 1 ? Second : new byte[16], 0, buffer, offset, 16);
    }

    public void GetPrivacyKey(int key, byte[] buffer, int offset)
    {
        Array.Copy(key == 1 ? Hex.Bytes("bfe9da016a765365f2dd97a9f939e425") : new byte[16], 0, buffer, offset, 16);
    }

    public int GetFabricIndex(int key)
    {
        return 1;
    }

    public bool IsGroupMapped(int key, int groupId)
    {
        return groupId == 2;
    }
}
