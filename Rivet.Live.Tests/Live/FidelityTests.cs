using System.Text.Json;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Live;

/// <summary>Of broadcasts beside each other: every picture of the source comes out of every rendition once, in order, at the source's time to the tick.</summary>
[Collection(LiveTests.Name)]
public sealed class FidelityTests(NumberedBroadcasts broadcasts) : IClassFixture<NumberedBroadcasts>
{
    public static TheoryData<string> Names => NumberedBroadcasts.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Pictures_OfANumberedSource_ComeOutOfEveryRenditionOnceAndOnTime(string name)
    {
        string sent = broadcasts.SentOf(name);
        int count = NumberedBroadcasts.CountOf(name);
        IReadOnlyList<DecodedFrame> truth = await MediaFile.FramesAsync(sent);
        Assert.Equal(Enumerable.Range(0, count), await IndexPattern.ReadAsync(sent));
        Assert.Equal(count, truth.Select(static picture => picture.Time).Distinct().Count());
        foreach (string track in (string[])["source", "180p", "120p"])
        {
            string received = await broadcasts.ReceivedAsync(name, track);
            Assert.Equal(await MediaFile.TimescaleAsync(sent), await MediaFile.TimescaleAsync(received));
            Assert.Equal(Enumerable.Range(0, count), await IndexPattern.ReadAsync(received));
            IReadOnlyList<DecodedFrame> pictures = await MediaFile.FramesAsync(received);
            Assert.Equal(truth.Select(static picture => picture.Time), pictures.Select(static picture => picture.Time));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Stats_OfBroadcastsBesideEachOther_HaveThePicturesOfEach(string name)
    {
        await broadcasts.Host.UntilAsync(name, "ended");

        JsonElement[] renditions = [.. (await broadcasts.Host.StatsAsync(name)).GetProperty("renditions").EnumerateArray()];

        Assert.Equal(["180p", "120p"], renditions.Select(static rendition => rendition.GetProperty("rendition").GetString()));
        Assert.All(renditions, rendition => Assert.Equal(
            (NumberedBroadcasts.CountOf(name), 0, 0),
            (rendition.GetProperty("framesEncoded").GetInt32(), rendition.GetProperty("framesDropped").GetInt32(), rendition.GetProperty("panics").GetInt32())));
    }

    /// <summary>With its init, ffmpeg's strictest reader has nothing to say about it.</summary>
    [Fact]
    public async Task Segment_OfEveryPlaylist_DecodesAloneWithoutAWord()
    {
        MasterPlaylist master = await broadcasts.Host.Player.MasterAsync(NumberedBroadcasts.WithSound);
        Assert.Equal(4, master.Playlists.Count());
        foreach (Uri uri in master.Playlists)
        {
            ListedSegment[] segments = [.. (await broadcasts.Host.Player.EndedAsync(uri)).Segments.Where(static segment => !segment.IsGap)];
            Assert.InRange(segments.Length, 2, 5);
            int frames = 0;
            foreach (ListedSegment segment in segments)
            {
                string path = broadcasts.PathOf(NumberedBroadcasts.WithSound, "segment");
                await broadcasts.Host.Player.DownloadAsync([segment], path);
                await MediaFile.RequireCleanAsync(path);
                frames += (await MediaFile.FramesAsync(path)).Count;
            }

            // Six seconds; of sound, 1024 samples a frame.
            Assert.True(uri == master.Audio ? frames is >= 278 and <= 284 : frames == 180, $"{uri} has {frames} frames.");
        }
    }
}
