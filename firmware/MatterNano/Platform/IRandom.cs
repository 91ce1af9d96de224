namespace MatterNano.Platform;

/// <summary>Cryptographically secure randomness.</summary>
public interface IRandom
{
    /// <summary>Fills <paramref name="count"/> bytes of <paramref name="buffer"/> from <paramref name="offset"/> on.</summary>
    void Fill(byte[] buffer, int offset, int count);
}
