using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;
using Xunit.Abstractions;

namespace MatterNano.Instructions;

/// <summary>The instructions of the device that handshakes and messages take, loop and worker (docs/HEAP.md): the figures of a nanoCLR within a thousandth.</summary>
public sealed class InstructionTests
{
    /// <summary>Of one step of the loop while a handshake runs: at a million a second no datagram waits longer than 50 ms.</summary>
    private const long StepLimit = 50_000;

    private static readonly Dictionary<string, long> s_limits = new()
    {
        ["PBKDFParamRequest to PBKDFParamResponse"] = 50_000,
        ["Pake1 to Pake2"] = 2_000_000,
        ["Pake3 to StatusReport"] = 150_000,
        ["Sigma1 to Sigma2"] = 2_000_000,
        ["Sigma3 to StatusReport, chain not known"] = 4_000_000,
        ["Sigma3 to StatusReport, chain remembered"] = 2_100_000,
        ["Sigma1 to Sigma2Resume"] = 350_000,
        ["read of one attribute"] = 50_000,
        ["toggle"] = 50_000,
        ["subscription, first report"] = 65_000,
        ["subscription, SubscribeResponse"] = 40_000,
        ["report"] = 35_000,
    };

    private readonly ITestOutputHelper _output;

    public InstructionTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Fact]
    public void Handshakes_StayInTheirLimits_AndNoStepOfTheLoopKeepsOthersWaiting()
    {
        List<(string Text, long Instructions)> lines = (List<(string, long)>)CountingCopy.Run(typeof(Marks), nameof(Marks.Measure));
        List<string> wrong = lines.Select(l => l.Text).Where(t => t.StartsWith("NO", StringComparison.Ordinal)).ToList();
        HashSet<string> seen = new();
        bool handshakes = true;
        for (int i = 0; i < lines.Count; i++)
        {
            string exchange = lines[i].Text;
            handshakes &= exchange != "-- messages";
            if (!s_limits.TryGetValue(exchange, out long limit))
            {
                continue;
            }

            List<(string Text, long Instructions)> marks = lines.Skip(i + 1).TakeWhile(l => l.Text.StartsWith('#')).ToList();
            int answer = marks.FindLastIndex(m => m.Text == LightBoard.DatagramLeft);
            long total = marks.Take(answer + 1).Where(m => IsLoop(m.Text) || IsWorker(m.Text)).Sum(m => m.Instructions);
            long worker = marks.Take(answer + 1).Where(m => IsWorker(m.Text)).Sum(m => m.Instructions);
            long longest = LongestStep(marks);
            seen.Add(exchange);
            _output.WriteLine($"{total,9}  {exchange}; of it on the worker {worker}; longest step of the loop {longest}");
            if (total > limit)
            {
                wrong.Add($"{exchange}: {total}, {limit} are allowed");
            }

            if (handshakes && longest > StepLimit)
            {
                wrong.Add($"a step of the loop in {exchange}: {longest}, {StepLimit} are allowed");
            }
        }

        Assert.Empty(s_limits.Keys.Except(seen));
        Assert.Empty(wrong);
    }

    private static bool IsLoop(string text) => text is LightBoard.DatagramLeft or LightBoard.StepEnded;

    private static bool IsWorker(string text) => text == LightBoard.JobEnded;

    // A step has as many marks as it sends datagrams, and one at its end.
    private static long LongestStep(List<(string Text, long Instructions)> marks)
    {
        long longest = 0;
        long step = 0;
        foreach ((string text, long instructions) in marks.Where(m => IsLoop(m.Text)))
        {
            step += instructions;
            longest = Math.Max(longest, step);
            step = text == LightBoard.StepEnded ? 0 : step;
        }

        return longest;
    }
}
