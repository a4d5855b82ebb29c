using System.Text.Json;
using Rivet.Live.Configuration;
using Rivet.Live.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.Live;

/// <summary>Two publishers of the same: one broadcast, whichever of them goes on.</summary>
[Collection(LiveTests.Name)]
public sealed class RedundancyTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Pair_OneOfWhichVanishes_LosesNoPictureAndDoublesNone(int vanishes)
    {
        using TemporaryFolder folder = new();
        byte[] body = await RecordedPush.FragmentedAsync(6);
        byte[][] pieces = [.. PiecesOf(body)];
        int lost = Random.Shared.Next(3, pieces.Length - 3);
        output.WriteLine($"publisher {vanishes} of 0 and 1 breaks off inside piece {lost} of {pieces.Length}");
        await using LiveServerHost host = await StartAsync();
        RawPush[] pair = [await RawPush.BeginAsync(host.Address, "/ingest/live/a"), await RawPush.BeginAsync(host.Address, "/ingest/live/a")];
        for (int piece = 0; piece < pieces.Length; piece++)
        {
            if (piece == lost)
            {
                await pair[vanishes].SendAsync(pieces[piece].AsMemory(0, pieces[piece].Length / 2));
                pair[vanishes].Break();
            }

            foreach (RawPush push in pair.Where((_, index) => piece < lost || index != vanishes))
            {
                await push.SendAsync(pieces[piece]);
            }

            if (piece == lost - 1)
            {
                await Patience.UntilAsync(
                    async () => (await host.Client.GetAsync("/stats/live/a")).IsSuccessStatusCode
                        && (await host.StatsAsync("live/a")).TryGetProperty("publishers", out JsonElement both) && both.GetArrayLength() == 2, "both are known");
            }
        }

        RawPush left = pair[1 - vanishes];
        await left.FinishAsync();
        RawAnswer answer = await left.ReadToEndAsync();

        Assert.True(answer.Status == 200, answer.Body.ToString());
        MasterPlaylist master = await host.Player.MasterAsync("live/a");
        MediaPlaylist source = await host.Player.EndedAsync(master.PlaylistOf("source"));
        Assert.DoesNotContain(source.Segments, static segment => segment.IsGap || segment.IsDiscontinuity);
        string path = folder.PathOf("source.mp4");
        await host.Player.DownloadAsync(source.Segments, path);
        await MediaFile.RequireCleanAsync(path);
        IReadOnlyList<DecodedFrame> frames = await MediaFile.FramesAsync(path);
        Assert.Equal(150, frames.Count);
        Assert.Equal(150, frames.Select(static frame => frame.Time).Distinct().Count());
        Array.ForEach(pair, static push => push.Dispose());
    }

    [Fact]
    public async Task Publisher_WhoseConnectionHangs_IsReplacedWhenItComesBack()
    {
        byte[] body = await RecordedPush.FragmentedAsync(1);
        byte[] again = await RecordedPush.FragmentedAsync(1, "-vf negate");
        await using LiveServerHost host = await StartAsync();
        using RawPush hangs = await RawPush.BeginAsync(host.Address, "/ingest/live/a");
        await hangs.SendAsync(body);
        await host.UntilAsync("live/a", "live");

        using RawPush back = await RawPush.BeginAsync(host.Address, "/ingest/live/a");
        await back.SendAsync(again);
        RawAnswer told = await hangs.ReadToEndAsync();
        await back.FinishAsync();
        RawAnswer answer = await back.ReadToEndAsync();

        Assert.Equal((409, "taken-over"), (told.Status, told.Body.GetProperty("reason").GetString()));
        Assert.True(answer.Status == 200, answer.Body.ToString());
    }

    /// <summary>Init, then a moof with its mdat each.</summary>
    private static IEnumerable<byte[]> PiecesOf(byte[] body)
    {
        int[] cuts = [.. RecordedPush.BoxesOf(body).Where(static box => box.Type == "moof").Select(static box => box.Offset), body.Length];
        return [body[..cuts[0]], .. cuts.Zip(cuts.Skip(1), (from, to) => body[from..to])];
    }

    private Task<LiveServerHost> StartAsync() => LiveServerHost.StartAsync(
        LiveServerHost.Light() with
        {
            Ladder = new LadderSettings { Renditions = [] },
            Ingest = new IngestSettings { Stall = TimeSpan.FromSeconds(30) },
        },
        output);
}
