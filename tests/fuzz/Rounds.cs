using System;

namespace MatterNano.Fuzz;

/// <summary>How long a fuzz test runs: its own number of rounds, times the environment variable MATTERNANO_FUZZ_ROUNDS (1 when unset).</summary>
internal static class Rounds
{
    internal static int Of(int rounds)
    {
        string text = Environment.GetEnvironmentVariable("MATTERNANO_FUZZ_ROUNDS");
        return string.IsNullOrEmpty(text) ? rounds : checked(rounds * int.Parse(text));
    }
}
