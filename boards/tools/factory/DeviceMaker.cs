using System;
using System.Collections.Generic;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using MatterNano.Identity;
using MatterNano.Onboarding;
using MatterNano.Storage;
using DeviceAttestation = MatterNano.Identity.DeviceAttestation;

namespace MatterNano.Factory;

/// <summary>Makes one device's identity and writes what belongs to it into a directory named after the serial number.</summary>
internal static class DeviceMaker
{
    // What BasicInformation reads at first start; drawn anew by the device at each factory reset.
    private const string UniqueIdRecord = "basic.unique";
    private const int MaxRecord = 2048;

    /// <summary>Makes the identity.</summary>
    /// <param name="print">Receives the lines for the user.</param>
    /// <exception cref="FactoryException">It cannot be made; nothing of another device was touched.</exception>
    public static void Make(FactoryOptions options, Action<string> print)
    {
        using Ledger ledger = new Ledger(options.Out);
        string serial = options.Serial ?? "MN" + IdentityMaker.DrawHex(6);
        if (serial.IndexOfAny(Path.GetInvalidFileNameChars()) >= 0 || serial.IndexOfAny(new[] { ',', '/', '\\', '"' }) >= 0 || serial.Trim('.', ' ') != serial)
        {
            throw new FactoryException($"The serial number '{serial}' cannot name a directory.");
        }

        string directory = Path.GetFullPath(Path.Combine(options.Out, serial));
        if (ledger.HasSerial(serial) || Directory.Exists(directory) || File.Exists(directory))
        {
            throw new FactoryException($"{directory} has an identity already; it is never overwritten.");
        }

        if (options.Discriminator != null && ledger.HasDiscriminator(options.Discriminator.Value))
        {
            throw new FactoryException($"Another device of {options.Out} has discriminator {options.Discriminator}.");
        }

        DeviceIdentity identity = new DeviceIdentity
        {
            VendorId = options.Vendor,
            ProductId = options.Product,
            VendorName = options.VendorName,
            ProductName = options.ProductName,
            HardwareVersion = options.HardwareVersion,
            HardwareVersionString = options.HardwareVersionString,
            SerialNumber = serial,
            DeviceType = (uint)options.DeviceType,
            Discriminator = options.Discriminator ?? ledger.DrawDiscriminator(),
            RotatingUniqueId = options.HasRotatingId ? IdentityMaker.DrawRotatingUniqueId() : null,
        };
        uint passcode = options.Passcode ?? IdentityMaker.DrawPasscode();
        IdentityMaker.SetPasscode(identity, passcode, options.Iterations);
        DeviceAttestation attestation = Attest(options);
        OnboardingPayload payload = new OnboardingPayload
        {
            VendorId = options.Vendor,
            ProductId = options.Product,
            Discovery = options.Discovery,
            Discriminator = identity.Discriminator,
            Passcode = passcode,
        };
        string uniqueId = IdentityMaker.DrawHex(16).ToLowerInvariant();

        // Made beside its place and renamed, so that a directory of a device is always whole.
        string making = directory + ".making";
        try
        {
            if (Directory.Exists(making))
            {
                Directory.Delete(making, true);
            }

            string flashDirectory = Path.Combine(making, "flash");
            Directory.CreateDirectory(flashDirectory);
            TwoSlotFlash flash = new TwoSlotFlash(new DirectoryFileStore(flashDirectory), MaxRecord);
            byte[] unique = System.Text.Encoding.ASCII.GetBytes(uniqueId);
            if (!IdentityMaker.Store(flash, identity, attestation) || !flash.Write(UniqueIdRecord, unique, 0, unique.Length))
            {
                throw new FactoryException($"The records cannot be written to {flashDirectory}.");
            }

            Label.Write(making, payload.ToQrCode(), payload.ToManualCode(), options.ProductName, serial);
            WriteDeployment(options, making, directory);

            // Listed first: after a failure between the two a discriminator is lost, never shared.
            ledger.Add(serial, identity.Discriminator, options.Vendor, options.Product, uniqueId);
            Directory.Move(making, directory);
        }
        catch (Exception e) when (e is IOException || e is UnauthorizedAccessException)
        {
            throw new FactoryException($"{directory} cannot be written: {e.Message}");
        }

        print($"Serial number  {serial}");
        print($"Discriminator  {identity.Discriminator}");
        print($"QR code        {payload.ToQrCode()}");
        print($"Manual code    {OnboardingPayload.GroupDigits(payload.ToManualCode())}");
        print($"Label          {Path.Combine(directory, "label.svg")}, label.png");
        print($"To the device  nanoff --filedeployment \"{Path.Combine(directory, "deploy.json")}\""
            + (options.SerialPort == null ? " --serialport PORT" : string.Empty));
        if (options.PaiCertificate == null)
        {
            print("The attestation is issued under the public Matter test authority: for development only.");
        }
    }

