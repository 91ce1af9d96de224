using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Security.Cryptography;
using System.Text;

namespace MatterNano.Factory;

/// <summary>The list of devices made in a directory, so that no two share discriminator or serial number. It holds no secret.</summary>
/// <remarks>"devices.csv": serial,discriminator,vendor,product,uniqueId,created. Open exclusively while a device is made.</remarks>
internal sealed class Ledger : IDisposable
{
    private const string Name = "devices.csv";
    private const string Header = "serial,discriminator,vendor,product,uniqueId,created";
    private const int Discriminators = 4096;

    private readonly FileStream _file;
    private readonly HashSet<string> _serials = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<int> _discriminators = new HashSet<int>();

    /// <summary>Opens or creates the list.</summary>
    /// <exception cref="FactoryException">It cannot be had, or a line of it is damaged.</exception>
    public Ledger(string directory)
    {
        string path = Path.Combine(directory, Name);
        try
        {
            Directory.CreateDirectory(directory);
            _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException || e is UnauthorizedAccessException)
        {
            throw new FactoryException($"{path} cannot be opened: {e.Message}");
        }

        StreamReader reader = new StreamReader(_file, Encoding.UTF8);
        int number = 0;
        for (string line = reader.ReadLine(); line != null; line = reader.ReadLine())
        {
            string[] fields = line.Split(',');
            if (++number == 1 ? line != Header : fields.Length != 6 || !Add(fields))
            {
                _file.Dispose();
                throw new FactoryException($"{path}, line {number}: not a list of devices made by this tool.");
            }
        }

        _file.Seek(0, SeekOrigin.End);
        if (number == 0)
        {
            Write(Header);
        }
    }

    /// <summary>True when a device of the list has the serial number.</summary>
    public bool HasSerial(string serial)
    {
        return _serials.Contains(serial);
    }

    /// <summary>True when a device of the list has the discriminator.</summary>
    public bool HasDiscriminator(int discriminator)
    {
        return _discriminators.Contains(discriminator);
    }

    /// <summary>Draws a discriminator that no device of the list has.</summary>
    /// <exception cref="FactoryException">All are taken.</exception>
    public int DrawDiscriminator()
    {
        List<int> free = new List<int>();
        for (int i = 0; i < Discriminators; i++)
        {
            if (!_discriminators.Contains(i))
            {
                free.Add(i);
            }
        }

        if (free.Count == 0)
        {
            throw new FactoryException("All 4096 discriminators of this list are taken; start another with a new --out.");
        }

        return free[RandomNumberGenerator.GetInt32(free.Count)];
    }

    /// <summary>Adds a device, on the disk when it returns.</summary>
    public void Add(string serial, int discriminator, int vendor, int product, string uniqueId)
    {
        string created = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        Write($"{serial},{discriminator},0x{vendor:X4},0x{product:X4},{uniqueId},{created}");
    }

    public void Dispose()
    {
        _file.Dispose();
    }

    private bool Add(string[] fields)
    {
        return int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out int discriminator)
            && discriminator < Discriminators
            && (_serials.Add(fields[0]) | _discriminators.Add(discriminator));
    }

    private void Write(string line)
    {
        _file.Write(Encoding.UTF8.GetBytes(line + "\n"));
        _file.Flush(true);
    }
}
