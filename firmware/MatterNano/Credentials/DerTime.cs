namespace MatterNano.Credentials;

/// <summary>Times of certificates: UTCTime until 2049, GeneralizedTime from 2050 on (RFC 5280 4.1.2.5).</summary>
internal static class DerTime
{
    private const uint SecondsPerDay = 86400;

    /// <summary>Writes a time.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="seconds">Seconds since 2000-01-01 UTC.</param>
    internal static void Write(DerWriter writer, uint seconds)
    {
        uint days = seconds / SecondsPerDay;
        uint rest = seconds % SecondsPerDay;
        uint year = 2000;
        while (true)
        {
            uint length = IsLeap(year) ? 366u : 365u;
            if (days < length)
            {
                break;
            }

            days -= length;
            year++;
        }

        uint month = 1;
        while (true)
        {
            uint length = DaysOf(month, year);
            if (days < length)
            {
                break;
            }

            days -= length;
            month++;
        }

        int mark = writer.Start(year < 2050 ? DerWriter.UtcTime : DerWriter.GeneralizedTime);
        if (year >= 2050)
        {
            PutTwoDigits(writer, year / 100);
        }

        PutTwoDigits(writer, year % 100);
        PutTwoDigits(writer, month);
        PutTwoDigits(writer, days + 1);
        PutTwoDigits(writer, rest / 3600);
        PutTwoDigits(writer, rest / 60 % 60);
        PutTwoDigits(writer, rest % 60);
        writer.PutByte('Z');
        writer.End(mark);
    }

    /// <summary>Writes 99991231235959Z, "no well-defined expiration".</summary>
    internal static void WriteNoExpiry(DerWriter writer)
    {
        int mark = writer.Start(DerWriter.GeneralizedTime);
        writer.PutLiteral(0x3939393931323331UL, 8);
        writer.PutLiteral(0x3233353935395aUL, 7);
        writer.End(mark);
    }

    private static bool IsLeap(uint year)
    {
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    }

    private static uint DaysOf(uint month, uint year)
    {
        switch (month)
        {
            case 2:
                return IsLeap(year) ? 29u : 28u;
            case 4:
            case 6:
            case 9:
            case 11:
                return 30;
            default:
                return 31;
        }
    }

    private static void PutTwoDigits(DerWriter writer, uint value)
    {
        writer.PutByte('0' + (int)(value / 10));
        writer.PutByte('0' + (int)(value % 10));
    }
}
