using System;
using System.Security.Cryptography;
using MatterNano.Crypto;
using MatterNano.Onboarding;
using MatterNano.Platform;
using OnboardingAttestation = MatterNano.Onboarding.DeviceAttestation;

namespace MatterNano.Identity;

/// <summary>Makes what a factory gives to one device, and writes it into the device's records.</summary>
public static class IdentityMaker
{
    /// <summary>Bytes of salt drawn.</summary>
    public const int SaltSize = 32;

    /// <summary>Draws a passcode that a device may use.</summary>
    public static uint DrawPasscode()
    {
        while (true)
        {
            uint passcode = (uint)RandomNumberGenerator.GetInt32((int)SetupPasscode.Min, (int)SetupPasscode.Max + 1);
            if (SetupPasscode.IsAllowed(passcode))
            {
                return passcode;
            }
        }
    }

    /// <summary>Draws a discriminator.</summary>
    public static int DrawDiscriminator()
    {
        return RandomNumberGenerator.GetInt32(4096);
    }

    /// <summary>Draws text for a serial number or a unique id.</summary>
    /// <param name="bytes">Random bytes; two characters each.</param>
    public static string DrawHex(int bytes)
    {
        return Convert.ToHexString(RandomNumberGenerator.GetBytes(bytes));
    }

    /// <summary>Draws what the rotating device identifier of one device is made of (Core 5.4.2.4.5).</summary>
    public static byte[] DrawRotatingUniqueId()
    {
        return RandomNumberGenerator.GetBytes(16);
    }

    /// <summary>Draws a salt and makes the verifier and the points that spare the device two multiplications (Core 3.10).</summary>
    /// <param name="identity">Receives iterations, salt, verifier and points.</param>
    /// <param name="passcode">Is not kept.</param>
    /// <param name="iterations">1000 to 100,000.</param>
    /// <exception cref="ArgumentOutOfRangeException">The passcode is forbidden, or the number of iterations out of range.</exception>
    public static void SetPasscode(DeviceIdentity identity, uint passcode, int iterations)
    {
        if (!SetupPasscode.IsAllowed(passcode))
        {
            throw new ArgumentOutOfRangeException(nameof(passcode));
        }

        if (iterations < 1000 || iterations > 100000)
        {
            throw new ArgumentOutOfRangeException(nameof(iterations));
        }

        identity.Iterations = iterations;
        identity.Points = new byte[DeviceIdentity.PointsSize];
        do
        {
            // A scalar of 0 would need a new salt; nobody has ever seen one.
            identity.Salt = RandomNumberGenerator.GetBytes(SaltSize);
            identity.Verifier = MakeVerifier(passcode, identity.Salt, iterations);
        }
        while (identity.Verifier == null
            || !Spake2p.GetMaskPoints(identity.Verifier, 0, identity.Points, 0, identity.Points, Spake2p.PointSize));
    }

    /// <summary>True when the identity was made for this passcode.</summary>
    public static bool IsPasscode(DeviceIdentity identity, uint passcode)
    {
        byte[] verifier = MakeVerifier(passcode, identity.Salt, identity.Iterations);
        return verifier != null && CryptographicOperations.FixedTimeEquals(verifier, identity.Verifier);
    }

    /// <summary>Writes the records of an identity; "identity" itself last, so that a device never finds half of one.</summary>
    /// <returns>False when the flash refused.</returns>
    public static bool Store(IFlash flash, DeviceIdentity identity, DeviceAttestation attestation)
    {
        return Write(flash, OnboardingAttestation.CertificateRecord, attestation.Certificate)
            && Write(flash, OnboardingAttestation.IntermediateRecord, attestation.Intermediate)
            && Write(flash, OnboardingAttestation.DeclarationRecord, attestation.Declaration)
            && Write(flash, OnboardingAttestation.KeyRecord, attestation.PrivateKey)
            && identity.Store(flash, new byte[DeviceIdentity.MaxSize]);
    }

    private static byte[] MakeVerifier(uint passcode, byte[] salt, int iterations)
    {
        byte[] verifier = new byte[DeviceIdentity.VerifierSize];
        byte[] w1 = new byte[Spake2p.ScalarSize];
        Spake2p.DeriveScalars(new SymmetricCrypto(), passcode, salt, 0, salt.Length, iterations, verifier, 0, w1, 0);
        bool made = Spake2p.GetVerifierPoint(w1, 0, verifier, Spake2p.ScalarSize);
        Secrets.Wipe(w1);
        return made ? verifier : null;
    }

    private static bool Write(IFlash flash, string name, byte[] record)
    {
        return flash.Write(name, record, 0, record.Length);
    }
}
