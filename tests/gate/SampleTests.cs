using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Mono.Cecil;
using Xunit;

namespace MatterNano.Gate;

/// <summary>
/// The gate catches what it must, at the right line, and nothing else: the files in the folder Samples say with a comment
/// <c>gate: rule</c> what must be found in a line.
/// </summary>
public sealed class SampleTests
{
    private static readonly Lazy<IReadOnlyList<Finding>> All = new(() => Run(new GateOptions { StaticBudget = int.MaxValue, Includes = IsSample }));

    [Theory]
    [InlineData("BadApi.cs")]
    [InlineData("BadShapes.cs")]
    [InlineData("BadSizes.cs")]
    [InlineData("BadStatics.cs")]
    [InlineData("BadTags.cs")]
    [InlineData("Good.cs")]
    public void FindsWhatTheSampleSays_AndNothingElse(string file)
    {
        string path = Path.Combine(Folder(), file);
        SortedSet<string> expected = new SortedSet<string>();
        string[] lines = File.ReadAllLines(path);
        for (int i = 0; i < lines.Length; i++)
        {
            Match match = Regex.Match(lines[i], "// gate: (.*)$");
            foreach (string rule in match.Success ? match.Groups[1].Value.Split(", ") : Array.Empty<string>())
            {
                expected.Add((i + 1).ToString("d4") + " " + rule);
            }
        }

        IEnumerable<Finding> findings = All.Value.Where(f => f.File == path);
        IEnumerable<string> found = new SortedSet<string>(findings.Select(f => f.Line.ToString("d4") + " " + f.Rule));
        Assert.Equal(string.Join('\n', expected), string.Join('\n', found));
    }

    [Fact]
    public void FindsStaticsBeyondTheBudget_AtTheLargest()
    {
        Finding finding = Run(new GateOptions { StaticBudget = 35, Includes = t => t.Name == "Good" }).Single(f => f.Rule == Rules.StaticBudget);
        Assert.Equal(Path.Combine(Folder(), "Good.cs"), finding.File);
        Assert.Contains("Table", File.ReadAllLines(finding.File)[finding.Line - 1]);
        Assert.DoesNotContain(Run(new GateOptions { StaticBudget = 36, Includes = t => t.Name == "Good" }), f => f.Rule == Rules.StaticBudget);
    }

    [Fact]
    public void FindsAnAssemblyThatGrowsTooLarge_EachTableByItself()
    {
        List<Finding> findings = Run(new GateOptions { TableLimit = 200, Includes = t => t.Name == "Good", StaticBudget = int.MaxValue }).ToList();
        Assert.Contains(findings, f => f.Rule == Rules.ImageSize && f.Message.Contains("instructions") && f.Line > 0);
        Assert.Contains(findings, f => f.Rule == Rules.ImageSize && f.Message.Contains("strings"));
        Assert.DoesNotContain(findings, f => f.Rule == Rules.ImageSize && f.Message.Contains("array data"));
        findings = Run(new GateOptions { TableLimit = 100, Includes = t => t.Name == "Good", StaticBudget = int.MaxValue }).ToList();
        Assert.Contains(findings, f => f.Rule == Rules.ImageSize && f.Message.Contains("array data"));
    }

    [Fact]
    public void FindsAUseOfAnAssemblyThatIsBuiltLater()
    {
        GateOptions options = new GateOptions
        {
            Includes = IsSample,
            DeviceAssembly = (type, _) => type.Name == "Colour" ? "Second" : "First",
            DeviceOrder = new[] { "First", "Second" },
        };
        List<Finding> findings = Run(options).Where(f => f.Rule == Rules.AssemblyOrder).ToList();
        Assert.Contains(findings, f => f.Message.Contains("BadApi lies in First and uses Colour of Second") && File.ReadAllLines(f.File)[f.Line - 1].Contains("EnumText"));
        options = new GateOptions { Includes = IsSample, DeviceAssembly = options.DeviceAssembly, DeviceOrder = new[] { "Second", "First" } };
        Assert.DoesNotContain(Run(options), f => f.Rule == Rules.AssemblyOrder);
    }

    [Fact]
    public void APackageThatIsNotNamedIsNotThere()
    {
        string[] with = { "nanoFramework.CoreLibrary", "nanoFramework.System.Collections" };
        Assert.Contains(Run(new GateOptions { Includes = t => t.Name == "BadApi" }), f => f.Message.Contains("Hashtable does not exist"));
        Assert.DoesNotContain(Run(new GateOptions { Packages = with, Includes = t => t.Name == "BadApi" }), f => f.Message.Contains("Hashtable does not exist"));
    }

    [Fact]
    public void EveryRuleHasASample()
    {
        IEnumerable<string> rules = typeof(Rules).GetFields().Select(f => (string)f.GetRawConstantValue());
        string samples = string.Concat(Directory.GetFiles(Folder(), "*.cs").Select(File.ReadAllText));
        string[] elsewhere = { Rules.StaticBudget, Rules.ImageSize, Rules.AssemblyOrder };
        Assert.DoesNotContain(rules, r => !Regex.IsMatch(samples, "// gate:.*\\b" + r) && !elsewhere.Contains(r));
    }

    private static bool IsSample(TypeDefinition type)
    {
        while (type.DeclaringType != null)
        {
            type = type.DeclaringType;
        }

        return type.Namespace == "MatterNano.Gate.Samples";
    }

    private static IReadOnlyList<Finding> Run(GateOptions options)
    {
        return GateCheck.Run(typeof(SampleTests).Assembly.Location, options);
    }

    private static string Folder([CallerFilePath] string here = null)
    {
        return Path.Combine(Path.GetDirectoryName(here), "Samples");
    }
}
