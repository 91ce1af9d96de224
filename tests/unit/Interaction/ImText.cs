using MatterNano.Interaction;
using MatterNano.Tlv;

namespace NFUnitTest.Interaction;

/// <summary>Answers as text, short enough to compare whole.</summary>
/// <remarks>
/// status N: "status N". Report: "sub " if of a subscription, an entry each ("1/6/0=09" value as TLV, "1/6/0+..." list item,
/// "1/6/0!134" status, "e5:0/100/0" event with number), "more", "quiet" (suppress response). Write: "0/100/0!0". Invoke:
/// "1/6/2!0", "1/6/2!1.9" with cluster status, "0/100/2:240005" fields. Subscribe: "subscribed 60".
/// </remarks>
public static class ImText
{
    public static string Tell(int opcode, byte[] payload)
    {
        TlvReader reader = new TlvReader();
        switch (opcode)
        {
            case InteractionModel.StatusResponse:
                int status;
                return StatusResponse.TryRead(reader, payload, 0, payload.Length, out status) ? "status " + status : "malformed";
            case InteractionModel.SubscribeResponse:
                uint id;
                int interval;
                return SubscribeResponse.TryRead(reader, payload, 0, payload.Length, out id, out interval) ? "subscribed " + interval : "malformed";
        }

        string text = string.Empty;
        reader.Init(payload, 0, payload.Length);
        reader.Next();
        reader.Enter();
        while (reader.Next())
        {
            if (opcode == InteractionModel.ReportData)
            {
                text += reader.IsContextTag(0) ? "sub "
                    : reader.IsContextTag(1) || reader.IsContextTag(2) ? Array(opcode, reader)
                    : reader.IsContextTag(3) ? "more " : reader.IsContextTag(4) ? "quiet " : string.Empty;
            }
            else if (reader.Type == TlvType.Array)
            {
                text += Array(opcode, reader);
            }
        }

        if (!reader.Exit() || reader.Next() || reader.HasError)
        {
            return "malformed";
        }

        return text.Trim();
    }

    private static string Array(int opcode, TlvReader reader)
    {
        string text = string.Empty;
        bool events = reader.IsContextTag(2);
        reader.Enter();
        while (reader.Next())
        {
            text += Entry(opcode, reader, events) + " ";
        }

        reader.Exit();
        return text;
    }

    private static string Entry(int opcode, TlvReader reader, bool events)
    {
        string text = string.Empty;
        reader.Enter();
        if (opcode == InteractionModel.WriteResponse)
        {
            while (reader.Next())
            {
                text += reader.IsContextTag(0) ? Path(reader) : "!" + StatusElement.Read(reader);
            }

            reader.Exit();
            return text;
        }

        while (reader.Next())
        {
            bool isData = opcode == InteractionModel.ReportData ? reader.IsContextTag(1) : reader.IsContextTag(0);
            string number = string.Empty;
            string value = string.Empty;
            reader.Enter();
            while (reader.Next())
            {
                ulong unsigned;
                if (reader.Type == TlvType.List)
                {
                    text += Path(reader);
                }
                else if (!isData && reader.Type == TlvType.Structure)
                {
                    int status = StatusElement.Read(reader);
                    value = "!" + (status & 0xff) + (status > 0xff ? "." + ((status >> 8) - 1) : string.Empty);
                }
                else if (isData && events && reader.IsContextTag(1) && reader.TryGetUnsigned(out unsigned))
                {
                    number = "e" + unsigned + ":";
                }
                else if (isData && !events && opcode == InteractionModel.ReportData && reader.IsContextTag(2))
                {
                    value = (text.EndsWith("+") ? string.Empty : "=") + Value(reader);
                }
                else if (isData && opcode == InteractionModel.InvokeResponse && reader.IsContextTag(1))
                {
                    value = ":" + Value(reader);
                }
            }

            reader.Exit();
            text = number + text + value;
        }

        reader.Exit();
        return text;
    }

    private static string Path(TlvReader reader)
    {
        string text = string.Empty;
        reader.Enter();
        while (reader.Next())
        {
            ulong value;
            text += reader.IsNull ? "+" : reader.TryGetUnsigned(out value) ? (text.Length == 0 ? string.Empty : "/") + value : "?";
        }

        reader.Exit();
        return text;
    }

    // Without the tag; long values by their length.
    private static string Value(TlvReader reader)
    {
        byte[] buffer = new byte[1300];
        TlvWriter writer = new TlvWriter();
        writer.Init(buffer, 0, buffer.Length);
        writer.CopyElement(TlvTag.Anonymous, reader);
        return writer.Position > 40 ? "(" + writer.Position + ")" : Hex.Text(buffer, 0, writer.Position);
    }
}
