using System;

namespace NFUnitTest.Fakes;

/// <summary>Nothing after this happened: the power was cut. Thrown by <see cref="FakeFlash"/>.</summary>
public class PowerCutException : Exception
{
}
