using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;
using MatterNano.Peer;
using MatterNano.Storage;
using Xunit;

namespace MatterNano.Simulation;

/// <summary>Which secrets are in a node's memory, found by walking every object it holds; and that what is drawn once is used once.</summary>
public class SecretTests
{
    private const ulong PeerNodeId = 0x1_0001;

    [Fact]
    public void KeysOfASession_AreGoneWithIt_AndTheSharedSecretWithItsRecord()
    {
        World world = new();
        VirtualPeer peer = world.AddPeer();
        HandshakeResult result = null;
        world.Run(async () =>
        {
            HandshakeResult first = await Connect(world, peer);
            peer.Matter.Close(first.Session);
            await world.Time.Delay(100);
            result = await Connect(world, peer, new CaseOptions { Resumption = first.Resumption });
            await World.AssertWorks(peer.Matter, result.Session);

            // The search finds what is there.
            Assert.NotEmpty(Find(world.Node, result.Session.EncryptKey));
            Assert.NotEmpty(Find(world.Node, result.Session.AttestationChallenge));
            Assert.NotEmpty(Find(world.Node, world.Fabric.Ipk));

            // The record is on flash only.
            Assert.Empty(Find(world.Node, result.Resumption.Secret));
            Assert.Empty(Find(world.Node, first.Session.EncryptKey));

            // Somebody else offers the record's id without knowing its secret.
            await Connect(world, peer, new CaseOptions { Resumption = result.Resumption, SpoilMic = true }, PeerNodeId + 1);
            await Connect(world, peer, new CaseOptions { Resumption = result.Resumption, SpoilMic = true, DestinationId = d => RandomNumberGenerator.GetBytes(32) }, PeerNodeId + 1);
        });
        peer.Matter.Close(result.Session);
        world.Time.RunFor(10_000);
        foreach (byte[] key in new[] { result.Session.EncryptKey, result.Session.DecryptKey, result.Session.AttestationChallenge })
        {
            Assert.Empty(Find(world.Node, key));
        }

        world.Node.Sessions.RemoveFabric(1, null, false);
        world.Node.Fabrics.Remove(1);
        world.Time.RunFor(1000);
        Assert.Empty(Find(world.Node, result.Resumption.Secret));
        Assert.Empty(Find(world.Node, world.Fabric.Ipk));
        Assert.Empty(Find(world.Node, world.Fabric.EpochKey));
        Assert.Empty(Find(world.Node, BitConverter.GetBytes(PeerNodeId).Concat(world.Fabric.CompressedId).ToArray()));
    }

    [Fact]
    public void SecretsOfEveryHandshakeThatFails_AreGoneToo()
    {
        World world = new();
        VirtualPeer peer = world.AddPeer();
        List<byte[]> secrets = new();
        world.Run(async () =>
        {
            CaseOptions[] failures =
            {
                new() { StopAfter = 0x32, SpoilTbe3 = true },
                new() { StopAfter = 0x32, Signature = s => { s[9] ^= 1; return s; } },
                new() { StopAfter = 0x32, Sigma3 = s => s[..(s.Length / 2)] },
            };
            foreach (CaseOptions options in failures)
            {
                HandshakeResult failed = await Connect(world, peer, options);
                secrets.Add(failed.Resumption.Secret);
                secrets.Add(failed.Session.EncryptKey);
                await world.Time.Delay(10_000);
            }
        });
        Assert.Empty(world.Node.Opened);
        foreach (byte[] secret in secrets)
        {
            Assert.Empty(Find(world.Node, secret));
        }
    }

    [Fact]
    public void VerifierAndKeysOfPase_AreGoneWithWindowAndSession()
    {
        World world = new(join: false);
        world.Node.OpenWindow(World.Passcode);
        byte[] w0 = world.Node.Window.Secret.AsSpan(0, 32).ToArray();
        VirtualPeer peer = world.AddPeer();
        HandshakeResult result = null;
        world.Run(async () =>
        {
            Assert.False((await PaseInitiator.RunAsync(peer.Matter, World.Passcode + 1)).IsSuccess);
            result = await PaseInitiator.RunAsync(peer.Matter, World.Passcode);
        });
        Assert.NotEmpty(Find(world.Node, w0));
        Assert.NotEmpty(Find(world.Node, result.Session.EncryptKey));
        world.Node.Window.Close();
        peer.Matter.Close(result.Session);
        world.Time.RunFor(1000);
        Assert.Empty(Find(world.Node, w0));
        Assert.Empty(Find(world.Node, result.Session.EncryptKey));
        Assert.Empty(Find(world.Node, result.Session.DecryptKey));
        Assert.Empty(Find(world.Node, result.Session.AttestationChallenge));
    }

    [Fact]
    public void Plaintext_DoesNotStayInTheReceiveBuffer()
    {
        World world = new();
        VirtualPeer peer = world.AddPeer();
        byte[] password = Encoding.ASCII.GetBytes("correct horse battery staple");
        world.Run(async () =>
        {
            HandshakeResult result = await Connect(world, peer);
            PeerExchange exchange = peer.Matter.OpenExchange(result.Session);
            await exchange.RequestAsync(1, 2, password);
            exchange.Close();
        });
        world.Node.Echo.Received.Clear();
        Assert.Empty(Find(world.Node, password));
    }

