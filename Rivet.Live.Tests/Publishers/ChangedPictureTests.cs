using Rivet.Live.Tests.Live;
using Rivet.Live.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.Publishers;

/// <summary>An encoder whose picture changes its size in mid-stream, without a moov: the broadcast goes on behind a discontinuity.</summary>
[Collection(LiveTests.Name)]
public sealed class ChangedPictureTests(ReplayServer server, ITestOutputHelper output) : IClassFixture<ReplayServer>
{
    private const string Broadcast = "live/changed";

    [Fact]
    public async Task Picture_ThatChangesItsSize_GoesOnBehindADiscontinuity()
    {
        const string encoder = "-c:v libx264 -preset ultrafast -bsf:v dump_extra=freq=keyframe";
        byte[] body = JoinedBodies.Join(await JoinedBodies.EncodeAsync(encoder, "160x90"), await JoinedBodies.EncodeAsync(encoder, "256x144"));
        using HttpResponseMessage answer = await server.Host.Client.PutAsync($"/ingest/{Broadcast}", new ByteArrayContent(body));
        output.WriteLine(server.Host.Log);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());

        MasterPlaylist master = await server.Host.Player.MasterAsync(Broadcast);
        Assert.Contains("RESOLUTION=256x144", master.Text, StringComparison.Ordinal);
        Assert.Equal([(160, 90, JoinedBodies.Pictures), (256, 144, JoinedBodies.Pictures)], await DecodeAsync(master.PlaylistOf("source"), inits: 2));

        // The ladder was planned before, and keeps its own init.
        Assert.Equal([(96, 54, JoinedBodies.Pictures), (96, 54, JoinedBodies.Pictures)], await DecodeAsync(master.PlaylistOf("54p"), inits: 1));
    }

    /// <summary>Size and number of the pictures on each side of the discontinuity.</summary>
    private async Task<List<(int Width, int Height, int Pictures)>> DecodeAsync(Uri uri, int inits)
    {
        MediaPlaylist playlist = await server.Host.Player.EndedAsync(uri);
        ListedSegment[] segments = [.. playlist.Segments];
        int at = Assert.Single(Enumerable.Range(0, segments.Length), index => segments[index].IsDiscontinuity);
        Assert.DoesNotContain(segments, static segment => segment.IsGap);
        Assert.Equal(inits, segments.Select(static segment => segment.Map).Distinct().Count());
        using TemporaryFolder folder = new();
        List<(int, int, int)> sides = [];
        foreach (ListedSegment[] side in new[] { segments[..at], segments[at..] })
        {
            string path = folder.PathOf($"{sides.Count}.mp4");
            await server.Host.Player.DownloadAsync(side, path);
            await MediaFile.RequireCleanAsync(path);
            ToolRun probe = await ToolRun.RequireAsync("ffprobe", "-v", "error", "-show_entries", "stream=width,height", "-of", "csv=p=0", path);
            int[] size = [.. probe.Text.Trim().Split(',').Select(static number => int.Parse(number, System.Globalization.CultureInfo.InvariantCulture))];
            sides.Add((size[0], size[1], (await MediaFile.FramesAsync(path)).Count));
        }

        return sides;
    }
}
