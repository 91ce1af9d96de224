using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using MatterNano.Sessions;
using Xunit;

namespace MatterNano.Gate;

/// <summary>docs/SESSIONS-COVERAGE.md names every member of the two seed classes, members that exist, and tests that exist.</summary>
public class SessionCoverageTests
{
    private const string Manager =
        "constructor #private context sessionOpened sessionClosed subscriptionsChanged close createSecureSession createUnsecureSession "
        + "findGroupSession findOldestInactiveSession findResumptionRecordById findResumptionRecordByNodeId getActiveSessionInformation "
        + "getNextAvailableSessionId getPaseSession getSession getSessionForNode getUnsecureSession initFromStorage "
        + "removeAllSessionsForNode removeResumptionRecord removeSession saveResumptionRecord storeResumptionRecords updateFabricForResumptionRecords";

    private const string Session =
        "constructor activeIntervalMs activeThresholdMs activeTimestamp associatedFabric closeCallback context id idleIntervalMs isPase isSecure "
        + "messageCounter messageReceptionState nodeId peerNodeId peerSessionId timestamp closingAfterExchangeFinished name decode destroy encode "
        + "end getIncrementedMessageCounter getSessionParameters isPeerActive notifyActivity updateMessageCounter";

    [Theory]
    [InlineData("SessionManager", Manager)]
    [InlineData("Session", Session)]
    public void EverySeedMember_HasARow(string section, string members)
    {
        string text = Document();
        int start = text.IndexOf("\n## " + section + "\n", StringComparison.Ordinal);
        int end = text.IndexOf("\n## ", start + 4, StringComparison.Ordinal);
        string[] rows = text[start..end].Split('\n').Where(l => l.StartsWith("| ")).Skip(2).Select(l => l.Split('|')[1].Trim()).ToArray();
        Assert.Equal(members.Split(' ').OrderBy(m => m), rows.OrderBy(m => m));
    }

    [Fact]
    public void EveryMemberNamed_Exists()
    {
        int checkedMembers = 0;
        foreach (Match match in Regex.Matches(Document(), "`(SessionManager|Session|SecureSession|InsecureSession)\\.(\\w+)`"))
        {
            Type type = typeof(SessionManager).Assembly.GetType("MatterNano.Sessions." + match.Groups[1].Value);
            string name = match.Groups[2].Value == type.Name ? ".ctor" : match.Groups[2].Value;
            Assert.True(type.GetMember(name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Length > 0, match.Value);
            checkedMembers++;
        }

        Assert.True(checkedMembers > 60);
    }

    [Fact]
    public void EveryTestNamed_Exists_AndEveryDefectHasOne()
    {
        HashSet<string> tests = new HashSet<string>();
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Root(), "tests"), "*Tests.cs", SearchOption.AllDirectories))
        {
            foreach (Match match in Regex.Matches(File.ReadAllText(file), @"\[(?:TestMethod|Fact|Theory)[^\n]*\](?:\s*\[[^\n]*\])*\s*public (?:async Task|void|Task) (\w+)\("))
            {
                tests.Add(Path.GetFileNameWithoutExtension(file) + "." + match.Groups[1].Value);
            }
        }

        string text = Document();
        MatchCollection named = Regex.Matches(text, @"`(\w+Tests\.\w+)`");
        Assert.True(named.Count > 100);
        string[] missing = named.Select(m => m.Groups[1].Value).Distinct().Except(tests).ToArray();
        Assert.Empty(missing);
        for (int i = 1; i <= 22; i++)
        {
            Assert.Matches(@"\n\| D" + i + @" [^|]+ \| `\w+Tests\.", text);
        }
    }

    private static string Document() => File.ReadAllText(Path.Combine(Root(), "docs", "SESSIONS-COVERAGE.md"));

    private static string Root([CallerFilePath] string file = null) => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file), "..", ".."));
}
