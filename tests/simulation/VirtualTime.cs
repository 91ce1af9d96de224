using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using MatterNano.Platform;

namespace MatterNano.Simulation;

/// <summary>Something that works when its time has come.</summary>
public interface ITimed
{
    /// <summary>Does what is due and says when it wants to be called next, in milliseconds; long.MaxValue for never.</summary>
    long Step(long now);
}

/// <summary>The clock of a simulation and its list of coming events. One thread, no waiting: the same seed gives the same run.</summary>
public sealed class VirtualTime : IClock
{
    private readonly PriorityQueue<Action, (long, long)> _events = new();
    private readonly List<ITimed> _timed = new();
    private long _sequence;

    /// <inheritdoc/>
    public long Milliseconds { get; private set; } = 1_000_000;

    /// <summary>Wall time, unknown when null.</summary>
    public uint? EpochSeconds { get; set; }

    /// <inheritdoc/>
    public bool TryGetEpochSeconds(out uint seconds)
    {
        seconds = EpochSeconds.GetValueOrDefault();
        return EpochSeconds != null;
    }

    public void Add(ITimed timed) => _timed.Add(timed);

    public void Remove(ITimed timed) => _timed.Remove(timed);

    /// <summary>Runs an action later; the returned action cancels it.</summary>
    public Action Schedule(long delay, Action action)
    {
        bool cancelled = false;
        _events.Enqueue(
            () =>
            {
                if (!cancelled)
                {
                    action();
                }
            },
            (Milliseconds + Math.Max(0, delay), _sequence++));
        return () => cancelled = true;
    }

    /// <summary>Completes after a time.</summary>
    public Task Delay(long milliseconds)
    {
        TaskCompletionSource done = new();
        Schedule(milliseconds, done.SetResult);
        return done.Task;
    }

    /// <summary>Runs until a condition holds.</summary>
    /// <returns>False when the time limit came first.</returns>
    public bool RunUntil(Func<bool> condition, long limit)
    {
        // Continuations must run on this stack, not on xunit's scheduler or a pool thread.
        SynchronizationContext context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            long end = Milliseconds + limit;
            while (true)
            {
                long next = StepAll();
                if (condition())
                {
                    return true;
                }

                if (_events.TryPeek(out _, out (long Time, long) key) && key.Time < next)
                {
                    next = key.Time;
                }

                if (next > end)
                {
                    Milliseconds = end;
                    return false;
                }

                Milliseconds = Math.Max(Milliseconds, next);
                if (_events.TryPeek(out _, out key) && key.Time <= Milliseconds)
                {
                    _events.Dequeue()();
                }
            }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    /// <summary>Runs for a time.</summary>
    public void RunFor(long milliseconds) => RunUntil(() => false, milliseconds);

    /// <summary>Runs a test body to its end, with the clock moving as it waits.</summary>
    public void Run(Func<Task> body, long limit = 600_000)
    {
        SynchronizationContext context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            Task task = body();
            if (!RunUntil(() => task.IsCompleted, limit))
            {
                throw new TimeoutException($"the test did not end within {limit} ms of virtual time");
            }

            task.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    /// <summary>Goes on by a time, or until the first event within it has run; no node's step is called.</summary>
    public void Pass(long milliseconds)
    {
        long end = Milliseconds + milliseconds;
        if (_events.TryPeek(out _, out (long Time, long) key) && key.Time <= end)
        {
            Milliseconds = Math.Max(Milliseconds, key.Time);
            _events.Dequeue()();
        }
        else
        {
            Milliseconds = end;
        }
    }

    private long StepAll()
    {
        long next = long.MaxValue;
        foreach (ITimed timed in _timed.ToArray())
        {
            next = Math.Min(next, timed.Step(Milliseconds));
        }

        return next;
    }
}

/// <summary>Randomness by a seed.</summary>
public sealed class SeededRandom : IRandom
{
    private readonly Random _random;

    public SeededRandom(int seed) => _random = new Random(seed);

    /// <inheritdoc/>
    public void Fill(byte[] buffer, int offset, int count) => _random.NextBytes(buffer.AsSpan(offset, count));
}

/// <summary>A worker whose jobs take virtual time.</summary>
public sealed class VirtualWorker : IWorker
{
    private readonly VirtualTime _time;
    private readonly Queue<(WorkerJob Job, long Ready)> _jobs = new();
    private long _free;

    public VirtualWorker(VirtualTime time) => _time = time;

    /// <summary>Milliseconds each job takes.</summary>
    public long JobTime { get; set; }

    /// <summary>A coming job does nothing, as when it has run out of memory at its first step: 1 for the next one, 0 for none.</summary>
    public int FailsIn { get; set; }

    /// <summary>Number of jobs posted.</summary>
    public int Posted { get; private set; }

    /// <inheritdoc/>
    public bool Post(WorkerJob job)
    {
        Posted++;
        _free = Math.Max(_free, _time.Milliseconds) + JobTime;
        _jobs.Enqueue((job, _free));
        if (FailsIn != 1)
        {
            job.Run();
        }

        FailsIn = Math.Max(0, FailsIn - 1);
        return true;
    }

    /// <inheritdoc/>
    public bool DeliverCompleted()
    {
        bool any = false;
        while (_jobs.TryPeek(out (WorkerJob Job, long Ready) first) && first.Ready <= _time.Milliseconds)
        {
            _jobs.Dequeue();
            first.Job.Completed();
            any = true;
        }

        return any;
    }

    /// <summary>When the next job is ready; long.MaxValue for never.</summary>
    public long NextReady => _jobs.TryPeek(out (WorkerJob Job, long Ready) first) ? first.Ready : long.MaxValue;
}
