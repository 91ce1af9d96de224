using System;

namespace MatterNano.Sample;

/// <summary>Prints a line for each rule.</summary>
internal static class Program
{
    private static int s_raised;

    private static void Main()
    {
        Shape[] shapes = { new Square(3), new Circle(2), new Rounded(4) };
        foreach (Shape shape in shapes)
        {
            Console.WriteLine(shape.Describe() + " / " + shape.Area + " / " + shape.Kind());
        }

        Square square = (Square)shapes[0];
        Console.WriteLine(square.Kind() + " " + square + " " + Shape.Made + " " + square.Limit);
        Console.WriteLine(((INamed)shapes[2]).Name + ", " + ((ILabelled)shapes[2]).Name + ", " + square.Name);
        square.Writes = 5;
        square.Writes += square.Side;
        Console.WriteLine(square.Writes + " " + square.IsLargerThan(2) + " " + square.IsLargerThan(900));
        Console.WriteLine(Run(new Derived(), 3));
        using (Derived derived = new())
        {
            Console.WriteLine(derived is IDisposable);
        }

        Counter first = new(null);
        Counter second = new(first);
        second.Changed += OnChanged;
        second.Changed += (c, v) => s_raised += v * 100;
        first.Raise(2);
        second.Raise(3);
        Console.WriteLine(s_raised + " " + second.Value + " " + second.NextValue + " " + Counter.AddBackwards(1, 10) + " " + Counter.AddTwice(second.Value));
        int got = second.TryGet(out int value) ? value : -1;
        Console.WriteLine(got);
        Console.WriteLine(Thrown(() => Console.WriteLine(first.NextValue)));
        Console.WriteLine(Thrown(() => ((Counter)Nothing()).Value = 1));
        Console.WriteLine(Thrown(() => Console.WriteLine(new Counter(first).NextValueTwice)));
        Console.WriteLine(Thrown(() => Console.WriteLine(((Square)Nothing()).Limit)));
        Console.WriteLine(Thrown(() => throw new SampleException("on purpose")));
        Point point = new() { X = 1, Y = 2 };
        Point moved = point.Moved(10);
        Console.WriteLine(point.Sum + " " + moved.Sum + " " + (int)Pick(moved.X) + " " + UnusedType.Constant);
        Calculator calculator = new(5);
        for (int i = -1; i < 40; i += 3)
        {
            Console.WriteLine(calculator.All(i));
        }

        Console.WriteLine(Calculator.OfOther(calculator) + Thrown(() => Calculator.OfOther((Calculator)Nothing())));
        Console.WriteLine(Only.Ask(new Only(), 3) + Thrown(() => Only.Ask((Only)Nothing(), 3)));
        Twin[] twins = { new Twin(), new Sibling() };
        foreach (Twin twin in twins)
        {
            Console.WriteLine(Tell((IFirst)twin, 2) + " / " + Tell((ISecond)twin, 2));
        }

        Only only = new();
        Console.WriteLine(Pair.Ask(new Pair(), 3) + Pair.AskOther(new Pair(), 4) + Only.Ask(only, 1));
        uint[] table = { 0xf0000001, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
        Console.WriteLine(table[0] + " " + table[9]);
    }

    private static object Nothing()
    {
        return null;
    }

    private static string Tell(IFirst first, int n)
    {
        return first.Tell(n) + first.Tell(n);
    }

    private static string Tell(ISecond second, int n)
    {
        return second.Tell(n) + second.Tell(n);
    }

    private static string Run(IRunnable runnable, int times)
    {
        return runnable.Run(times);
    }

    private static Color Pick(int number)
    {
        return number > 5 ? Color.Green : Color.Red;
    }

    private static void OnChanged(Counter counter, int value)
    {
        s_raised += value + counter.Value;
    }

    private static string Thrown(Action action)
    {
        try
        {
            action();
            return "nothing";
        }
        catch (Exception e)
        {
            return e.GetType().Name + (e is SampleException ? e.Message : string.Empty);
        }
    }
}
