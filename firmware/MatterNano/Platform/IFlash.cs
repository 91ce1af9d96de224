namespace MatterNano.Platform;

/// <summary>Small named records that survive a power cut.</summary>
/// <remarks>
/// A name is 1 to 24 characters of a-z, 0-9, '.', '-'. Each operation is atomic: after a power cut at any moment a
/// record is the old one, the new one, or absent, never mixed. Errors are results, not exceptions: flash wears out.
/// </remarks>
public interface IFlash
{
    /// <summary>Reads a record.</summary>
    /// <returns>Its length; -1 when it is absent or damaged; -2 when it is longer than <paramref name="capacity"/>.</returns>
    int Read(string name, byte[] buffer, int offset, int capacity);

    /// <summary>Creates or replaces a record. Durable when it returns.</summary>
    /// <returns>False when the medium refused; the old record is then unchanged.</returns>
    bool Write(string name, byte[] buffer, int offset, int length);

    /// <summary>Deletes a record; an absent one is fine.</summary>
    /// <returns>False when the medium refused.</returns>
    bool Delete(string name);

    /// <summary>Names of all records, in no order. Allocates; called at start and at factory reset only.</summary>
    string[] List();
}
