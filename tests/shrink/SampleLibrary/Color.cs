namespace MatterNano.Sample;

public enum Color
{
    Red,
    Green = 7,
}
