using MatterNano.Tlv;

namespace NFUnitTest.Clusters;

/// <summary>TLV as a line of text, to write commands and to compare answers.</summary>
/// <remarks>
/// {0:1,1:null} structure, [1,2] array, 5 unsigned, i-5 signed, true, false, null, 'text', x0a0b bytes. Tags are context tags.
/// </remarks>
internal static class TlvText
{
    /// <summary>Writes a text as one anonymous element.</summary>
    internal static byte[] Encode(string text)
    {
        TlvWriter writer = new TlvWriter();
        byte[] buffer = new byte[2000];
        writer.Init(buffer, 0, buffer.Length);
        int at = Put(writer, TlvTag.Anonymous, text, 0);
        if (at != text.Length || writer.Overflow)
        {
            throw new System.ArgumentException(text);
        }

        byte[] made = new byte[writer.Position];
        System.Array.Copy(buffer, 0, made, 0, made.Length);
        return made;
    }

    /// <summary>Text of the first element of a range.</summary>
    internal static string Decode(byte[] buffer, int offset, int length)
    {
        TlvReader reader = new TlvReader();
        reader.Init(buffer, offset, length);
        return reader.Next() ? Show(reader) : "nothing";
    }

    private static int Put(TlvWriter writer, uint tag, string text, int at)
    {
        char c = text[at];
        if (c == '{' || c == '[')
        {
            char end = c == '{' ? '}' : ']';
            if (c == '{')
            {
                writer.StartStructure(tag);
            }
            else
            {
                writer.StartArray(tag);
            }

            at++;
            while (text[at] != end)
            {
                uint member = TlvTag.Anonymous;
                if (c == '{')
                {
                    int colon = text.IndexOf(':', at);
                    member = (uint)ParseNumber(text.Substring(at, colon - at));
                    at = colon + 1;
                }

                at = Put(writer, member, text, at);
                if (text[at] == ',')
                {
                    at++;
                }
            }

            writer.EndContainer();
            return at + 1;
        }

        if (c == '\'')
        {
            int close = text.IndexOf('\'', at + 1);
            writer.PutString(tag, text.Substring(at + 1, close - at - 1));
            return close + 1;
        }

        int stop = at;
        while (stop < text.Length && text[stop] != ',' && text[stop] != '}' && text[stop] != ']')
        {
            stop++;
        }

        string word = text.Substring(at, stop - at);
        if (word == "null")
        {
            writer.PutNull(tag);
        }
        else if (word == "true" || word == "false")
        {
            writer.PutBoolean(tag, word == "true");
        }
        else if (c == 'x')
        {
            byte[] bytes = Hex.Bytes(word.Substring(1));
            writer.PutBytes(tag, bytes, 0, bytes.Length);
        }
        else if (c == 'i')
        {
            bool negative = word[1] == '-';
            long value = (long)ParseNumber(word.Substring(negative ? 2 : 1));
            writer.PutSigned(tag, negative ? -value : value);
        }
        else
        {
            writer.PutUnsigned(tag, ParseNumber(word));
        }

        return stop;
    }

    private static ulong ParseNumber(string word)
    {
        ulong value = 0;
        for (int i = 0; i < word.Length; i++)
        {
            value = (value * 10) + (ulong)(word[i] - '0');
        }

        return value;
    }

    internal static string Show(TlvReader reader)
    {
        ulong unsigned;
        long signed;
        bool boolean;
        string text;
        if (reader.TryGetUnsigned(out unsigned))
        {
            return unsigned.ToString();
        }

        if (reader.TryGetSigned(out signed))
        {
            return "i" + signed.ToString();
        }

        if (reader.TryGetBoolean(out boolean))
        {
            return boolean ? "true" : "false";
        }

        if (reader.IsNull)
        {
            return "null";
        }

        if (reader.TryGetString(out text))
        {
            return "'" + text + "'";
        }

        if (reader.Type == TlvType.ByteString)
        {
            return "x" + Hex.Text(reader.Buffer, reader.ValueOffset, reader.ValueLength);
        }

        bool isStructure = reader.Type == TlvType.Structure;
        string shown = isStructure ? "{" : "[";
        bool first = true;
        reader.Enter();
        while (reader.Next())
        {
            shown += first ? "" : ",";
            first = false;
            if (isStructure)
            {
                shown += reader.Tag.ToString() + ":";
            }

            shown += Show(reader);
        }

        reader.Exit();
        return shown + (isStructure ? "}" : "]");
    }
}
