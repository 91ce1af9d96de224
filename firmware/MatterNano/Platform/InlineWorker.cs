using System;

namespace MatterNano.Platform;

/// <summary>A worker without a thread: jobs run in order when the loop asks for results. For tests and for boards that cannot spare a thread.</summary>
public sealed class InlineWorker : IWorker
{
    private const int Capacity = 8;

    private readonly WorkerJob[] _jobs = new WorkerJob[Capacity];
    private int _count;

    /// <inheritdoc/>
    public bool Post(WorkerJob job)
    {
        if (job == null)
        {
            throw new ArgumentNullException();
        }

        if (_count == Capacity)
        {
            return false;
        }

        _jobs[_count++] = job;
        return true;
    }

    /// <inheritdoc/>
    public bool DeliverCompleted()
    {
        // Jobs posted by a Completed wait for the next call, so that the loop gets its turn between two computations.
        int count = _count;
        for (int i = 0; i < count; i++)
        {
            WorkerJob job = _jobs[0];
            _count--;
            Array.Copy(_jobs, 1, _jobs, 0, _count);
            _jobs[_count] = null;
            job.Run();
            job.Completed();
        }

        return count != 0;
    }
}
