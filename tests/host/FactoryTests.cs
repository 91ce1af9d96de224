using System;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using MatterNano.Factory;
using MatterNano.Identity;
using MatterNano.Onboarding;
using MatterNano.Storage;
using QRCoder;
using Xunit;

namespace MatterNano.Host.Tests;

public sealed class FactoryTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void Device_ReadsItsIdentity_AndAcceptsThePasscodeOfTheLabel()
    {
        (OnboardingPayload label, string device) = Make("--serial", "A1", "--vendor", "0xFFF2", "--product", "0x8123", "--product-name", "Lampe \u00e9", "--iterations", "2000");
        TwoSlotFlash flash = new(new DirectoryFileStore(Path.Combine(device, "flash")), 2048);
        DeviceIdentity identity = new();
        Assert.True(identity.TryLoad(flash, new byte[DeviceIdentity.MaxSize]));
        Assert.Equal("A1", identity.SerialNumber);
        Assert.Equal(0xfff2, identity.VendorId);
        Assert.Equal(0x8123, identity.ProductId);
        Assert.Equal("Lampe \u00e9", identity.ProductName);
        Assert.Equal(2000, identity.Iterations);
        Assert.Equal(label.Discriminator, identity.Discriminator);
        Assert.Equal(0xfff2, label.VendorId);
        Assert.Equal(OnboardingPayload.DiscoveryBle, label.Discovery);
        Assert.True(IdentityMaker.IsPasscode(identity, label.Passcode));
        Assert.NotNull(identity.Points);
        byte[] buffer = new byte[2048];
        MatterNano.Onboarding.DeviceAttestation attestation = new(flash, new HostRandom());
        for (int item = 1; item <= 3; item++)
        {
            Assert.InRange(attestation.Read(item, buffer, 0, buffer.Length), 100, 600);
        }

        Assert.True(attestation.Sign(new byte[32], 0, new byte[64], 0));
        Assert.Equal(32, flash.Read("basic.unique", buffer, 0, buffer.Length));
        Assert.Equal(0, flash.DamagedCount);
    }

    [Fact]
    public void Passcode_IsOnTheLabelOnly()
    {
        (OnboardingPayload label, string device) = Make("--passcode", "23456789");
        Assert.Equal(23456789U, label.Passcode);
        byte[] number = BitConverter.GetBytes(23456789U);
        byte[] digits = Encoding.ASCII.GetBytes("23456789");
        foreach (string file in Directory.GetFiles(Path.Combine(device, "flash")).Append(Path.Combine(device, "deploy.json")).Append(_directory["out/devices.csv"]))
        {
            byte[] content = File.ReadAllBytes(file);
            Assert.Equal(-1, content.AsSpan().IndexOf(number));
            Assert.Equal(-1, content.AsSpan().IndexOf(digits));
        }
    }

    [Fact]
    public void TwoDevices_ShareNoDiscriminatorSaltOrKey()
    {
        List<DeviceIdentity> identities = new();
        HashSet<string> keys = new();
        for (int i = 0; i < 3; i++)
        {
            (_, string device) = Make();
            TwoSlotFlash flash = new(new DirectoryFileStore(Path.Combine(device, "flash")), 2048);
            DeviceIdentity identity = new();
            Assert.True(identity.TryLoad(flash, new byte[DeviceIdentity.MaxSize]));
            identities.Add(identity);
            byte[] key = new byte[32];
            Assert.Equal(32, flash.Read("identity.key", key, 0, 32));
            keys.Add(Convert.ToHexString(key));
        }

        Assert.Equal(3, keys.Count);
        Assert.Equal(3, identities.Select(one => one.Discriminator).Distinct().Count());
        Assert.Equal(3, identities.Select(one => Convert.ToHexString(one.Salt)).Distinct().Count());
        Assert.Equal(3, identities.Select(one => one.SerialNumber).Distinct().Count());
        Assert.Equal(3, identities.Select(one => Convert.ToHexString(one.RotatingUniqueId)).Distinct().Count());
        Assert.Equal(4, File.ReadAllLines(_directory["out/devices.csv"]).Length);
    }

    [Fact]
    public void RotatingIdentifier_CanBeLeftOut()
    {
        (_, string device) = Make("--no-rotating-id");
        DeviceIdentity identity = new();
        Assert.True(identity.TryLoad(new TwoSlotFlash(new DirectoryFileStore(Path.Combine(device, "flash")), 2048), new byte[DeviceIdentity.MaxSize]));
        Assert.Null(identity.RotatingUniqueId);
    }

    [Fact]
    public void LastFreeDiscriminator_IsTheOneTaken_AndThenThereIsNone()
    {
        Directory.CreateDirectory(_directory["out"]);
        StringBuilder list = new("serial,discriminator,vendor,product,uniqueId,created\n");
        for (int i = 0; i < 4096; i++)
        {
            if (i != 1234)
            {
                list.Append($"S{i},{i},0xFFF1,0x8001,0,2026-01-01T00:00:00Z\n");
            }
        }

        File.WriteAllText(_directory["out/devices.csv"], list.ToString());
        Assert.Equal(1234, Make().Label.Discriminator);
        Assert.Contains("4096", Fail(1));
    }

    [Fact]
    public void Identity_IsNeverOverwritten()
    {
        (_, string device) = Make("--serial", "A1");
        Dictionary<string, string> before = Contents(device);
        Assert.Contains("never overwritten", Fail(1, "--serial", "A1"));
        Assert.Contains("never overwritten", Fail(1, "--serial", "a1"));
        Assert.Equal(before, Contents(device));

        // Not even when its directory is gone but the list knows it, nor the other way round.
        Directory.Delete(device, true);
        Fail(1, "--serial", "A1");
        Directory.CreateDirectory(_directory["out/B1"]);
        Fail(1, "--serial", "B1");
        Assert.Empty(Directory.GetFileSystemEntries(_directory["out/B1"]));
        int taken = int.Parse(File.ReadAllLines(_directory["out/devices.csv"])[1].Split(',')[1]);
        Assert.Contains(taken.ToString(), Fail(1, "--discriminator", taken.ToString()));
    }

    [Fact]
    public void DeploymentList_RemovesTheOtherSlotsAndWritesEachRecord()
    {
        (_, string device) = Make("--serial-port", "COM7");
        JsonElement list = JsonDocument.Parse(File.ReadAllText(Path.Combine(device, "deploy.json"))).RootElement;
        Assert.Equal("COM7", list.GetProperty("SerialPort").GetString());
        List<string> written = new();
        List<string> removed = new();
        foreach (JsonElement file in list.GetProperty("Files").EnumerateArray())
        {
            string destination = file.GetProperty("DestinationFilePath").GetString();
            Assert.StartsWith("I:\\", destination);
            if (file.TryGetProperty("SourceFilePath", out JsonElement source))
            {
                Assert.True(File.Exists(source.GetString()));
                Assert.Equal(Path.GetFileName(source.GetString()), destination[3..]);
                written.Add(destination);
            }
            else
            {
                removed.Add(destination);
            }
        }

        Assert.Equal(6, written.Count);
        Assert.Equal(written.Select(name => name[..^1] + "1"), removed);
    }

    [Fact]
    public void Label_ShowsTheCodes_AndItsPictureIsTheQrCode()
    {
        (OnboardingPayload label, string device) = Make("--serial", "A1", "--product-name", "A & B");
        string svg = File.ReadAllText(Path.Combine(device, "label.svg"));
        Assert.Contains(OnboardingPayload.GroupDigits(label.ToManualCode()), svg);
        Assert.Contains("A &amp; B", svg);
        Assert.Contains("S/N A1", svg);
        using QRCodeData code = QRCodeGenerator.GenerateQrCode(label.ToQrCode(), QRCodeGenerator.ECCLevel.M);
        List<BitArray> rows = code.ModuleMatrix;
        bool[,] drawn = new bool[rows.Count, rows.Count];
        foreach (Match run in Regex.Matches(svg, @"M(\d+) (\d+)h(\d+)v1h-(\d+)z"))
        {
            Assert.Equal(run.Groups[3].Value, run.Groups[4].Value);
            for (int i = 0; i < int.Parse(run.Groups[3].Value); i++)
            {
                drawn[int.Parse(run.Groups[2].Value), int.Parse(run.Groups[1].Value) + i] = true;
            }
        }

        for (int y = 0; y < rows.Count; y++)
        {
            for (int x = 0; x < rows.Count; x++)
            {
                Assert.Equal(rows[y][x], drawn[y, x]);
            }
        }

        Assert.Equal(new byte[] { 0x89, 0x50, 0x4e, 0x47 }, File.ReadAllBytes(Path.Combine(device, "label.png"))[..4]);
    }

    [Fact]
    public void OwnPai_IssuesTheCertificate_WhateverFormItsKeyHas()
    {
        using CertificateAuthority paa = CertificateAuthority.TestPaa();
        using CertificateAuthority pai = AttestationIssuer.IssueIntermediate(paa, 0xfff3);

        // A PAI whose key the test knows: the library's own keeps it to itself.
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        System.Security.Cryptography.X509Certificates.CertificateRequest request = new(pai.Certificate.SubjectName, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new System.Security.Cryptography.X509Certificates.X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using System.Security.Cryptography.X509Certificates.X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(5));
        File.WriteAllBytes(_directory["pai.der"], certificate.RawData);
        File.WriteAllText(_directory["pai.pem"], certificate.ExportCertificatePem());
        File.WriteAllText(_directory["key.pem"], key.ExportPkcs8PrivateKeyPem());
        File.WriteAllBytes(_directory["key.der"], key.ExportECPrivateKey());
        File.WriteAllBytes(_directory["key.raw"], key.ExportParameters(true).D);
        File.WriteAllBytes(_directory["cd.der"], new byte[] { 0x30, 3, 2, 1, 7 });
        foreach ((string pair, string secret) in new[] { ("pai.der", "key.pem"), ("pai.pem", "key.der"), ("pai.der", "key.raw") })
        {
            (_, string device) = Make("--vendor", "0xFFF3", "--pai-cert", _directory[pair], "--pai-key", _directory[secret], "--cd", _directory["cd.der"]);
            TwoSlotFlash flash = new(new DirectoryFileStore(Path.Combine(device, "flash")), 2048);
            byte[] record = new byte[2048];
            int length = flash.Read("identity.pai", record, 0, record.Length);
            Assert.Equal(certificate.RawData, record[..length]);
            Assert.Equal(5, flash.Read("identity.cd", record, 0, record.Length));
        }

        Assert.Contains("PAI", Fail(1, "--vendor", "0xFFF1", "--pai-cert", _directory["pai.der"], "--pai-key", _directory["key.pem"], "--cd", _directory["cd.der"]));
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(_directory["other.pem"], other.ExportPkcs8PrivateKeyPem());
        Assert.Contains("PAI", Fail(1, "--vendor", "0xFFF3", "--pai-cert", _directory["pai.der"], "--pai-key", _directory["other.pem"], "--cd", _directory["cd.der"]));
        Assert.Contains("absent", Fail(1, "--vendor", "0xFFF3", "--pai-cert", _directory["absent"], "--pai-key", _directory["key.pem"], "--cd", _directory["cd.der"]));
        Assert.Contains("cd.der", Fail(1, "--vendor", "0xFFF3", "--pai-cert", _directory["pai.der"], "--pai-key", _directory["cd.der"], "--cd", _directory["cd.der"]));
    }

    [Theory]
    [InlineData("--passcode", "12345678")]
    [InlineData("--discriminator", "4096")]
    [InlineData("--iterations", "999")]
    [InlineData("--vendor", "0xFFF5")]
    [InlineData("--product-name", "")]
    [InlineData("--serial", "123456789012345678901234567890123")]
    [InlineData("--discovery", "smoke")]
    [InlineData("--pai-cert", "x")]
    [InlineData("--colour")]
    public void BadOption_IsOneClearLineAndCode2(params string[] arguments)
    {
        Fail(2, arguments);
        Assert.False(Directory.Exists(_directory["out"]));
    }

    [Theory]
    [InlineData("../A1")]
    [InlineData("A,1")]
    [InlineData("..")]
    public void Serial_ThatCannotNameADirectoryIsRefused(string serial)
    {
        Assert.Contains("serial", Fail(1, "--serial", serial));
    }

    [Fact]
    public void ForeignFileInPlaceOfTheList_IsKeptAndNamed()
    {
        Directory.CreateDirectory(_directory["out"]);
        File.WriteAllText(_directory["out/devices.csv"], "my notes\n");
        Assert.Contains("devices.csv, line 1", Fail(1));
        Assert.Equal("my notes\n", File.ReadAllText(_directory["out/devices.csv"]));
    }

    [Fact]
    public void VendorOutsideTheTestRange_NeedsItsOwnPai()
    {
        Assert.Contains("--pai-cert", Fail(1, "--vendor", "0x1234"));
    }

    public void Dispose()
    {
        _directory.Dispose();
    }

    private static Dictionary<string, string> Contents(string directory)
    {
        return Directory.GetFiles(directory, "*", SearchOption.AllDirectories).ToDictionary(file => file, file => Convert.ToHexString(File.ReadAllBytes(file)));
    }

    private (OnboardingPayload Label, string Directory) Make(params string[] arguments)
    {
        (int code, string output, string errors) = Run(arguments);
        Assert.True(code == 0, errors);
        OnboardingPayload label = new();
        Assert.True(label.TryReadQrCode(Regex.Match(output, @"MT:[0-9A-Z.\-]+").Value));
        OnboardingPayload manual = new();
        Assert.True(manual.TryReadManualCode(Regex.Match(output, @"\d{4}-\d{3}-\d{4}").Value));
        Assert.Equal(label.Passcode, manual.Passcode);
        return (label, _directory["out/" + Regex.Match(output, @"Serial number +(\S+)").Groups[1].Value]);
    }

    private string Fail(int expected, params string[] arguments)
    {
        (int code, string output, string errors) = Run(arguments);
        Assert.Equal(expected, code);
        Assert.Empty(output);
        return Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private (int Code, string Output, string Errors) Run(string[] arguments)
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "MatterNano.Factory.dll"));
        start.ArgumentList.Add("--out");
        start.ArgumentList.Add(_directory["out"]);
        arguments.ToList().ForEach(start.ArgumentList.Add);
        using Process process = Process.Start(start);
        System.Threading.Tasks.Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }
}