    private static DeviceAttestation Attest(FactoryOptions options)
    {
        try
        {
            if (options.PaiCertificate == null)
            {
                if (options.Vendor < 0xfff1)
                {
                    throw new FactoryException("The test authority serves vendors 0xFFF1 to 0xFFF4 only; give --pai-cert, --pai-key and --cd.");
                }

                return AttestationIssuer.IssueTestDevice(options.Vendor, options.Product, options.DeviceType);
            }

            byte[] certificate = ReadFile(options.PaiCertificate);
            using X509Certificate2 parsed = IsPem(certificate)
                ? X509Certificate2.CreateFromPem(System.Text.Encoding.ASCII.GetString(certificate))
                : X509CertificateLoader.LoadCertificate(certificate);
            using CertificateAuthority pai = new CertificateAuthority(parsed.RawData, ReadKey(options.PaiKey));
            return AttestationIssuer.IssueDevice(pai, options.Vendor, options.Product, ReadFile(options.Declaration));
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new FactoryException("The PAI is of another vendor or product.");
        }
        catch (CryptographicException e)
        {
            throw new FactoryException($"The PAI or its key cannot be used: {e.Message}");
        }
    }

    private static byte[] ReadKey(string path)
    {
        byte[] content = ReadFile(path);
        if (content.Length == 32)
        {
            return content;
        }

        using ECDsa key = ECDsa.Create();
        try
        {
            if (IsPem(content))
            {
                key.ImportFromPem(System.Text.Encoding.ASCII.GetString(content));
            }
            else
            {
                key.ImportECPrivateKey(content, out _);
            }
        }
        catch (Exception e) when (e is ArgumentException || e is CryptographicException)
        {
            throw new FactoryException($"{path} holds no private key.");
        }

        return key.ExportParameters(true).D;
    }

    private static byte[] ReadFile(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException || e is UnauthorizedAccessException)
        {
            throw new FactoryException($"{path} cannot be read: {e.Message}");
        }
    }

    private static bool IsPem(byte[] content)
    {
        return content.Length > 10 && content[0] == '-' && content[1] == '-';
    }

    // nanoff deletes a file that has no source. The other slot of each record must go: an older identity there could count as newer.
    private static void WriteDeployment(FactoryOptions options, string making, string directory)
    {
        using FileStream file = File.Create(Path.Combine(making, "deploy.json"));
        using Utf8JsonWriter writer = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        if (options.SerialPort != null)
        {
            writer.WriteString("SerialPort", options.SerialPort);
        }

        writer.WriteStartArray("Files");
        string folder = options.DeviceFolder.EndsWith('\\') ? options.DeviceFolder : options.DeviceFolder + "\\";
        string[] names = Array.ConvertAll(Directory.GetFiles(Path.Combine(making, "flash")), Path.GetFileName);
        Array.Sort(names, StringComparer.Ordinal);
        foreach (string name in names)
        {
            writer.WriteStartObject();
            writer.WriteString("DestinationFilePath", folder + name[..^1] + (name[^1] == '0' ? '1' : '0'));
            writer.WriteEndObject();
        }

        foreach (string name in names)
        {
            writer.WriteStartObject();
            writer.WriteString("DestinationFilePath", folder + name);
            writer.WriteString("SourceFilePath", Path.Combine(directory, "flash", name));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
