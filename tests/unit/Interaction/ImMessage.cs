using System;
using MatterNano.Interaction;
using MatterNano.Tlv;

namespace NFUnitTest.Interaction;

/// <summary>Requests as a controller makes them. Paths are endpoint, cluster, element one after the other; -1 is a wildcard.</summary>
public sealed class ImMessage
{
    public const long Any = -1;

    public readonly TlvWriter Writer = new TlvWriter();
    private readonly byte[] _buffer = new byte[1300];

    private ImMessage()
    {
        Writer.Init(_buffer, 0, _buffer.Length);
        Writer.StartStructure(TlvTag.Anonymous);
    }

    public byte[] End()
    {
        Writer.PutUnsigned(InteractionModel.RevisionTag, InteractionModel.Revision);
        Writer.EndContainer();
        byte[] bytes = new byte[Writer.Position];
        Array.Copy(_buffer, 0, bytes, 0, bytes.Length);
        return bytes;
    }

    public static byte[] StatusResponse(int status)
    {
        ImMessage message = new ImMessage();
        message.Writer.PutUnsigned(0, (ulong)status);
        return message.End();
    }

    public static byte[] Timed(int timeout)
    {
        ImMessage message = new ImMessage();
        message.Writer.PutUnsigned(0, (ulong)timeout);
        return message.End();
    }

    public static byte[] Read(params long[] attributePaths)
    {
        return Read(attributePaths, null, true, null);
    }

    public static byte[] ReadEvents(ulong min, params long[] eventPaths)
    {
        ImMessage message = new ImMessage();
        message.EventPaths(1, eventPaths, false);
        message.EventFilter(2, min);
        message.Writer.PutBoolean(3, true);
        return message.End();
    }

    public static byte[] Read(long[] attributePaths, long[] eventPaths, bool fabricFiltered, uint[] versions)
    {
        ImMessage message = new ImMessage();
        message.AttributePaths(0, attributePaths);
        message.EventPaths(1, eventPaths, false);
        message.Writer.PutBoolean(3, fabricFiltered);
        message.Versions(4, versions);
        return message.End();
    }

    public static byte[] Subscribe(bool keep, int floor, int ceiling, long[] attributePaths, long[] eventPaths, bool urgent)
    {
        ImMessage message = new ImMessage();
        message.Writer.PutBoolean(0, keep);
        message.Writer.PutUnsigned(1, (ulong)floor);
        message.Writer.PutUnsigned(2, (ulong)ceiling);
        message.AttributePaths(3, attributePaths);
        message.EventPaths(4, eventPaths, urgent);
        message.Writer.PutBoolean(7, true);
        return message.End();
    }

    public static byte[] Invoke(int endpoint, uint cluster, uint command, bool timed, bool suppress, int field, int count)
    {
        ImMessage message = new ImMessage();
        message.Writer.PutBoolean(0, suppress);
        message.Writer.PutBoolean(1, timed);
        message.Writer.StartArray(2);
        for (int i = 0; i < count; i++)
        {
            message.Writer.StartStructure(TlvTag.Anonymous);
            message.Writer.StartList(0);
            if (endpoint >= 0)
            {
                message.Writer.PutUnsigned(0, (ulong)endpoint);
            }

            message.Writer.PutUnsigned(1, cluster);
            message.Writer.PutUnsigned(2, command);
            message.Writer.EndContainer();
            if (field >= 0)
            {
                message.Writer.StartStructure(1);
                message.Writer.PutUnsigned(0, (ulong)field);
                message.Writer.EndContainer();
            }

            message.Writer.EndContainer();
        }

        message.Writer.EndContainer();
        return message.End();
    }

    public static byte[] Invoke(int endpoint, uint cluster, uint command)
    {
        return Invoke(endpoint, cluster, command, false, false, -1, 1);
    }

    /// <summary>Begins a WriteRequest; go on with the Put methods, finish with <see cref="EndWrite"/>.</summary>
    public static ImMessage Write(bool timed, bool suppress)
    {
        ImMessage message = new ImMessage();
        if (suppress)
        {
            message.Writer.PutBoolean(0, true);
        }

        message.Writer.PutBoolean(1, timed);
        message.Writer.StartArray(2);
        return message;
    }

