using System;
using MatterNano.Identity;
using MatterNano.Onboarding;

namespace MatterNano.Host;

/// <summary>The light's identity: made at first start, kept in its storage, changed only where an option says so.</summary>
/// <remarks>A PC light shows its passcode, so it keeps it, in the record "identity.passcode". A real device has only the verifier.</remarks>
internal sealed class HostIdentity
{
    /// <summary>On/Off Light.</summary>
    public const int DeviceType = 0x0100;

    private const string PasscodeRecord = DeviceIdentity.Record + ".passcode";
    private const int DefaultVendor = 0xfff1;
    private const int DefaultProduct = 0x8001;

    // The least that Matter allows: the passcode stands on the screen anyway, and commissioning is quicker.
    private const int Iterations = 1000;
    private const int RecordCapacity = 2048;

    /// <summary>What the node reads.</summary>
    public DeviceIdentity Device { get; } = new DeviceIdentity();

    /// <summary>The setup passcode.</summary>
    public uint Passcode { get; private set; }

    /// <summary>True when the identity was made by this start.</summary>
    public bool IsNew { get; private set; }

    /// <summary>Reads the identity and brings it in line with the options.</summary>
    /// <exception cref="StorageException">It cannot be written, or its passcode is not known.</exception>
    public static HostIdentity Load(FileFlash flash, HostOptions options)
    {
        HostIdentity identity = new HostIdentity();
        DeviceIdentity device = identity.Device;
        bool loaded = device.TryLoad(flash, new byte[DeviceIdentity.MaxSize]) && HasAttestation(flash);
        byte[] stored = new byte[4];
        uint? passcode = flash.Read(PasscodeRecord, stored, 0, 4) == 4 ? ByteOrder.ReadUInt32(stored, 0) : null;
        if (loaded && passcode == null && options.Passcode != null && IdentityMaker.IsPasscode(device, options.Passcode.Value))
        {
            // Made by the factory tool, which does not store the passcode.
            passcode = options.Passcode;
        }

        if (loaded && passcode == null && options.Passcode == null)
        {
            throw new StorageException($"The identity in {flash.DirectoryPath} does not tell its passcode; give it with --passcode.", null);
        }

        int vendor = options.Vendor ?? (loaded ? device.VendorId : DefaultVendor);
        int product = options.Product ?? (loaded ? device.ProductId : DefaultProduct);
        int discriminator = options.Discriminator ?? (loaded ? device.Discriminator : IdentityMaker.DrawDiscriminator());
        bool newAttestation = !loaded || vendor != device.VendorId || product != device.ProductId;
        bool newPasscode = !loaded || passcode == null || (options.Passcode != null && options.Passcode != passcode);
        identity.Passcode = options.Passcode ?? passcode ?? IdentityMaker.DrawPasscode();
        identity.IsNew = !loaded;
        if (!newAttestation && !newPasscode && discriminator == device.Discriminator)
        {
            return identity;
        }

        if (!loaded)
        {
            device.VendorName = "MatterNano";
            device.ProductName = "Light on a PC";
            device.HardwareVersion = 1;
            device.HardwareVersionString = "PC";
            device.SerialNumber = "PC-" + IdentityMaker.DrawHex(4);
            device.DeviceType = DeviceType;
            device.RotatingUniqueId = IdentityMaker.DrawRotatingUniqueId();
        }

        device.VendorId = vendor;
        device.ProductId = product;
        device.Discriminator = discriminator;
        if (newPasscode)
        {
            IdentityMaker.SetPasscode(device, identity.Passcode, Iterations);
        }

        ByteOrder.WriteUInt32(stored, 0, identity.Passcode);
        bool written = flash.Write(PasscodeRecord, stored, 0, 4)
            && (newAttestation
                ? IdentityMaker.Store(flash, device, AttestationIssuer.IssueTestDevice(vendor, product, DeviceType))
                : device.Store(flash, new byte[DeviceIdentity.MaxSize]));
        if (!written)
        {
            throw new StorageException($"The identity cannot be written to {flash.DirectoryPath}.", null);
        }

        return identity;
    }

    private static bool HasAttestation(FileFlash flash)
    {
        byte[] buffer = new byte[RecordCapacity];
        return flash.Read(Onboarding.DeviceAttestation.CertificateRecord, buffer, 0, buffer.Length) > 0
            && flash.Read(Onboarding.DeviceAttestation.IntermediateRecord, buffer, 0, buffer.Length) > 0
            && flash.Read(Onboarding.DeviceAttestation.DeclarationRecord, buffer, 0, buffer.Length) > 0
            && flash.Read(Onboarding.DeviceAttestation.KeyRecord, buffer, 0, buffer.Length) == 32;
    }
}