    [Fact]
    public void EphemeralKeysAndNonces_AreNeverUsedTwice_AcrossConcurrentHandshakesAndRestarts()
    {
        World world = new();
        VirtualPeer first = world.AddPeer();
        VirtualPeer second = world.AddPeer();
        PeerIdentity[] identities = { world.Fabric.CreateIdentity(PeerNodeId), world.Fabric.CreateIdentity(PeerNodeId + 1) };
        Dictionary<string, string> messages = new();
        HashSet<string> nonces = new();
        int handshakes = 0;
        for (int boot = 0; boot < 4; boot++)
        {
            world.Network.Sent = d =>
            {
                // Sigma2 and Pake2: flags 1, session 2, security 1, counter 4, destination 8; exchange flags 1, opcode 1, ids 4, perhaps an acknowledgement.
                if (d.From == World.NodeHost && d.Bytes[1] == 0 && d.Bytes[2] == 0 && d.Bytes[17] is 0x31 or 0x23)
                {
                    byte[] payload = d.Bytes[(22 + ((d.Bytes[16] & 2) != 0 ? 4 : 0))..];
                    string message = Convert.ToHexString(payload);
                    string key = Convert.ToHexString(PeerElement.Parse(payload)[d.Bytes[17] == 0x31 ? 3 : 1].Data);

                    // The same key again is only ever the same bytes again.
                    Assert.True(messages.TryAdd(key, message) || messages[key] == message);
                }
            };
            world.Node.OpenWindow(World.Passcode);
            world.Time.RunFor(boot * 100);
            Dictionary<string, byte[]> before = Flash(world);
            world.Node.Worker.JobTime = boot % 2 * 700;
            world.Time.RunFor(5000);
            Assert.Equal(before.OrderBy(r => r.Key).Select(r => r.Key + Convert.ToHexString(r.Value)), Flash(world).OrderBy(r => r.Key).Select(r => r.Key + Convert.ToHexString(r.Value)));
            world.Run(async () =>
            {
                for (int i = 0; i < 6; i++)
                {
                    byte[] sigma1 = null;
                    Task<HandshakeResult> pase = PaseInitiator.RunAsync(second.Matter, World.Passcode, new PaseOptions { StopAfter = i % 3 == 0 ? 0x22 : 0 });
                    HandshakeResult result = await CaseInitiator.RunAsync(
                        first.Matter, identities[i % 2], World.NodeId, new CaseOptions { StopAfter = i % 3 == 1 ? 0x30 : 0, Sigma1 = s => sigma1 = s });
                    HandshakeResult other = await pase;
                    if (result.IsSuccess)
                    {
                        handshakes++;
                        Assert.True(nonces.Add(SignatureR(world, first, sigma1, result)));
                    }

                    await world.Time.Delay(i % 3 == 1 ? 4000 : 50);
                    if (other.Session != null)
                    {
                        second.Matter.Close(other.Session);
                    }
                    else
                    {
                        await other.Exchange.ReceiveAsync();
                        other.Exchange.Send(0, 0x40, PeerStatus.Build(1, 2));
                    }
                    await world.Time.Delay(100);
                }
            });
            world.Restart();
        }

        Assert.InRange(handshakes, 12, 24);
        Assert.InRange(messages.Count, 24, 48);
    }

    private static string SignatureR(World world, VirtualPeer peer, byte[] sigma1, HandshakeResult result)
    {
        PeerElement sigma2 = PeerElement.Parse(result.FirstAnswer.Payload);
        byte[] key = PeerCrypto.Hkdf(
            result.Resumption.Secret, PeerCrypto.Concat(world.Fabric.Ipk, sigma2[1].Data, sigma2[3].Data, SHA256.HashData(sigma1)), "Sigma2", 16);
        byte[] plain = PeerCrypto.Decrypt(key, Encoding.ASCII.GetBytes("NCASE_Sigma2N"), sigma2[4].Data);
        return Convert.ToHexString(PeerElement.Parse(plain)[3].Data.AsSpan(0, 32));
    }

    private static Dictionary<string, byte[]> Flash(World world)
    {
        Dictionary<string, byte[]> records = new();
        foreach (string name in world.Node.Flash.List())
        {
            byte[] bytes = new byte[2000];
            int length = world.Node.Flash.Read(name, bytes, 0, bytes.Length);
            records[name] = bytes[..length];
        }

        return records;
    }

    private static Task<HandshakeResult> Connect(World world, VirtualPeer peer, CaseOptions options = null, ulong nodeId = PeerNodeId) =>
        CaseInitiator.RunAsync(peer.Matter, world.Fabric.CreateIdentity(nodeId), World.NodeId, options);

    // Paths to every array of the node's memory that holds these bytes. Its flash is not memory.
    private static List<string> Find(VirtualNode node, byte[] secret)
    {
        List<string> found = new();
        HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
        Stack<(object, string)> left = new();
        left.Push((node, "node"));
        while (left.Count != 0)
        {
            (object value, string path) = left.Pop();
            if (value is null or string or Type or MemoryFlash or Delegate or VirtualTime or VirtualNetwork || value.GetType().IsPrimitive || !seen.Add(value))
            {
                continue;
            }

            if (value is byte[] bytes)
            {
                if (bytes.AsSpan().IndexOf(secret) >= 0)
                {
                    found.Add(path);
                }
            }
            else if (value is Array array)
            {
                for (int i = 0; i < array.Length && !value.GetType().GetElementType().IsPrimitive; i++)
                {
                    left.Push((array.GetValue(i), path + "[" + i + "]"));
                }
            }
            else
            {
                for (Type type = value.GetType(); type != null; type = type.BaseType)
                {
                    foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                    {
                        left.Push((field.GetValue(value), path + "." + field.Name));
                    }
                }
            }
        }

        return found;
    }
}
