using System;

namespace MatterNano.Platform;

/// <summary>A worker without a thread: jobs run in order when the loop asks for results. For tests and for boards that cannot spare a thread.</summary>
public sealed class InlineWorker : IWorker
{
    private const int Capacity = 8;

    private readonly WorkerJob[] _jobs = new WorkerJob[Capacity];
    private readonly ISignal _signal;
    private int _count;

    /// <summary>Creates the worker.</summary>
    /// <param name="signal">Keeps the loop from waiting while a job is queued; null when the loop does not wait.</param>
    public InlineWorker(ISignal signal)
    {
        _signal = signal;
    }

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
        if (_signal != null)
        {
            _signal.Set();
        }

        return true;
    }

    /// <inheritdoc/>
    /// <remarks>An exception out of a job leaves here, after its owner has heard that it is over.</remarks>
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
            try
            {
                job.Run();
            }
            finally
            {
                job.Completed();
            }
        }

        return count != 0;
    }
}
