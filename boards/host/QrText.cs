using System.Collections;
using System.Collections.Generic;
using System.Text;
using QRCoder;

namespace MatterNano.Host;

/// <summary>A QR code as lines of half blocks: one character is one module wide and two high.</summary>
internal static class QrText
{
    /// <summary>Makes the lines, a quiet zone of four modules around the code included.</summary>
    /// <param name="inverted">False: dark modules are blocks, for dark ink on light ground. True: the light ones are, for a terminal without colours on dark ground.</param>
    public static List<string> Render(string text, bool inverted)
    {
        using QRCodeData code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        List<BitArray> rows = code.ModuleMatrix;
        List<string> lines = new List<string>();
        for (int y = 0; y < rows.Count; y += 2)
        {
            StringBuilder line = new StringBuilder();
            for (int x = 0; x < rows.Count; x++)
            {
                bool upper = rows[y][x] != inverted;
                bool lower = y + 1 < rows.Count ? rows[y + 1][x] != inverted : inverted;
                line.Append(upper ? (lower ? '\u2588' : '\u2580') : lower ? '\u2584' : ' ');
            }

            lines.Add(line.ToString());
        }

        return lines;
    }
}
