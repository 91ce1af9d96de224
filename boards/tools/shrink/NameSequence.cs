using System.Collections.Generic;
using System.Linq;

namespace MatterNano.Shrink;

/// <summary>Short names one after another: those of one letter, then those of two.</summary>
internal sealed class NameSequence
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const string Digits = "0123456789";

    private readonly string _first;
    private readonly List<string> _names = new();
    private readonly IEnumerator<string> _next;

    private NameSequence(string first, ICollection<string> taken)
    {
        _first = first;
        _next = Make().Where(n => !taken.Contains(n)).GetEnumerator();
    }

    /// <summary>Names that begin with a letter, except those taken.</summary>
    public static NameSequence OfLetters(ICollection<string> taken)
    {
        return new NameSequence(Letters, taken);
    }

    /// <summary>Names that begin with a digit, except those taken: never one of the others.</summary>
    public static NameSequence OfDigits(ICollection<string> taken)
    {
        return new NameSequence(Digits, taken);
    }

    /// <summary>The n-th name.</summary>
    public string this[int n]
    {
        get
        {
            while (_names.Count <= n)
            {
                _next.MoveNext();
                _names.Add(_next.Current);
            }

            return _names[n];
        }
    }

    private IEnumerable<string> Make()
    {
        IEnumerable<string> names = _first.Select(c => c.ToString());
        while (true)
        {
            List<string> all = names.ToList();
            foreach (string name in all)
            {
                yield return name;
            }

            names = all.SelectMany(n => (Letters + Digits).Select(c => n + c));
        }
    }
}
