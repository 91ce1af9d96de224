namespace MatterNano.Clusters;

/// <summary>Hears when a device begins or ends showing which one it is.</summary>
/// <param name="sender">The cluster.</param>
/// <param name="identifying">True at the begin, false at the end.</param>
public delegate void IdentifyHandler(IdentifyCluster sender, bool identifying);
