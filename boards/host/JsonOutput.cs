using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MatterNano.Host;

/// <summary>Each event and answer as one JSON object a line.</summary>
internal sealed class JsonOutput : Output
{
    private readonly Stream _stream;
    private readonly object _lock = new object();
    private readonly ArrayBufferWriter<byte> _line = new ArrayBufferWriter<byte>();
    private readonly List<string> _early = new List<string>();
    private bool _ready;

    public JsonOutput(Stream stream)
    {
        _stream = stream;
    }

    /// <inheritdoc/>
    public override void Event(string name, string text, Action<Utf8JsonWriter> fields)
    {
        lock (_lock)
        {
            _line.Clear();
            using (Utf8JsonWriter writer = new Utf8JsonWriter(_line, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            {
                writer.WriteStartObject();
                writer.WriteString("event", name);
                fields?.Invoke(writer);
                writer.WriteEndObject();
            }

            _line.GetSpan(1)[0] = (byte)'\n';
            _line.Advance(1);
            try
            {
                _stream.Write(_line.WrittenSpan);
                _stream.Flush();
            }
            catch (IOException)
            {
                // The reader is gone; the light goes on.
            }
        }
    }

    /// <inheritdoc/>
    public override void Answer(string command, string text, Action<Utf8JsonWriter> fields)
    {
        Event("answer", null, writer =>
        {
            writer.WriteString("command", command);
            fields?.Invoke(writer);
        });
    }

    /// <inheritdoc/>
    public override void Ready(ReadyInformation information)
    {
        Event("ready", null, information.Write);
        _ready = true;
        _early.ForEach(Warning);
        _early.Clear();
    }

    /// <inheritdoc/>
    /// <remarks>"ready" is the first line in every case.</remarks>
    public override void Warning(string text)
    {
        if (_ready)
        {
            Event("warning", null, writer => writer.WriteString("message", text));
        }
        else
        {
            _early.Add(text);
        }
    }
}
