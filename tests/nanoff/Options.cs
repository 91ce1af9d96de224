using System.Collections.Generic;
using CommandLine;

namespace MatterNano.NanoffStandIn;

/// <summary>Options of nanoff 2.5.162 that concern an ESP32, read by the parser it uses too; any other is an error there and here.</summary>
internal sealed class Options
{
    [Option("platform")]
    public string Platform { get; set; }

    [Option("target")]
    public string Target { get; set; }

    [Option("serialport")]
    public string SerialPort { get; set; }

    [Option("nanodevice")]
    public bool IsNanoDevice { get; set; }

    [Option("identifyfirmware")]
    public bool IdentifiesFirmware { get; set; }

    [Option("devicedetails")]
    public bool TellsDetails { get; set; }

    [Option("update")]
    public bool Updates { get; set; }

    [Option("fwversion")]
    public string Firmware { get; set; }

    [Option("deploy")]
    public bool Deploys { get; set; }

    [Option("image")]
    public string Image { get; set; }

    [Option("address")]
    public IList<string> Address { get; set; }

    [Option("masserase")]
    public bool ErasesAll { get; set; }

    [Option("filedeployment")]
    public string FileDeployment { get; set; }

    [Option("networkdeployment")]
    public string NetworkDeployment { get; set; }

    [Option("listports")]
    public bool ListsPorts { get; set; }

    [Option("suppressnanoffversioncheck")]
    public bool SuppressesVersionCheck { get; set; }

    [Option('v', "verbosity", Default = "n")]
    public string Verbosity { get; set; }
}
