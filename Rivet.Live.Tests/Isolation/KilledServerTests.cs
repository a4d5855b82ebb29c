using System.Globalization;
using System.Text.Json;
using Rivet.Live.Tests.Live;
using Rivet.Live.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.Isolation;

/// <summary>A server that is killed leaves no children behind: not the one at work, not the one that waits, not one that cannot notice.</summary>
[Collection(PatientTests.Name)]
public sealed class KilledServerTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Server_KilledAtWork_LeavesNoChildBehind(bool isChildStopped)
    {
        await using ServerProcess server = ServerProcess.Start(
            ["--urls", "http://127.0.0.1:0", "--Ladder:Renditions=240p", "--Encoding:Tier=draft", "--Encoding:Isolation=process"]);
        Uri address = await server.WaitUntilReadyAsync();
        using HttpClient http = new() { BaseAddress = address };
        await using FfmpegPublisher publisher = FfmpegPublisher.Start(
            $"{FfmpegPublisher.Programme("426x240", "25", 60, gop: 50)} {FfmpegPublisher.ShortFragments} {address}ingest/live/a", output);
        int working = 0;
        await Eventually.TrueAsync(async () => (working = await WorkingChildAsync(http)) > 0, "a child encodes");
        await Eventually.TrueAsync(() => ChildrenOf(server.Id).Count == 2, "there are two children, the one at work and a spare one");
        IReadOnlyList<int> children = ChildrenOf(server.Id);
        Assert.Contains(working, children);
        if (isChildStopped)
        {
            await Children.SignalAsync(working, "STOP");
        }

        await Children.SignalAsync(server.Id, "KILL");
        await Eventually.TrueAsync(() => !children.Any(Children.IsAlive), "no child is left");
    }

    /// <summary>The child that has published a sample; 0 while there is none.</summary>
    private static async Task<int> WorkingChildAsync(HttpClient http)
    {
        using HttpResponseMessage answer = await http.GetAsync("stats/live/a");
        if (!answer.IsSuccessStatusCode)
        {
            return 0;
        }

        using JsonDocument stats = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        bool isWorking = stats.RootElement.GetProperty("renditions").EnumerateArray().Any(static rendition => rendition.GetProperty("framesEncoded").GetInt64() > 0);
        return isWorking ? stats.RootElement.GetProperty("isolation").GetProperty("processId").GetInt32() : 0;
    }

    private static IReadOnlyList<int> ChildrenOf(int process) =>
    [
        .. Directory.EnumerateDirectories($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/task")
            .SelectMany(static thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(static id => int.Parse(id, CultureInfo.InvariantCulture)),
    ];
}
