using System;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using MatterNano.Crypto;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.EC;
using Xunit;
using BigInteger = Org.BouncyCastle.Math.BigInteger;
using ECPoint = Org.BouncyCastle.Math.EC.ECPoint;

namespace MatterNano.Oracle;

/// <summary>The verifier against a prover written here with BouncyCastle's points and .NET's hashes.</summary>
public class Spake2pTests
{
    private static readonly X9ECParameters s_curve = CustomNamedCurves.GetByName("secp256r1");
    private static readonly byte[] s_m = Convert.FromHexString("02886e2f97ace46e55ba9dd7242579f2993b64e16ef3dcab95afd497333d8fa12f");
    private static readonly byte[] s_n = Convert.FromHexString("03d8bbd6c639c62937b04d997f38c3770719c629d7014d49a24b4f98baa1292b49");

    [Fact]
    public void RandomHandshakes()
    {
        SeededRandom random = new SeededRandom(1);
        SymmetricCrypto crypto = new SymmetricCrypto();
        Spake2pVerifier verifier = new Spake2pVerifier(crypto);
        ECPoint m = s_curve.Curve.DecodePoint(s_m);
        ECPoint n = s_curve.Curve.DecodePoint(s_n);
        for (int i = 0; i < 40; i++)
        {
            byte[] salt = random.Bytes(16 + random.Below(17));
            uint passcode = (uint)random.Below(99999999);
            byte[] keys = Rfc2898DeriveBytes.Pbkdf2(BitConverter.GetBytes(passcode), salt, 10, HashAlgorithmName.SHA256, 80);
            BigInteger w0 = new BigInteger(1, keys[..40]).Mod(s_curve.N);
            BigInteger w1 = new BigInteger(1, keys[40..]).Mod(s_curve.N);
            byte[] ours = new byte[64];
            Spake2p.DeriveScalars(crypto, passcode, salt, 0, salt.Length, 10, ours, 0, ours, 32);
            Assert.Equal(w0, new BigInteger(1, ours[..32]));
            Assert.Equal(w1, new BigInteger(1, ours[32..]));

            byte[] l = s_curve.G.Multiply(w1).GetEncoded(false);
            byte[] masks = m.Multiply(w0).GetEncoded(false).Concat(n.Multiply(w0).GetEncoded(false)).ToArray();
            Assert.True(i % 2 == 0 ? verifier.SetVerifier(ours, 0, l, 0, masks, 0, masks, 65) : verifier.SetVerifier(ours, 0, l, 0, null, 0, null, 0));
            if (i % 3 != 0)
            {
                verifier.Prepare(random);
            }

            BigInteger x = new BigInteger(1, random.Bytes(32)).Mod(s_curve.N);
            byte[] shareP = s_curve.G.Multiply(x).Add(m.Multiply(w0)).GetEncoded(false);
            byte[] context = random.Bytes(32);
            byte[] shareV = new byte[65];
            byte[] confirmV = new byte[32];
            Assert.True(verifier.Respond(random, context, 0, 32, shareP, 0, shareV, 0, confirmV, 0));
            if (i % 4 == 0)
            {
                verifier.Prepare(random); // the next handshake's, between Pake2 and Pake3
            }

            ECPoint y = s_curve.Curve.DecodePoint(shareV).Subtract(n.Multiply(w0));
            byte[] transcript = Part(context).Concat(Part(new byte[0])).Concat(Part(new byte[0])).Concat(Part(m.GetEncoded(false))).Concat(Part(n.GetEncoded(false)))
                .Concat(Part(shareP)).Concat(Part(shareV)).Concat(Part(y.Multiply(x).GetEncoded(false))).Concat(Part(y.Multiply(w1).GetEncoded(false))).Concat(Part(ours[..32])).ToArray();
            byte[] hash = SHA256.HashData(transcript);
            byte[] confirmation = HKDF.DeriveKey(HashAlgorithmName.SHA256, hash[..16], 32, null, Encoding.ASCII.GetBytes("ConfirmationKeys"));
            Assert.Equal(HMACSHA256.HashData(confirmation[16..], shareP), confirmV);
            Assert.True(verifier.Confirm(HMACSHA256.HashData(confirmation[..16], shareV), 0));
            byte[] secret = new byte[16];
            Assert.True(verifier.TakeSharedSecret(secret, 0));
            Assert.Equal(hash[16..], secret);
        }
    }

    private static byte[] Part(byte[] value)
    {
        return BitConverter.GetBytes((ulong)value.Length).Concat(value).ToArray();
    }
}
