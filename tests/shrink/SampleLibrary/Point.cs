namespace MatterNano.Sample;

/// <summary>A struct: copied, and with a field that nobody reads.</summary>
public struct Point
{
    public int X;
    public int Y;
    public int Unread;

    public int Sum => X + Y;

    public Point Moved(int by)
    {
        Point moved = this;
        moved.X += by;
        return moved;
    }
}
