using System.Text.Json.Nodes;
using Rivet.Live.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.MessagePack;

/// <summary>@msgpack/msgpack, which is not ours, reads what we write and writes what we read.</summary>
public sealed class PeerTests(ITestOutputHelper output) : IDisposable
{
    private const int Inputs = 1000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Peer_ReadingWhatWeWrite_SeesTheSameValues()
    {
        object?[] values = NewValues();

        string[] read = await RunAsync("decode", values.Select(static value => Convert.ToHexStringLower(Values.Written(value))));

        Compare(values, read.Select(Normal));
    }

    [Fact]
    public async Task We_ReadingWhatAPeerWrites_SeeTheSameValues()
    {
        object?[] values = NewValues();

        string[] written = await RunAsync("encode", values.Select(Values.Told));

        Compare(values, written.Select(static hex =>
        {
            object? read = Values.Read(Convert.FromHexString(hex), out int consumed);
            Assert.Equal(hex.Length / 2, consumed);
            return Values.Told(read);
        }));
    }

    private static void Compare(object?[] values, IEnumerable<string> lines)
    {
        string[] seen = [.. lines];
        Assert.Equal(values.Length, seen.Length);
        for (int input = 0; input < values.Length; input++)
        {
            Assert.True(Values.Told(values[input]) == seen[input], $"input {input}: {Values.Told(values[input])} became {seen[input]}");
        }
    }

    /// <summary>The same JSON as our own writer spells it.</summary>
    private static string Normal(string line) => Values.Line(JsonNode.Parse(line));

    private object?[] NewValues()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        RandomValues values = new(new Random(seed));
        return [.. Enumerable.Range(0, Inputs).Select(_ => values.Next(depth: 3))];
    }

    private async Task<string[]> RunAsync(string task, IEnumerable<string> lines)
    {
        string file = _folder.PathOf(task);
        await File.WriteAllLinesAsync(file, lines);
        ToolRun run = await ToolRun.RunAsync("node", Path.Combine(Repository.Root, "Rivet.Live.Tests", "Player", "msgpack.mjs"), task, file);
        Assert.True(run.ExitCode == 0, $"msgpack.mjs failed (is @msgpack/msgpack installed? tools/test installs it):\n{run.Errors}");
        return run.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
