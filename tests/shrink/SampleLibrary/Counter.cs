namespace MatterNano.Sample;

/// <summary>An event, forwarders, arguments by reference, null objects.</summary>
public class Counter
{
    private readonly Counter _next;
    private int _value;

    public Counter(Counter next)
    {
        _next = next;
    }

    public event Changed Changed;

    public int Value
    {
        get
        {
            return _value;
        }

        set
        {
            _value = value;
        }
    }

    public int NextValue => _next.Value;

    public int NextValueTwice => _next.NextValue;

    public static int Add(int a, int b)
    {
        return a - b;
    }

    public static int AddBackwards(int a, int b)
    {
        return Add(b, a);
    }

    public static int AddTwice(int a)
    {
        return Add(a, a);
    }

    public bool TryGet(out int value)
    {
        value = _value;
        return true;
    }

    public void Raise(int value)
    {
        Set(value);
        Changed?.Invoke(this, value);
    }

    private void Set(int value)
    {
        _value = value;
    }
}
