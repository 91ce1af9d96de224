namespace MatterNano.Storage;

/// <summary>Plain files of a board, below <see cref="TwoSlotFlash"/>. Nothing is promised about a power cut during a change.</summary>
public interface IFileStore
{
    /// <summary>Reads a whole file.</summary>
    /// <returns>Its length; -1 when absent or unreadable; -2 when longer than <paramref name="capacity"/>.</returns>
    int Read(string name, byte[] buffer, int offset, int capacity);

    /// <summary>Creates or overwrites a file and closes it.</summary>
    bool Write(string name, byte[] buffer, int offset, int length);

    /// <summary>Deletes a file; an absent one is fine.</summary>
    bool Delete(string name);

    /// <summary>Names of all files.</summary>
    string[] List();
}
