using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using MatterNano.Flash;
using Xunit;

namespace MatterNano.Host.Tests;

/// <summary>boards/tools/flash against a stand-in that takes nanoff's options by nanoff's rules (tests/nanoff).</summary>
public sealed class FlashTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Dictionary<string, string> _environment = new();
    private readonly string _image;
    private readonly string _board;
    private string _output;

    public FlashTests()
    {
        _image = _directory["light.bin"];
        File.WriteAllBytes(_image, new byte[100]);
        _board = Directory.CreateDirectory(_directory["board"]).FullName;
        _environment["STANDIN_BOARD"] = _board;
        _environment["STANDIN_CHIP"] = "ESP32-C6";
        _environment["NO_COLOR"] = "1";
    }

    public void Dispose()
    {
        _directory.Dispose();
    }

    [UnixFact]
    public void Success_IsSaidWhenTheIdentityIsOnTheBoard_AndTheBoardTellsIt()
    {
        string device = MakeIdentity("MN1");
        using PseudoTerminal port = new("I light: Vendor 65521, product 32769, serial number MN1, discriminator 5");
        Assert.Equal(0, Flash("--target", "ESP32_C6_THREAD", "--port", port.Name, "--identity", device, "--image", _image));
        Assert.Contains("serial number MN1.", _output);
        Assert.Equal(
            new[] { "firmware ESP32_C6_THREAD 1.17.0.185", $"image {_image} at 0x250000", $"files over {port.Name}" },
            File.ReadAllLines(Path.Combine(_board, "log")));
        foreach (string file in Directory.GetFiles(Path.Combine(device, "flash")))
        {
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(_board, Path.GetFileName(file))));
        }
    }

    [UnixFact]
    public void ASingleFileThatFails_IsNoSuccess_ThoughNanoffExitsWith0()
    {
        string device = MakeIdentity("MN1");
        _environment["STANDIN_BAD_FILE"] = Path.GetFileName(Directory.GetFiles(Path.Combine(device, "flash")).Order().Last());
        using PseudoTerminal port = new("serial number MN1, ");
        Assert.Equal(1, Flash("--target", "ESP32_C6_THREAD", "--port", port.Name, "--identity", device, "--image", _image));
        Assert.Contains("is not whole", _output);
    }

    [UnixFact]
    public void AnotherIdentityOnTheBoard_IsNoSuccess()
    {
        string device = MakeIdentity("MN1");
        using PseudoTerminal port = new("I light: Vendor 65521, product 32769, serial number MN2, discriminator 5");
        Assert.Equal(1, Flash("--target", "ESP32_C6_THREAD", "--port", port.Name, "--identity", device, "--image", _image));
        Assert.Contains("tells serial number MN2, not MN1", _output);
    }

    [UnixFact]
    public void ABoardWithoutIdentity_IsNoSuccess()
    {
        using PseudoTerminal port = new("E light: No identity on this device. Make one");
        Assert.Equal(1, Flash("--target", "ESP32_C6_THREAD", "--port", port.Name, "--image", _image));
        Assert.Contains("it has no identity", _output);
    }

    [UnixFact]
    public void ASilentBoard_IsNoSuccess()
    {
        using PseudoTerminal port = new("nothing of the kind");
        Assert.Equal(1, Flash("--target", "ESP32_C6_THREAD", "--port", port.Name, "--image", _image, "--check-seconds", "2"));
        Assert.Contains("did not tell its identity within 2 s", _output);
    }

    [UnixFact]
    public void AWrongChip_IsRefusedByName_BeforeAnythingIsWritten()
    {
        _environment["STANDIN_CHIP"] = "ESP32-S3";
        using PseudoTerminal port = new("serial number MN1, ");
        Assert.Equal(1, Flash("--target", "ESP32_C6_THREAD", "--port", port.Name, "--image", _image));
        Assert.Contains("has the chip ESP32-S3; ESP32_C6_THREAD is for ESP32-C6. Its target is ESP32_S3_QUAD or ESP32_S3_OCTAL", _output);
        Assert.False(File.Exists(Path.Combine(_board, "log")));
    }

    [UnixFact]
    public void AChipThatDoesNotAnswer_EndsIt_BeforeAnythingIsWritten()
    {
        _environment.Remove("STANDIN_CHIP");
        using PseudoTerminal port = new("serial number MN1, ");
        Assert.Equal(1, Flash("--target", "ESP32_C6_THREAD", "--port", port.Name, "--image", _image));
        Assert.Contains("nanoff ended with code", _output);
        Assert.False(File.Exists(Path.Combine(_board, "log")));
    }

    [UnixFact]
    public void Nanoff3_HasOtherOptions_AndIsRefused()
    {
        _environment["STANDIN_VERSION"] = "3.0.0";
        using PseudoTerminal port = new("serial number MN1, ");
        Assert.Equal(1, Flash("--target", "ESP32_C6_THREAD", "--port", port.Name, "--image", _image));
        Assert.Contains("nanoff 2.5 is needed", _output);
        Assert.False(File.Exists(Path.Combine(_board, "log")));
    }

    [UnixFact]
    public void AMovedIdentity_IsRefused_BeforeAnythingIsWritten()
    {
        string device = MakeIdentity("MN1");
        Directory.Move(device, _directory["moved"]);
        using PseudoTerminal port = new("serial number MN1, ");
        Assert.Equal(1, Flash("--target", "ESP32_C6_THREAD", "--port", port.Name, "--identity", _directory["moved"], "--image", _image));
        Assert.Contains("Was the directory moved?", _output);
        Assert.False(File.Exists(Path.Combine(_board, "log")));
    }

    [UnixFact]
    public void AListThatNamesAnotherPort_IsRefused()
    {
        string device = MakeIdentity("MN1", "--serial-port", "COM7");
        using PseudoTerminal port = new("serial number MN1, ");
        Assert.Equal(1, Flash("--target", "ESP32_C6_THREAD", "--port", port.Name, "--identity", device, "--image", _image));
        Assert.Contains("names the port COM7", _output);
    }

    [Fact]
    public void WithNanodevice_NanoffIgnoresTheList_AsOurStandInDoes()
    {
        string device = MakeIdentity("MN1");
        Assert.Equal(0, Run("MatterNano.NanoffStandIn.dll", "--nanodevice", "--serialport", "P", "--filedeployment", Path.Combine(device, "deploy.json")));
        Assert.Contains("No operation was performed", _output);
        Assert.Equal(new[] { _board }, Directory.GetFileSystemEntries(_directory.Path, "board*"));
        Assert.Empty(Directory.GetFiles(_board));
    }

    [Fact]
    public void CommandLines_OfFactoryAndFlash_AreTakenByNanoffsParser()
    {
        string device = MakeIdentity("MN1");
        string shown = _output.Split('\n').Single(l => l.Contains("--filedeployment"));
        Assert.DoesNotContain("--nanodevice", shown);
        Assert.Equal(0, Flash("--dry-run", "--target", "ESP32_C5_THREAD", "--identity", device, "--image", _image));
        string[] lines = _output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, lines.Length);
        foreach (string line in lines.Append(shown[shown.IndexOf("nanoff", StringComparison.Ordinal)..]))
        {
            Assert.StartsWith("nanoff ", line);
            Assert.Equal(0, Run("MatterNano.NanoffStandIn.dll", line.Replace("\"", string.Empty).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..]));
            Assert.DoesNotContain("No operation was performed", _output);
        }
    }

    [Theory]
    [InlineData("--target", "ESP8266")]
    [InlineData("--target")]
    [InlineData("--port", "COM3")]
    [InlineData("--target", "ESP32_C6_THREAD")]
    [InlineData("--target", "ESP32_C6_THREAD", "--port", "COM3", "--what")]
    public void ABadCommandLine_IsToldInOneLine(params string[] arguments)
    {
        Assert.Equal(2, Run("MatterNano.Flash.dll", arguments));
        Assert.Single(_output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("flash: ", _output);
    }

    [Fact]
    public void Help_NamesEveryOption_AndNeedsNoBoard()
    {
        Assert.Equal(0, Run("MatterNano.Flash.dll", "--help"));
        foreach (string option in new[] { "--target", "--port", "--identity", "--image", "--fwversion", "--skip-firmware", "--dry-run", "--nanoff", "--check-seconds" })
        {
            Assert.Contains(option, _output);
        }
    }

    [Fact]
    public void LogMarks_AreWhatTheBoardWrites()
    {
        string source = File.ReadAllText(Path.Combine(Repository(), "boards", "esp32", "LightBoard.cs"));
        Assert.Contains("\"" + BoardLog.SerialNumberMark + "\"", source);
        Assert.Contains(BoardLog.NoIdentityMark, source);
    }

    [Fact]
    public void Nanoff_IsPinned()
    {
        Assert.Contains("\"version\": \"2.5.162\"", File.ReadAllText(Path.Combine(Repository(), "boards", "tools", "flash", ".config", "dotnet-tools.json")));
        Assert.True(File.Exists(Path.Combine(AppContext.BaseDirectory, ".config", "dotnet-tools.json")));
    }

    private static string Repository()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "MatterNano.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder;
    }

    private string MakeIdentity(string serial, params string[] more)
    {
        string[] arguments = { "--out", _directory["devices"], "--serial", serial, "--iterations", "1000" };
        Assert.Equal(0, Run("MatterNano.Factory.dll", arguments.Concat(more).ToArray()));
        return Path.Combine(_directory["devices"], serial);
    }

    private int Flash(params string[] arguments)
    {
        string standIn = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "MatterNano.NanoffStandIn.exe" : "MatterNano.NanoffStandIn");
        return Run("MatterNano.Flash.dll", arguments.Append("--nanoff").Append(standIn).ToArray());
    }

    private int Run(string program, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, program));
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (KeyValuePair<string, string> variable in _environment)
        {
            start.Environment[variable.Key] = variable.Value;
        }

        using Process process = Process.Start(start);
        System.Threading.Tasks.Task<string> errors = process.StandardError.ReadToEndAsync();
        _output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        _output += errors.Result;
        return process.ExitCode;
    }
}
