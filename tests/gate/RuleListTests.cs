using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Xunit;

namespace MatterNano.Gate;

/// <summary>docs/RULES.md names tests that exist, one for each rule, and has every certification case of the secure channel that concerns a device.</summary>
public class RuleListTests
{
    private static readonly string[] s_cases =
    {
        "TC-SC-1.1", "TC-SC-1.2", "TC-SC-1.3", "TC-SC-1.4", "TC-SC-2.1", "TC-SC-2.2", "TC-SC-2.3", "TC-SC-3.1", "TC-SC-3.2", "TC-SC-3.4", "TC-SC-3.6",
        "TC-SC-5.1", "TC-SC-5.2", "TC-CADMIN-1.5", "TC-CADMIN-1.9",
    };

    [Fact]
    public void EveryCertificationCase_HasARow()
    {
        string[] rows = Rows().Select(r => r[0]).ToArray();
        Assert.Empty(s_cases.Except(rows));
    }

    [Fact]
    public void EveryRule_HasATestThatExists_AndSaysWhatItIsFor()
    {
        HashSet<string> tests = Tests();
        List<string> wrong = new();
        int rules = 0;
        foreach (string[] row in Rows())
        {
            string[] named = Regex.Matches(row[2], @"`(\w+Tests\.\w+)`").Select(m => m.Groups[1].Value).ToArray();
            wrong.AddRange(named.Except(tests));
            if (row.Length != 4 || named.Length == 0 || row[3].Length == 0)
            {
                wrong.Add(string.Join('|', row));
            }

            rules++;
        }

        Assert.Empty(wrong);
        Assert.True(rules >= 35, rules + " rules");
    }

    // Of each test its class and name.
    private static HashSet<string> Tests()
    {
        HashSet<string> tests = new();
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Root(), "tests"), "*Tests.cs", SearchOption.AllDirectories))
        {
            foreach (Match match in Regex.Matches(File.ReadAllText(file), @"\[(?:TestMethod|Fact|Theory)[^\n]*\](?:\s*\[[^\n]*\])*\s*public (?:async Task|void|Task) (\w+)\("))
            {
                tests.Add(Path.GetFileNameWithoutExtension(file) + "." + match.Groups[1].Value);
            }
        }

        return tests;
    }

    private static IEnumerable<string[]> Rows()
    {
        foreach (string line in File.ReadAllLines(Path.Combine(Root(), "docs", "RULES.md")))
        {
            if (line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| ---", StringComparison.Ordinal) && line.Contains('`'))
            {
                string[] cells = line.Trim().Trim('|').Split('|').Select(c => c.Trim()).ToArray();
                yield return cells;
            }
        }
    }

    private static string Root([CallerFilePath] string file = null) => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file), "..", ".."));
}
