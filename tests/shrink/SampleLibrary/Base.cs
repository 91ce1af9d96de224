namespace MatterNano.Sample;

/// <summary>Has the method with which <see cref="Derived"/> implements an interface.</summary>
public class Base
{
    public string Run(int times)
    {
        return "run " + times;
    }
}
