using System.Text.RegularExpressions;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.House;

public sealed partial class BannedWordTests
{
    private static readonly string[] Product = ["Rivet.Live.Core/", "Rivet.Live/"];

    private static readonly string[] Everywhere = ["Rivet.Live.Core/", "Rivet.Live/", "Rivet.Live.Tests/", "tools/"];

    private static readonly BannedWord[] Banned =
    [
        new(WallClock(), "use TimeProvider.GetUtcNow()", Product),
        new(MachineClock(), "use TimeProvider.GetTimestamp() and GetElapsedTime()", Product),
        new(Sleep(), "await what you wait for", Everywhere),
        new(BlindDelay(), "use Task.Delay(span, timeProvider, token), so that a test's clock drives it", Product),
        new(Unsafe(), "native code and raw memory live in Rivet.Live.Core/Native", Product, Except: "Rivet.Live.Core/Native/"),
        new(WebServer(), "Core names nothing of ASP.NET: put it into Rivet.Live", ["Rivet.Live.Core/"]),
        new(LooseEnd(), "finish it, or leave it out", Everywhere),
        new(FillerName(), "name what it is: Manager, Helper, Util, Processor, Handler, Engine, Info, Data, Base and Impl say nothing", Everywhere),
    ];

    [Fact]
    public void Sources_CarryNoBannedWord()
    {
        List<string> found = [];
        foreach (string path in Sources())
        {
            string[] lines = Repository.Read(path).Split('\n');
            for (int index = 0; index < lines.Length; index++)
            {
                found.AddRange(Find(path, lines[index]).Select(banned => $"{path}({index + 1}): {lines[index].Trim()}: {banned.Instead}"));
            }
        }

        Assert.True(found.Count == 0, string.Join("\n", found));
    }

    [Theory]
    [InlineData("DateTime now = DateTime.UtcNow;")]
    [InlineData("DateTimeOffset now = DateTimeOffset.Now;")]
    [InlineData("Stopwatch watch = Stopwatch.StartNew();")]
    [InlineData("Thread.Sleep(5);")]
    [InlineData("await Task.Delay(TimeSpan.FromSeconds(1));")]
    [InlineData("byte* first = null; unsafe { }")]
    [InlineData("[LibraryImport(\"c\")]")]
    [InlineData("Marshal.FreeHGlobal(memory);")]
    [InlineData("using Microsoft.AspNetCore.Http;")]
    [InlineData("throw new NotImplementedException();")]
    [InlineData("int left = 1; // TODO later")]
    [InlineData("internal sealed class TrackManager")]
    [InlineData("internal readonly record struct FrameInfo(int Width);")]
    public void Line_WithABannedWord_IsFound(string line)
    {
        Assert.NotEmpty(Find("Rivet.Live.Core/Ladder/Any.cs", line));
    }

    [Theory]
    [InlineData("await Task.Delay(span, time, token);")]
    [InlineData("/// <summary>Not a class Manager.</summary>")]
    [InlineData("internal sealed class EncoderHandle : SafeHandle")]
    [InlineData("DateTimeOffset now = time.GetUtcNow();")]
    public void Line_WithoutABannedWord_Passes(string line)
    {
        Assert.Empty(Find("Rivet.Live.Core/Ladder/Any.cs", line));
    }

    private static IEnumerable<BannedWord> Find(string path, string line)
    {
        // A comment may explain what is banned, but no comment may promise what is not there.
        bool isComment = line.AsSpan().TrimStart().StartsWith("//");
        return Banned.Where(banned => banned.AppliesTo(path) && banned.Pattern.IsMatch(line) && (!isComment || banned.Pattern.ToString() == LooseEnd().ToString()));
    }

    /// <summary>This folder spells the banned words out.</summary>
    private static IEnumerable<string> Sources() => Repository.Files(".", "*.cs")
        .Where(path => !path.StartsWith("Rivet.Live.Tests/House/", StringComparison.Ordinal));

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Utc)?(Now|Today)\b")]
    private static partial Regex WallClock();

    [GeneratedRegex(@"\bStopwatch\b|\bEnvironment\.TickCount")]
    private static partial Regex MachineClock();

    [GeneratedRegex(@"\bThread\.Sleep\b")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"\bTask\.Delay\((?:[^,()]|\([^()]*\))*\)")]
    private static partial Regex BlindDelay();

    [GeneratedRegex(@"\bunsafe\b|\bLibraryImport\b|\bDllImport\b|\bMarshal\.|\bUnsafe\.|\bNativeMemory\.|\bMemoryMarshal\.GetReference\b")]
    private static partial Regex Unsafe();

    [GeneratedRegex(@"\bMicrosoft\.AspNetCore\b")]
    private static partial Regex WebServer();

    [GeneratedRegex(@"\bNotImplementedException\b|\bTODO\b|\bFIXME\b|\bHACK\b|\bSkip\s*=\s*""")]
    private static partial Regex LooseEnd();

    [GeneratedRegex(@"\b(?:class|struct|record|interface|enum)\s+\w+(?:Manager|Helper|Helpers|Util|Utils|Processor|Handler|Engine|Info|Data|Base|Impl)\b")]
    private static partial Regex FillerName();
}
