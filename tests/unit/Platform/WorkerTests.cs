using System;
using System.Collections;
using System.Threading;
using MatterNano.Platform;
using nanoFramework.TestFramework;

namespace NFUnitTest.Platform;

[TestClass]
public class WorkerTests
{
    [TestMethod]
    public void InlineWorker_RunsInOrder_AndLeavesLaterJobsForTheNextTurn()
    {
        ArrayList done = new ArrayList();
        InlineWorker worker = new InlineWorker(new Signal());
        Assert.IsFalse(worker.DeliverCompleted());
        Assert.IsTrue(worker.Post(new Job(1, done, worker)));
        Assert.IsTrue(worker.Post(new Job(2, done, null)));
        Assert.IsTrue(worker.DeliverCompleted());
        Assert.AreEqual(2, done.Count);
        Assert.AreEqual(1, (int)done[0]);
        Assert.AreEqual(2, (int)done[1]);
        Assert.IsTrue(worker.DeliverCompleted());
        Assert.AreEqual(101, (int)done[2]);
        Assert.IsFalse(worker.DeliverCompleted());
    }

    [TestMethod]
    public void InlineWorker_TakesEightJobs_AndRefusesTheNinth()
    {
        ArrayList done = new ArrayList();
        InlineWorker worker = new InlineWorker(new Signal());
        for (int i = 0; i < 8; i++)
        {
            Assert.IsTrue(worker.Post(new Job(i, done, null)));
        }

        Assert.IsFalse(worker.Post(new Job(8, done, null)));
        Assert.IsTrue(worker.DeliverCompleted());
        Assert.AreEqual(8, done.Count);
    }

    [TestMethod]
    public void ThreadWorker_RunsElsewhere_AndDeliversHereInOrder()
    {
        ArrayList done = new ArrayList();
        Signal signal = new Signal();
        ThreadWorker worker = new ThreadWorker(signal);
        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < 8; i++)
            {
                Assert.IsTrue(worker.Post(new Job(i, done, null)));
            }

            int expected = 8 * (round + 1);
            for (int wait = 0; wait < 6000 && done.Count < expected; wait++)
            {
                worker.DeliverCompleted();
                Thread.Sleep(10);
            }

            Assert.AreEqual(expected, done.Count);
            for (int i = 0; i < 8; i++)
            {
                Assert.AreEqual(i, (int)done[8 * round + i]);
            }
        }

        Assert.IsTrue(signal.Count > 0);
        worker.Stop();
        Assert.IsFalse(worker.Post(new Job(1, done, null)));
    }

    [TestMethod]
    public void InlineWorker_TellsTheOwner_OfAJobThatThrew()
    {
        ArrayList done = new ArrayList();
        InlineWorker worker = new InlineWorker(null);
        worker.Post(new Job(-1, done, null));
        worker.Post(new Job(1, done, null));
        bool thrown = false;
        try
        {
            worker.DeliverCompleted();
        }
        catch (InvalidOperationException)
        {
            thrown = true;
        }

        Assert.IsTrue(thrown);
        Assert.AreEqual(1, done.Count);
        worker.DeliverCompleted();
        Assert.AreEqual(2, done.Count);
    }

    [TestMethod]
    public void ThreadWorker_ThrowsAJobsException_OnTheLoop()
    {
        ThreadWorker worker = new ThreadWorker(new Signal());
        ArrayList done = new ArrayList();
        worker.Post(new Job(-1, done, null));
        bool thrown = false;
        for (int wait = 0; wait < 6000 && !thrown; wait++)
        {
            try
            {
                worker.DeliverCompleted();
                Thread.Sleep(10);
            }
            catch (InvalidOperationException)
            {
                thrown = true;
            }
        }

        Assert.IsTrue(thrown);
        worker.DeliverCompleted();
        Assert.AreEqual(1, done.Count);
        worker.Stop();
    }

    private sealed class Job : WorkerJob
    {
        private readonly int _number;
        private readonly ArrayList _done;
        private readonly IWorker _next;
        private bool _hasRun;

        internal Job(int number, ArrayList done, IWorker next)
        {
            _number = number;
            _done = done;
            _next = next;
        }

        public override void Run()
        {
            if (_number < 0)
            {
                throw new InvalidOperationException();
            }

            _hasRun = true;
        }

        public override void Completed()
        {
            Assert.IsTrue(_hasRun || _number < 0);
            _done.Add(_number);
            if (_next != null)
            {
                _next.Post(new Job(_number + 100, _done, null));
            }
        }
    }

    private sealed class Signal : ISignal
    {
        internal int Count;

        public void Set()
        {
            Count++;
        }

        public void Wait(int milliseconds)
        {
        }
    }
}
