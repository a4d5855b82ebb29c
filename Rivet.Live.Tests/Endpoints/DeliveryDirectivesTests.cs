using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Hls;
using Rivet.Live.Endpoints;
using Rivet.Live.Tests.Hls;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Endpoints;

/// <summary>Which reloads a live playlist refuses (RFC 8216bis 6.2.5.2).</summary>
public sealed class DeliveryDirectivesTests
{
    // Parts of 0.5 s: six ahead are the limit. Segments 0 and 1 are complete, 2 has two parts.
    private static readonly HlsPlan Plan = new(0.5, 2, 6);

    [Theory]
    [InlineData("")]
    [InlineData("?_HLS_msn=0")]
    [InlineData("?_HLS_msn=2")]
    [InlineData("?_HLS_msn=4")]
    [InlineData("?_HLS_msn=2&_HLS_part=2")]
    [InlineData("?_HLS_msn=2&_HLS_part=7")]
    [InlineData("?_HLS_msn=3&_HLS_part=0")]
    [InlineData("?_HLS_msn=3&_HLS_part=5")]
    [InlineData("?_HLS_msn=1&_HLS_part=99")]
    [InlineData("?_HLS_msn=0&_HLS_part=9223372036854775807")]
    [InlineData("?_HLS_skip=YES&other=1&_HLS_msn=2")]
    public void Reload_ThatALivePlaylistAnswers_HasNoMistake(string query) => Assert.Null(MistakeOf(query));

    [Theory]
    [InlineData("?_HLS_part=0", "needs _HLS_msn")]
    [InlineData("?_HLS_msn=5", "more than two segments ahead")]
    [InlineData("?_HLS_msn=9223372036854775807", "more than two segments ahead")]
    [InlineData("?_HLS_msn=2&_HLS_part=8", "more than 6 parts ahead")]
    [InlineData("?_HLS_msn=2&_HLS_part=9223372036854775807", "more than 6 parts ahead")]
    [InlineData("?_HLS_msn=3&_HLS_part=6", "more than 6 parts ahead")]
    [InlineData("?_HLS_msn=4&_HLS_part=2000000000", "more than 6 parts ahead")]
    [InlineData("?_HLS_msn=", "not a whole number")]
    [InlineData("?_HLS_msn=-1", "not a whole number")]
    [InlineData("?_HLS_msn=+1", "not a whole number")]
    [InlineData("?_HLS_msn=1.0", "not a whole number")]
    [InlineData("?_HLS_msn=0x1", "not a whole number")]
    [InlineData("?_HLS_msn=one", "not a whole number")]
    [InlineData("?_HLS_msn=9223372036854775808", "not a whole number")]
    [InlineData("?_HLS_msn=1&_HLS_msn=2", "not a whole number")]
    [InlineData("?_HLS_msn=1&_HLS_part=", "not a whole number")]
    [InlineData("?_HLS_msn=1&_HLS_part=-1", "not a whole number")]
    [InlineData("?_HLS_msn=1&_HLS_part=99999999999999999999", "not a whole number")]
    public void Reload_ThatALivePlaylistRefuses_SaysWhy(string query, string mistake) =>
        Assert.Contains(mistake, MistakeOf(query), StringComparison.Ordinal);

    [Theory]
    [InlineData("", false)]
    [InlineData("?_HLS_skip=YES", true)]
    [InlineData("?_HLS_skip=v2", true)]
    [InlineData("?_HLS_skip=", false)]
    [InlineData("?_HLS_skip=v3", false)]
    [InlineData("?_HLS_skip=yes", false)]
    [InlineData("?_HLS_skip=YES&_HLS_skip=v2", false)]
    public void Skip_InWordsThatAreKnown_AsksForADelta(string query, bool skips)
    {
        Assert.Equal(skips, Read(query).Skips);
        Assert.Null(MistakeOf(query));
    }

    /// <summary>Segments that the rendition lost count, too: a player goes on behind them.</summary>
    [Theory]
    [InlineData("?_HLS_msn=6", null)]
    [InlineData("?_HLS_msn=5&_HLS_part=5", null)]
    [InlineData("?_HLS_msn=7", "more than two segments ahead of the newest, 4")]
    public void Reload_BehindGaps_IsMeasuredFromThem(string query, string? mistake)
    {
        using MediaPlaylistBoard board = new("480p", Plan, static _ => []);
        new BoardDriver(board, new PayloadPool()).Init(FragmentFactory.Video).Segments(2).Lost().Lost().Lost();

        string? seen = Read(query).Mistake(board.Current, Plan);

        Assert.Equal(mistake is null, seen is null);
        Assert.Contains(mistake ?? "", seen ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.2, 15)]
    [InlineData(0.5, 6)]
    [InlineData(0.334, 9)]
    [InlineData(1.0, 3)]
    [InlineData(2.0, 3)]
    public void AdvancePartLimit_IsThreeSecondsOfParts(double partSeconds, int expected) =>
        Assert.Equal(expected, new HlsPlan(partSeconds, 2, 6).AdvancePartLimit);

    [Theory]
    [InlineData("?_HLS_msn=2", null)]
    [InlineData("?_HLS_msn=0&_HLS_part=6", "more than 6 parts ahead")]
    [InlineData("?_HLS_msn=3", "more than two segments ahead")]
    public void Reload_OfAPlaylistWithoutMedia_IsMeasuredFromItsBeginning(string query, string? mistake)
    {
        using MediaPlaylistBoard board = new("480p", Plan, static _ => []);

        string? seen = Read(query).Mistake(board.Current, Plan);

        Assert.Equal(mistake is null, seen is null);
        Assert.Contains(mistake ?? "", seen ?? "", StringComparison.Ordinal);
    }

    private static string? MistakeOf(string query)
    {
        using MediaPlaylistBoard board = new("480p", Plan, static _ => []);
        new BoardDriver(board, new PayloadPool()).Init(FragmentFactory.Video).Segments(2).Segment().Parts(2);
        return Read(query).Mistake(board.Current, Plan);
    }

    private static DeliveryDirectives Read(string query) => DeliveryDirectives.Read(new QueryCollection(QueryHelpers.ParseQuery(query)));
}
