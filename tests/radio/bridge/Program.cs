using System;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using MatterNano.Host;
using MatterNano.Host.Bluez;

namespace MatterNano.RadioBridge;

/// <summary>Listens on a loopback port for contacts of the simulated radio, and carries each over a Bluetooth adapter.</summary>
internal static class Program
{
    private static async Task Main(string[] args)
    {
        SystemBus bus = await SystemBus.Connect("org.bluez");
        Central central = new Central(bus, "/org/bluez/" + args[0]);
        await central.Start();
        TcpListener listener = new TcpListener(IPAddress.Loopback, int.Parse(args[1]));
        listener.Start();
        Console.WriteLine("listening");
        while (true)
        {
            BleContact contact = new BleContact(await listener.AcceptTcpClientAsync());
            _ = Task.Run(() => central.Serve(contact));
        }
    }
}
