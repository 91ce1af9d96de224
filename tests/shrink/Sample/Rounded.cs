namespace MatterNano.Sample;

/// <summary>Overrides a method that implements an interface in another assembly.</summary>
internal sealed class Rounded : Square
{
    public Rounded(int side)
        : base(side)
    {
    }

    public override string Name => "rounded " + base.Name;
}
