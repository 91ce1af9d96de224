namespace MatterNano.Clusters;

/// <summary>Plays an effect such as blinking.</summary>
/// <param name="sender">The cluster.</param>
/// <param name="effect">One of the Effect constants of <see cref="IdentifyCluster"/>.</param>
/// <param name="variant">0, the default variant.</param>
public delegate void IdentifyEffectHandler(IdentifyCluster sender, int effect, int variant);
