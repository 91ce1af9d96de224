namespace MatterNano.Onboarding;

/// <summary>The check digit of the manual pairing code (Core 5.1.4.1.5): Verhoeff's scheme over the dihedral group of ten.</summary>
public static class Verhoeff
{
    private const string Permutation = "1576283094";

    /// <summary>Check digit of decimal digits.</summary>
    /// <param name="digits">Characters '0' to '9'; the result covers the first <paramref name="count"/>.</param>
    /// <returns>'0' to '9'.</returns>
    public static char ComputeDigit(char[] digits, int count)
    {
        int check = 0;
        for (int position = 1; position <= count; position++)
        {
            int digit = digits[count - position] - '0';
            for (int i = position % 8; i > 0; i--)
            {
                digit = Permutation[digit] - '0';
            }

            check = Multiply(check, digit);
        }

        // The inverse: rotations turn back, reflections undo themselves.
        int inverse = check == 0 || check > 4 ? check : 5 - check;
        return (char)('0' + inverse);
    }

    private static int Multiply(int a, int b)
    {
        if (a < 5)
        {
            return b < 5 ? (a + b) % 5 : 5 + (a + b) % 5;
        }

        return b < 5 ? 5 + (a - b) % 5 : (a - b + 5) % 5;
    }
}
