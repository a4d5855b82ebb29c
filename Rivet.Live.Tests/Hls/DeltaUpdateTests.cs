using System.Globalization;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Hls;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Hls;

/// <summary>A player that has an older playlist and gets a delta knows what one that gets the whole playlist knows (RFC 8216bis 6.2.5.1).</summary>
public sealed class DeltaUpdateTests
{
    private static readonly HlsPlan Plan = new(0.5, 2, 40);

    [Fact]
    public void DeltaIntoAnyOlderPlaylist_OverRandomHistories_IsTheWholePlaylist()
    {
        int merged = 0;
        for (int seed = 0; seed < 20; seed++)
        {
            Random random = new(seed);
            using MediaPlaylistBoard board = new("480p", Plan, static _ => [("720p", new PlaylistPosition(7, 1))]);
            BoardDriver driver = new BoardDriver(board, new PayloadPool()).Init(FragmentFactory.Video);
            List<TextOfPlaylist> before = [];
            int init = 0;
            for (int step = 0; step < 120; step++)
            {
                Play(driver, random, ref init, isLast: step == 119);
                PlaylistSnapshot state = board.Current;
                TextOfPlaylist whole = TextOfPlaylist.Parse(Text(state.Rendered));
                TextOfPlaylist delta = TextOfPlaylist.Parse(Text(state.Delta));
                merged += before.Count(older => CheckMerge(older, delta, whole, $"seed {seed}, step {step}"));
                AssertSkipsWhatIsFarFromTheEnd(delta, whole, state.IsEnded);
                before.Add(whole);
            }
        }

        Assert.True(merged > 1000, $"only {merged} merges were of a delta that skips");
    }

    [Fact]
    public void Delta_BeforeAnythingCanBeSkipped_IsTheWholePlaylist()
    {
        using MediaPlaylistBoard board = new("480p", Plan, static _ => []);
        BoardDriver driver = new BoardDriver(board, new PayloadPool()).Init(FragmentFactory.Video).Segments(6).Segment().Parts(3);

        Assert.Same(board.Current.Rendered, board.Current.Delta);

        driver.Parts(1).Segment();

        Assert.Contains("#EXT-X-DISCONTINUITY-SEQUENCE:0\n#EXT-X-SKIP:SKIPPED-SEGMENTS=1\n#EXT-X-MAP:", Text(board.Current.Delta), StringComparison.Ordinal);
    }

    /// <summary>CAN-SKIP-DATERANGES is not promised; a range of before the window is in neither.</summary>
    [Fact]
    public void Delta_OfABroadcastWithDateRanges_HasAllThatAreListed()
    {
        DateRanges ranges = new();
        DateTimeOffset began = DateTimeOffset.UnixEpoch.AddYears(56);
        ranges.TryPut(new DateRange { Id = "past", Start = began.AddSeconds(-9), DurationSeconds = 8 });
        ranges.TryPut(new DateRange { Id = "skipped", Start = began.AddSeconds(1) });
        ranges.TryPut(new DateRange { Id = "lasting", Start = began.AddSeconds(-9), PlannedSeconds = 60.5 });
        using MediaPlaylistBoard board = new("480p", Plan, static _ => [], dateRanges: ranges);
        new BoardDriver(board, new PayloadPool()).Init(FragmentFactory.Video).Segments(10);

        const string listed = "#EXT-X-DATERANGE:ID=\"skipped\",START-DATE=\"2026-01-01T00:00:01.000Z\"\n"
            + "#EXT-X-DATERANGE:ID=\"lasting\",START-DATE=\"2025-12-31T23:59:51.000Z\",PLANNED-DURATION=60.500\n#EXT-X-MAP:";
        Assert.All(
            new[] { board.Current.Rendered, board.Current.Delta, board.Current.Keyframes },
            static playlist => Assert.Contains(listed, Text(playlist), StringComparison.Ordinal));
        Assert.All(new[] { board.Current.Rendered, board.Current.Delta }, static playlist => Assert.DoesNotContain("past", Text(playlist), StringComparison.Ordinal));
        Assert.Contains("EXT-X-SKIP", Text(board.Current.Delta), StringComparison.Ordinal);
    }

    [Fact]
    public void Delta_BehindTheEnd_IsTheWholePlaylist()
    {
        using MediaPlaylistBoard board = new("480p", Plan, static _ => []);
        new BoardDriver(board, new PayloadPool()).Init(FragmentFactory.Video).Segments(15).End();

        Assert.Same(board.Current.Rendered, board.Current.Delta);
    }

    private static void Play(BoardDriver driver, Random random, ref int init, bool isLast)
    {
        switch (random.Next(8))
        {
            case 0:
                driver.Lost();
                break;
            case 1:
                driver.Init(FragmentFactory.Video, ++init).Segment(isDiscontinuity: random.Next(2) == 0, initNumber: init).Parts(random.Next(1, 5));
                break;
            case 2:
                driver.Segment(isDiscontinuity: true).Parts(random.Next(1, 5));
                break;
            default:
                driver.Segment().Parts(random.Next(1, 5), seconds: 0.5 - (random.Next(3) * 0.04));
                break;
        }

        if (isLast)
        {
            driver.End();
        }
    }

