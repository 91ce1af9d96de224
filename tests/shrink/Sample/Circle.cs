namespace MatterNano.Sample;

/// <summary>Overrides what another assembly declares.</summary>
internal sealed class Circle : Shape
{
    private readonly int _radius;

    public Circle(int radius)
    {
        _radius = radius;
    }

    public override int Area => 3 * _radius * _radius;
}
