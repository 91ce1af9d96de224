namespace MatterNano.Platform;

/// <summary>One long computation, such as an elliptic-curve operation. Its owner reuses it; it is never queued twice at once.</summary>
public abstract class WorkerJob
{
    /// <summary>Computes. Runs on the worker, touches only what the job itself holds, never protocol state.</summary>
    public abstract void Run();

    /// <summary>Runs on the protocol loop after <see cref="Run"/>, even one that ended in an exception. The owner checks here whether there is a result and whether it is still wanted.</summary>
    public abstract void Completed();
}
