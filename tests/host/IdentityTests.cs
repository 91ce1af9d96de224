using System;
using System.Collections.Generic;
using MatterNano.Crypto;
using MatterNano.Identity;
using MatterNano.Onboarding;
using MatterNano.Storage;
using Xunit;

namespace MatterNano.Host.Tests;

public class IdentityTests
{
    [Fact]
    public void Verifier_LetsInWhoKnowsThePasscode()
    {
        DeviceIdentity identity = new();
        IdentityMaker.SetPasscode(identity, 20202021, 1000);
        Assert.True(IdentityMaker.IsPasscode(identity, 20202021));
        Assert.False(IdentityMaker.IsPasscode(identity, 20202022));
        Assert.True(new Spake2pVerifier(new SymmetricCrypto()).SetVerifier(
            identity.Verifier, 0, identity.Verifier, 32, identity.Points, 0, identity.Points, 65));

        // The points that spare the device two multiplications are those it would compute itself.
        byte[] points = new byte[130];
        Assert.True(Spake2p.GetMaskPoints(identity.Verifier, 0, points, 0, points, 65));
        Assert.Equal(points, identity.Points);
    }

    [Fact]
    public void Verifier_OfTheSamePasscodeIsAnotherEachTime()
    {
        DeviceIdentity one = new();
        DeviceIdentity two = new();
        IdentityMaker.SetPasscode(one, 20202021, 1000);
        IdentityMaker.SetPasscode(two, 20202021, 1000);
        Assert.NotEqual(one.Salt, two.Salt);
        Assert.NotEqual(one.Verifier, two.Verifier);
    }

    [Theory]
    [InlineData(11111111u, 1000)]
    [InlineData(12345678u, 1000)]
    [InlineData(0u, 1000)]
    [InlineData(20202021u, 999)]
    [InlineData(20202021u, 100001)]
    public void ForbiddenPasscodeOrIterations_AreRefused(uint passcode, int iterations)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => IdentityMaker.SetPasscode(new DeviceIdentity(), passcode, iterations));
    }

    [Fact]
    public void DrawnPasscodes_AreAllowedAndDiffer()
    {
        HashSet<uint> drawn = new();
        for (int i = 0; i < 100; i++)
        {
            uint passcode = IdentityMaker.DrawPasscode();
            Assert.True(SetupPasscode.IsAllowed(passcode));
            drawn.Add(passcode);
        }

        Assert.True(drawn.Count > 95);
    }

    [Fact]
    public void StoredIdentity_IsReadByTheDevice()
    {
        MemoryFlash flash = new();
        DeviceIdentity identity = new()
        {
            VendorId = 0xfff1,
            ProductId = 0x8001,
            VendorName = "V",
            ProductName = "P",
            HardwareVersion = 1,
            HardwareVersionString = "1",
        };
        IdentityMaker.SetPasscode(identity, 20202021, 1000);
        MatterNano.Identity.DeviceAttestation attestation = AttestationIssuer.IssueTestDevice(0xfff1, 0x8001, 0x0100);
        Assert.True(IdentityMaker.Store(flash, identity, attestation));
        DeviceIdentity read = new();
        Assert.True(read.TryLoad(flash, new byte[DeviceIdentity.MaxSize]));
        Assert.Equal(identity.Verifier, read.Verifier);
        byte[] hash = new byte[32];
        byte[] signature = new byte[64];
        Assert.True(new MatterNano.Onboarding.DeviceAttestation(flash, new HostRandom()).Sign(hash, 0, signature, 0));
        Assert.True(P256.Verify(attestation.PublicKey, 0, hash, 0, signature, 0));
    }
}
