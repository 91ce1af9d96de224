using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Security;
using System.Text;
using MatterNano.Onboarding;
using QRCoder;

namespace MatterNano.Factory;

/// <summary>The label of a device: QR code, manual code, name and serial number.</summary>
internal static class Label
{
    private const int QuietZone = 4;

    /// <summary>Writes "label.svg" (40 x 26 mm) and "label.png" (the QR code alone).</summary>
    public static void Write(string directory, string qrCode, string manualCode, string productName, string serial)
    {
        using QRCodeData code = QRCodeGenerator.GenerateQrCode(qrCode, QRCodeGenerator.ECCLevel.M);
        File.WriteAllText(Path.Combine(directory, "label.svg"), Svg(code, qrCode, manualCode, productName, serial));
        using PngByteQRCode png = new PngByteQRCode(code);
        File.WriteAllBytes(Path.Combine(directory, "label.png"), png.GetGraphic(10));
    }

    private static string Svg(QRCodeData code, string qrCode, string manualCode, string productName, string serial)
    {
        // One unit is a module; QRCoder's matrix has the quiet zone of four modules already.
        List<BitArray> rows = code.ModuleMatrix;
        int size = rows.Count;
        StringBuilder path = new StringBuilder();
        for (int y = QuietZone; y < size - QuietZone; y++)
        {
            for (int x = QuietZone; x < size - QuietZone; x++)
            {
                int run = 0;
                while (rows[y][x + run])
                {
                    run++;
                }

                if (run > 0)
                {
                    path.Append($"M{x} {y}h{run}v1h-{run}z");
                    x += run;
                }
            }
        }

        int width = size + 34;
        StringBuilder svg = new StringBuilder();
        svg.Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width * 0.6:0.0}mm\" height=\"{size * 0.6:0.0}mm\" viewBox=\"0 0 {width} {size}\">\n");
        svg.Append($"<title>{SecurityElement.Escape(qrCode)}</title>\n");
        svg.Append($"<rect width=\"{width}\" height=\"{size}\" fill=\"#fff\"/>\n");
        svg.Append($"<path fill=\"#000\" shape-rendering=\"crispEdges\" d=\"{path}\"/>\n");
        Text(svg, size, 10, 3, productName);
        string[] groups = OnboardingPayload.GroupDigits(manualCode).Split('-');
        Text(svg, size, 18, 4.4, string.Join("-", groups[..3]));
        if (groups.Length > 3)
        {
            Text(svg, size, 23, 4.4, string.Join("-", groups[3..]));
        }

        Text(svg, size, 29, 2.4, "S/N " + serial);
        return svg.Append("</svg>\n").ToString();
    }

    private static void Text(StringBuilder svg, int x, int y, double height, string text)
    {
        string size = height.ToString("0.0", System.Globalization.CultureInfo.InvariantCulture);
        svg.Append($"<text x=\"{x}\" y=\"{y}\" font-family=\"sans-serif\" font-size=\"{size}\">{SecurityElement.Escape(text)}</text>\n");
    }
}