    public ImMessage PutNumber(int endpoint, uint cluster, uint attribute, int value)
    {
        Head(endpoint, cluster, attribute, false, false, 0);
        Writer.PutUnsigned(2, (ulong)value);
        Writer.EndContainer();
        return this;
    }

    public ImMessage PutNumber(uint version, uint cluster, uint attribute, int value, bool hasVersion)
    {
        Head(0, cluster, attribute, false, hasVersion, version);
        Writer.PutUnsigned(2, (ulong)value);
        Writer.EndContainer();
        return this;
    }

    public ImMessage PutList(int endpoint, uint cluster, uint attribute, int items)
    {
        Head(endpoint, cluster, attribute, false, false, 0);
        Writer.StartArray(2);
        for (int i = 0; i < items; i++)
        {
            Writer.PutBytes(TlvTag.Anonymous, _buffer, 0, 3);
        }

        Writer.EndContainer();
        Writer.EndContainer();
        return this;
    }

    public ImMessage PutItem(int endpoint, uint cluster, uint attribute, bool good)
    {
        Head(endpoint, cluster, attribute, true, false, 0);
        if (good)
        {
            Writer.PutBytes(2, _buffer, 0, 3);
        }
        else
        {
            Writer.PutBoolean(2, true);
        }

        Writer.EndContainer();
        return this;
    }

    public byte[] EndWrite(bool more)
    {
        Writer.EndContainer();
        if (more)
        {
            Writer.PutBoolean(3, true);
        }

        return End();
    }

    private void Head(int endpoint, uint cluster, uint attribute, bool append, bool hasVersion, uint version)
    {
        Writer.StartStructure(TlvTag.Anonymous);
        if (hasVersion)
        {
            Writer.PutUnsigned(0, version);
        }

        Writer.StartList(1);
        if (endpoint >= 0)
        {
            Writer.PutUnsigned(2, (ulong)endpoint);
        }

        Writer.PutUnsigned(3, cluster);
        Writer.PutUnsigned(4, attribute);
        if (append)
        {
            Writer.PutNull(5);
        }

        Writer.EndContainer();
    }

    private void AttributePaths(uint tag, long[] paths)
    {
        Paths(tag, paths, 2, false);
    }

    private void EventPaths(uint tag, long[] paths, bool urgent)
    {
        Paths(tag, paths, 1, urgent);
    }

    private void Paths(uint tag, long[] paths, uint first, bool urgent)
    {
        if (paths == null)
        {
            return;
        }

        Writer.StartArray(tag);
        for (int i = 0; i < paths.Length; i += 3)
        {
            Writer.StartList(TlvTag.Anonymous);
            for (int j = 0; j < 3; j++)
            {
                if (paths[i + j] != Any)
                {
                    Writer.PutUnsigned(first + (uint)j, (ulong)paths[i + j]);
                }
            }

            if (urgent)
            {
                Writer.PutBoolean(first + 3, true);
            }

            Writer.EndContainer();
        }

        Writer.EndContainer();
    }

    private void EventFilter(uint tag, ulong min)
    {
        Writer.StartArray(tag);
        Writer.StartStructure(TlvTag.Anonymous);
        Writer.PutUnsigned(1, min);
        Writer.EndContainer();
        Writer.EndContainer();
    }

    // Endpoint, cluster, version.
    private void Versions(uint tag, uint[] versions)
    {
        if (versions == null)
        {
            return;
        }

        Writer.StartArray(tag);
        for (int i = 0; i < versions.Length; i += 3)
        {
            DataVersionFilter filter = new DataVersionFilter();
            filter.Endpoint = (int)versions[i];
            filter.Cluster = versions[i + 1];
            filter.DataVersion = versions[i + 2];
            filter.Write(Writer, TlvTag.Anonymous);
        }

        Writer.EndContainer();
    }
}
