extern alias board;
using System;
using System.IO;
using System.Text;
using System.Threading;
using Xunit;
using LineWriter = board::MatterNano.Esp32.Board.LineWriter;

namespace MatterNano.Esp32.Tests;

/// <summary>What the light's process writes while the light's log is its console.</summary>
public sealed class ConsoleTests
{
    private const int Limit = 30000;

    [Fact]
    public void LogUnderTheConsolesLock_AndAnAnswerOnTheRealOutput_BothGetThrough()
    {
        TextWriter previous = Console.Out;
        using ManualResetEventSlim writing = new();
        using ManualResetEventSlim logging = new();
        LineWriter lines = new LineWriter();
        StringWriter got = new StringWriter();
        Gap gap = new Gap(Console.OpenStandardOutput(), got, writing, logging);
        Console.SetOut(new Log(line =>
        {
            logging.Set();
            lines.Write(gap, line);
        }));
        try
        {
            Thread answer = new Thread(() => lines.Write(gap, "answer")) { IsBackground = true };
            Thread log = new Thread(() =>
            {
                writing.Wait(Limit);
                Console.WriteLine("log");
            })
            { IsBackground = true };
            answer.Start();
            log.Start();
            Assert.True(answer.Join(Limit), "the answer waits for the log");
            Assert.True(log.Join(Limit), "the log waits for the answer");
            lines.Dispose();
            Assert.Equal("answer\nlog\n", got.ToString());
        }
        finally
        {
            Console.SetOut(previous);
        }
    }

    /// <summary>The process' real output, which is reached only when the log holds the console.</summary>
    private sealed class Gap : TextWriter
    {
        private readonly Stream _real;
        private readonly TextWriter _got;
        private readonly ManualResetEventSlim _writing;
        private readonly ManualResetEventSlim _logging;

        public Gap(Stream real, TextWriter got, ManualResetEventSlim writing, ManualResetEventSlim logging)
        {
            _real = real;
            _got = got;
            _writing = writing;
            _logging = logging;
        }

        public override Encoding Encoding => Encoding.UTF8;

        public override void WriteLine(string value)
        {
            _writing.Set();
            _logging.Wait(Limit);
            _real.Write(Array.Empty<byte>());
            _got.Write(value + "\n");
        }
    }

    private sealed class Log : TextWriter
    {
        private readonly Action<string> _line;

        public Log(Action<string> line)
        {
            _line = line;
        }

        public override Encoding Encoding => Encoding.UTF8;

        public override void WriteLine(string value) => _line(value);
    }
}
