using System.Text.Json;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Nvsim;

/// <summary>A machine with simulated NVIDIA cards: what makes a process that is started with <see cref="Environment"/> see them, and what they wrote down.</summary>
internal sealed class NvsimMachine : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private NvsimMachine(string cards, (string Name, string Value)[] more)
    {
        Environment = new Dictionary<string, string>(more.Select(static one => KeyValuePair.Create(one.Name, one.Value)))
        {
            ["LD_LIBRARY_PATH"] = Path.Combine(Folder, "build"),
            ["NVSIM_GPUS"] = cards,
            ["NVSIM_DIR"] = _folder.PathOf(""),
            ["NVSIM_LOG"] = LogPath,
        };
        Control("");
    }

    public static string Folder { get; } = Path.Combine(Repository.Root, "tools/nvsim");

    public IReadOnlyDictionary<string, string> Environment { get; }

    private string LogPath => _folder.PathOf("log");

    /// <summary>Builds the driver where that is still to be done, one test at a time.</summary>
    /// <param name="cards">As <c>NVSIM_GPUS</c> names them.</param>
    /// <param name="more">Other variables of the simulator's.</param>
    public static async Task<NvsimMachine> BuildAsync(string cards, params (string Name, string Value)[] more)
    {
        ToolRun made = await MakeAsync();
        Assert.True(made.ExitCode == 0, $"make -C tools/nvsim: {made.Text}\n{made.Errors}");
        return new NvsimMachine(cards, more);
    }

    /// <summary>Builds the driver; whoever comes second waits.</summary>
    public static Task<ToolRun> MakeAsync() => ToolRun.RunAsync("flock", Path.Combine(Folder, "Makefile"), "make", "-s", "-C", Folder);

    /// <summary>Replaces the rules of what goes wrong; processes that run see it with their next call.</summary>
    public void Control(string rules)
    {
        string written = _folder.PathOf("control.new");
        File.WriteAllText(written, rules);
        File.Move(written, _folder.PathOf("control"), overwrite: true);
    }

    /// <summary>What the driver wrote down so far, of one kind.</summary>
    public IReadOnlyList<JsonElement> Events(string kind) =>
    [
        .. File.ReadLines(LogPath)
            .Select(static line => JsonSerializer.Deserialize<JsonElement>(line))
            .Where(line => line.GetProperty("event").GetString() == kind),
    ];

    /// <summary>The client passed nothing that the API does not allow, and left nothing open.</summary>
    public void RequireNoViolation()
    {
        Assert.NotEmpty(Events("close"));
        Assert.Empty(Events("violation").Concat(Events("leak")).Concat(Events("bad-rule")).Select(static line => line.ToString()));
        Assert.Equal(Events("open").Count, Events("close").Count);
    }

    public void Dispose() => _folder.Dispose();
}
