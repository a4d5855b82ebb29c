using System.Globalization;
using Rivet.Live.Core.Boxes;
using Rivet.Live.Core.Ingest;
using Rivet.Live.HlsCheck.Reporting;
using Rivet.Live.HlsCheck.Rules;
using Rivet.Live.HlsCheck.Watching;
using Rivet.Live.Tests.Bitstream;
using Rivet.Live.Tests.Live;
using Rivet.Live.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.Publishers;

/// <summary>emsg boxes of a publisher come out as date ranges, the same in every media playlist.</summary>
[Collection(LiveTests.Name)]
public sealed class DateRangeTests(ReplayServer server, ITestOutputHelper output) : IClassFixture<ReplayServer>
{
    private const string Broadcast = "live/breaks";

    private const int RoundTripRule = 13;

    [Fact]
    public async Task Messages_OfAPublisher_AreInEveryMediaPlaylist()
    {
        // A fragment a second: a message in version 1 before the first, and in version 0 before the second.
        byte[] body = WithMessages(
            await JoinedBodies.EncodeAsync("-c:v libx264 -preset ultrafast", "160x90"),
            Splice(SpliceSectionTests.PlacementStart, id: 1, milliseconds: 500, isAbsolute: true),
            Splice(SpliceSectionTests.PlacementEnd, id: 2, milliseconds: 250, isAbsolute: false),
            new Emsg("urn:example:title", "1", 1000, 1500, IsAbsolute: true, Duration: 250, Id: 3, "News"u8.ToArray()));
        using HttpResponseMessage answer = await server.Host.Client.PutAsync($"/ingest/{Broadcast}", new ByteArrayContent(body));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        MasterPlaylist master = await server.Host.Player.MasterAsync(Broadcast);
        foreach (Uri uri in master.Playlists.SelectMany(static uri => new[] { uri, new Uri(uri, "iframes.m3u8") }))
        {
            MediaPlaylist playlist = await server.Host.Player.EndedAsync(uri);
            DateTimeOffset began = playlist.Segments[0].WallClock;
            Assert.Equal(
                [
                    $"#EXT-X-DATERANGE:ID=\"segmentation-1207959694-1\",START-DATE=\"{Date(began, 0.5)}\",DURATION=0.750,PLANNED-DURATION=307.000,"
                        + $"SCTE35-OUT=0x{SpliceSectionTests.PlacementStart},SCTE35-IN=0x{SpliceSectionTests.PlacementEnd}",
                    $"#EXT-X-DATERANGE:ID=\"event-2\",CLASS=\"urn:example:title\",START-DATE=\"{Date(began, 1.5)}\",DURATION=0.250,"
                        + "X-EMSG-ID=\"3\",X-EMSG-VALUE=\"1\",X-EMSG-DATA=0x4E657773",
                ],
                playlist.Text.Split('\n').Where(static line => line.StartsWith("#EXT-X-DATERANGE", StringComparison.Ordinal)));
        }

        CheckReport report = await CheckAsync();
        output.WriteLine(ReportText.Write(report, isVerbose: false));

        // How long a round trip takes says nothing of date ranges, and much of what else the machine does.
        Assert.DoesNotContain(report.Broken, static entry => entry.Rule.Number != RoundTripRule);
        Assert.Equal(Standing.Holds, report[37].Standing);
    }

    private async Task<CheckReport> CheckAsync()
    {
        Uri master = new(server.Host.Address, $"/hls/{Broadcast}/master.m3u8");
        using HttpMessageInvoker http = new(new SocketsHttpHandler { UseCookies = false });
        Watcher watcher = new(new Origin(http, TimeProvider.System), seconds: 1, TimeSpan.FromSeconds(1.5), static _ => { });
        return new CheckReport(master, await watcher.WatchAsync(master, CancellationToken.None), RuleTable.All);
    }

    private static Emsg Splice(string section, uint id, ulong milliseconds, bool isAbsolute) =>
        new(TimedMessages.SpliceScheme, "", 1000, milliseconds, isAbsolute, Emsg.UnknownDuration, id, Convert.FromHexString(section));

    /// <summary>The first message before the first fragment, the others before the second.</summary>
    private static byte[] WithMessages(byte[] body, Emsg first, params Emsg[] others)
    {
        int[] moofs = [.. RecordedPush.BoxesOf(body).Where(static box => box.Type == "moof").Select(static box => box.Offset)];
        Assert.Equal(2, moofs.Length);
        return [.. body[..moofs[0]], .. Written(first), .. body[moofs[0]..moofs[1]], .. others.SelectMany(Written), .. body[moofs[1]..]];
    }

    private static byte[] Written(Emsg message)
    {
        BoxWriter boxes = new();
        message.Write(boxes);
        return boxes.WrittenMemory.ToArray();
    }

    private static string Date(DateTimeOffset began, double seconds) =>
        began.AddSeconds(seconds).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
