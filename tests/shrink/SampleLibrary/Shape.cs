namespace MatterNano.Sample;

/// <summary>Overrides in another type and in another assembly.</summary>
public abstract class Shape
{
    private static int s_made = 40;

    protected Shape()
    {
        s_made++;
    }

    public static int Made => s_made;

    public abstract int Area { get; }

    public virtual string Describe()
    {
        return "shape of " + Area;
    }

    public virtual string NeverCalled()
    {
        return "never called";
    }

    public string Kind()
    {
        return "shape";
    }
}
