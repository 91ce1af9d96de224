using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using MatterNano.Identity;
using MatterNano.Onboarding;
using MatterNano.Storage;

namespace MatterNano.Flash;

/// <summary>One device's identity as boards/tools/factory wrote it: nanoff's list of files, and what the files say.</summary>
internal sealed class Deployment
{
    private const int MaxRecord = 2048;

    private readonly List<string> _sources = new();

    /// <summary>The list that nanoff reads.</summary>
    public string List { get; private init; }

    /// <summary>Serial number of the device.</summary>
    public string SerialNumber { get; private init; }

    /// <summary>Reads and checks the directory: nanoff itself goes on without a word in its exit code when a file is missing.</summary>
    /// <param name="port">The board's port; null if none is known.</param>
    /// <exception cref="FlashException">It cannot be deployed as it is.</exception>
    public static Deployment Read(string directory, string port)
    {
        string list = Path.Combine(directory, "deploy.json");
        if (!File.Exists(list))
        {
            throw new FlashException($"{list} does not exist; make an identity with `dotnet run --project boards/tools/factory`.");
        }

        DeviceIdentity identity = new DeviceIdentity();
        TwoSlotFlash flash = new TwoSlotFlash(new DirectoryFileStore(Path.Combine(directory, "flash")), MaxRecord);
        if (!identity.TryLoad(flash, new byte[DeviceIdentity.MaxSize]) || string.IsNullOrEmpty(identity.SerialNumber))
        {
            throw new FlashException($"{Path.Combine(directory, "flash")} holds no whole identity; make another one with `dotnet run --project boards/tools/factory`.");
        }

        Deployment deployment = new Deployment { List = list, SerialNumber = identity.SerialNumber };
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(list));
            if (document.RootElement.TryGetProperty("SerialPort", out JsonElement own) && port != null && own.GetString() != port)
            {
                throw new FlashException($"{list} names the port {own.GetString()}, which nanoff prefers to {port}: take it out of the list, or use that port.");
            }

            foreach (JsonElement file in document.RootElement.GetProperty("Files").EnumerateArray())
            {
                if (file.TryGetProperty("SourceFilePath", out JsonElement source))
                {
                    deployment._sources.Add(source.GetString());
                }
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FlashException($"{list} is no list of files: {e.Message}");
        }

        string missing = deployment._sources.Find(s => !File.Exists(s));
        if (missing != null || deployment._sources.Count == 0)
        {
            throw new FlashException(missing == null ? $"{list} names no file." : $"{list} names {missing}, which does not exist. Was the directory moved? Move it back, or mend the list.");
        }

        return deployment;
    }

    /// <summary>Fails unless nanoff's output tells of each file that it is on the board: a failed one does not change its exit code.</summary>
    public void CheckWritten(string output)
    {
        if (output.Contains("No operation was performed", StringComparison.Ordinal))
        {
            throw new FlashException("nanoff did nothing with the list of files; the identity is not on the board.");
        }

        foreach (string source in _sources)
        {
            int at = output.IndexOf($"Deploying file {source} to ", StringComparison.Ordinal);
            int end = at < 0 ? -1 : output.IndexOf('\n', at);
            if (at < 0 || !(end < 0 ? output[at..] : output[at..end]).TrimEnd().EndsWith("...OK", StringComparison.Ordinal))
            {
                throw new FlashException($"nanoff did not say that {Path.GetFileName(source)} is on the board; the identity there is not whole. Try again.");
            }
        }
    }
}
