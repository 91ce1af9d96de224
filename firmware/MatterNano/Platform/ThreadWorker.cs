using System;
using System.Threading;

namespace MatterNano.Platform;

/// <summary>A worker on a thread of its own, so that the protocol loop never waits for a computation (on nanoCLR both share the processor in time slices).</summary>
public sealed class ThreadWorker : IWorker
{
    private const int Capacity = 8;

    private readonly object _lock = new object();
    private readonly AutoResetEvent _posted = new AutoResetEvent(false);
    private readonly ISignal _signal;
    private readonly WorkerJob[] _jobs = new WorkerJob[Capacity];
    private Thread _thread;
    private Exception _failure;
    private int _first;    // oldest job not yet delivered
    private int _waiting;  // jobs posted and not yet delivered
    private int _finished; // of those, how many have run
    private bool _stopping;

    /// <summary>Creates the worker; its thread starts with the first job.</summary>
    /// <param name="signal">Woken whenever a job has finished.</param>
    public ThreadWorker(ISignal signal)
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

        lock (_lock)
        {
            if (_waiting == Capacity || _stopping)
            {
                return false;
            }

            _jobs[(_first + _waiting) % Capacity] = job;
            _waiting++;
            if (_thread == null)
            {
                _thread = new Thread(Work);
                _thread.Start();
            }
        }

        _posted.Set();
        return true;
    }

    /// <inheritdoc/>
    /// <remarks>An exception out of a job is thrown here, on the loop, where it is seen; the next call tells the job's owner that it is over.</remarks>
    public bool DeliverCompleted()
    {
        bool any = false;
        while (true)
        {
            WorkerJob job;
            lock (_lock)
            {
                if (_failure != null)
                {
                    Exception failure = _failure;
                    _failure = null;
                    throw failure;
                }

                if (_finished == 0)
                {
                    return any;
                }

                job = _jobs[_first];
                _jobs[_first] = null;
                _first = (_first + 1) % Capacity;
                _finished--;
                _waiting--;
            }

            job.Completed();
            any = true;
        }
    }

    /// <summary>Ends the thread after the job it is at; jobs not yet begun are dropped.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _stopping = true;
        }

        _posted.Set();
        if (_thread != null)
        {
            _thread.Join(10000);
        }
    }

    private void Work()
    {
        while (true)
        {
            WorkerJob job = null;
            lock (_lock)
            {
                if (_stopping)
                {
                    return;
                }

                if (_finished < _waiting)
                {
                    job = _jobs[(_first + _finished) % Capacity];
                }
            }

            if (job == null)
            {
                _posted.WaitOne();
                continue;
            }

            Exception failure = null;
            try
            {
                job.Run();
            }
            catch (Exception e)
            {
                failure = e;
            }

            lock (_lock)
            {
                _failure = failure ?? _failure;
                _finished++;
            }

            _signal.Set();
        }
    }
}
