using System.Collections;
using System.Collections.Generic;
using QRCoder;
using Xunit;

namespace MatterNano.Host.Tests;

public class QrTextTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Lines_HoldEveryModuleAndAQuietZoneOfFour(bool inverted)
    {
        const string text = "MT:-24J0AFN00KA0648G00";
        using QRCodeData code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        List<BitArray> rows = code.ModuleMatrix;
        List<string> lines = QrText.Render(text, inverted);
        Assert.Equal((rows.Count + 1) / 2, lines.Count);
        for (int y = 0; y < 2 * lines.Count; y++)
        {
            for (int x = 0; x < rows.Count; x++)
            {
                char c = lines[y / 2][x];
                bool block = c == '\u2588' || c == (y % 2 == 0 ? '\u2580' : '\u2584');
                bool dark = y < rows.Count && rows[y][x];
                Assert.Equal(dark != inverted, block);
                if (x < 4 || y < 4 || x >= rows.Count - 4 || y >= rows.Count - 4)
                {
                    Assert.False(dark);
                }
            }
        }
    }
}
