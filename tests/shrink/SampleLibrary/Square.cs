namespace MatterNano.Sample;

/// <summary>Overrides, hides and implements.</summary>
public class Square : Shape, INamed, ILabelled
{
    private readonly int _side;
    private int _writes;

    public Square(int side)
    {
        _side = side;
    }

    public int Side => _side;

    public override int Area => _side * _side;

    public virtual string Name => "square";

    string ILabelled.Name => "labelled square";

    public int Writes
    {
        get { return _writes; }
        set { _writes = value; }
    }

    public int Limit => 255;

    public bool IsLargerThan(int side)
    {
        return _side > side;
    }

    public override string Describe()
    {
        return "square, " + base.Describe();
    }

    public override string NeverCalled()
    {
        return "never called either";
    }

    public override string ToString()
    {
        return "a square";
    }

    public new string Kind()
    {
        return "square kind";
    }
}
