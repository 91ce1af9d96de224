namespace MatterNano.Clusters;

/// <summary>Hears when something was switched, by whomever.</summary>
/// <param name="sender">The cluster.</param>
/// <param name="on">The new state.</param>
public delegate void OnOffHandler(OnOffCluster sender, bool on);