    /// <summary>False where there was nothing to merge.</summary>
    private static bool CheckMerge(TextOfPlaylist older, TextOfPlaylist delta, TextOfPlaylist whole, string where)
    {
        TextOfSegment[] known = [.. older.Segments.Where(segment => segment.Uri.Length > 0 && segment.Number >= delta.First && segment.Number < delta.First + delta.Skipped)];
        if (delta.Skipped == 0 || known.Length < delta.Skipped)
        {
            return false;
        }

        // Parts that an older playlist listed are off the list by now; discontinuities go on counting from the last segment that is known.
        TextOfSegment[] kept = [.. known.Select(static segment => segment with { Parts = "" })];
        int discontinuities = kept[^1].Discontinuities - delta.DiscontinuitySequence;
        TextOfSegment[] merged = [.. kept, .. delta.Segments.Select(segment => segment with { Discontinuities = segment.Discontinuities + discontinuities })];
        Assert.True(whole.Segments.SequenceEqual(merged), $"{where}: expected\n{string.Join('\n', whole.Segments)}\ngot\n{string.Join('\n', merged.AsEnumerable())}");
        Assert.Equal((whole.Head, whole.Tail), (delta.Head, delta.Tail));
        return true;
    }

    private static void AssertSkipsWhatIsFarFromTheEnd(TextOfPlaylist delta, TextOfPlaylist whole, bool isEnded)
    {
        double[] seconds = [.. whole.Segments.Where(static segment => segment.Seconds > 0).Select(static segment => segment.Seconds)];
        if (isEnded)
        {
            Assert.Equal(0, delta.Skipped);
            return;
        }

        // Texts are rounded to a hundredth of a millisecond each.
        Assert.True(delta.Skipped == 0 || seconds[delta.Skipped..].Sum() > Plan.SkipBoundarySeconds - 0.001);
        Assert.True(delta.Skipped == seconds.Length || seconds[(delta.Skipped + 1)..].Sum() < Plan.SkipBoundarySeconds + 0.001);
    }

    private static string Text(RenderedPlaylist playlist) => System.Text.Encoding.UTF8.GetString(playlist.Identity.Span);

    private sealed record TextOfSegment(long Number, int Discontinuities, string Map, string WallClock, string Parts, bool IsGap, double Seconds, string Uri);

    /// <summary>What a player knows of each segment once it has read the lines before it.</summary>
    private sealed record TextOfPlaylist(long First, int DiscontinuitySequence, int Skipped, string Head, IReadOnlyList<TextOfSegment> Segments, string Tail)
    {
        public static TextOfPlaylist Parse(string text)
        {
            List<TextOfSegment> segments = [];
            TextOfPlaylist read = new(0, 0, 0, "", segments, "");
            TextOfSegment next = new(0, 0, "", "", "", IsGap: false, 0, "");
            foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                string value = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..];
                switch (line.Split(':')[0])
                {
                    case "#EXT-X-MEDIA-SEQUENCE":
                        read = read with { First = long.Parse(value, CultureInfo.InvariantCulture) };
                        next = next with { Number = read.First };
                        break;
                    case "#EXT-X-DISCONTINUITY-SEQUENCE":
                        read = read with { DiscontinuitySequence = int.Parse(value, CultureInfo.InvariantCulture) };
                        next = next with { Discontinuities = read.DiscontinuitySequence };
                        break;
                    case "#EXT-X-SKIP":
                        read = read with { Skipped = int.Parse(value.Split('=')[1], CultureInfo.InvariantCulture) };
                        next = next with { Number = next.Number + read.Skipped };
                        break;
                    case "#EXT-X-DISCONTINUITY":
                        next = next with { Discontinuities = next.Discontinuities + 1 };
                        break;
                    case "#EXT-X-MAP":
                        next = next with { Map = value };
                        break;
                    case "#EXT-X-PROGRAM-DATE-TIME":
                        next = next with { WallClock = value };
                        break;
                    case "#EXT-X-PART":
                        next = next with { Parts = next.Parts + value };
                        break;
                    case "#EXT-X-GAP":
                        next = next with { IsGap = true };
                        break;
                    case "#EXTINF":
                        next = next with { Seconds = double.Parse(value.TrimEnd(','), CultureInfo.InvariantCulture) };
                        break;
                    case "#EXT-X-ENDLIST" or "#EXT-X-PRELOAD-HINT" or "#EXT-X-RENDITION-REPORT":
                        read = read with { Tail = read.Tail + line };
                        break;
                    default:
                        if (line.StartsWith('#'))
                        {
                            read = read with { Head = read.Head + line };
                            break;
                        }

                        segments.Add(next with { Uri = line });
                        next = next with { Number = next.Number + 1, Parts = "", IsGap = false, Seconds = 0 };
                        break;
                }
            }

            if (next.Parts.Length > 0)
            {
                segments.Add(next);
            }

            return read;
        }
    }
}
