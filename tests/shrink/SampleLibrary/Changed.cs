namespace MatterNano.Sample;

public delegate void Changed(Counter counter, int value);
