namespace MatterNano.Platform;

/// <summary>Runs long computations beside the protocol loop. In tests it runs them inline, deterministically.</summary>
public interface IWorker
{
    /// <summary>Queues a job; jobs of one worker run one at a time, in order.</summary>
    /// <returns>False when the queue is full.</returns>
    bool Post(WorkerJob job);

    /// <summary>Called by the loop: calls <see cref="WorkerJob.Completed"/> of every finished job.</summary>
    /// <returns>True when there was one.</returns>
    bool DeliverCompleted();
}
