using System;
using System.Text.Json;

namespace MatterNano.Host;

/// <summary>What the light tells on standard output: events as they happen and answers to commands.</summary>
internal abstract class Output
{
    /// <summary>Tells an event.</summary>
    /// <param name="name">Its name in JSON.</param>
    /// <param name="text">One line for people; null: not shown to them.</param>
    /// <param name="fields">Writes its further fields in JSON; null: none.</param>
    public abstract void Event(string name, string text, Action<Utf8JsonWriter> fields);

    /// <summary>Answers a command; arguments as of <see cref="Event"/>, the text may have several lines.</summary>
    public abstract void Answer(string command, string text, Action<Utf8JsonWriter> fields);

    /// <summary>Tells that the light is up.</summary>
    public abstract void Ready(ReadyInformation information);

    /// <summary>Tells what went wrong without stopping the light. People read it on standard error.</summary>
    public abstract void Warning(string text);
}
