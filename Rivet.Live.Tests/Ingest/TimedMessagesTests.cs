using Rivet.Live.Core.Boxes;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Ingest;
using Rivet.Live.Core.Media;
using Rivet.Live.Tests.Bitstream;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Ingest;

/// <summary>What an encoder says of times becomes date ranges. The broadcast's zero is 1970.</summary>
public sealed class TimedMessagesTests
{
    private readonly BroadcastSession _session = FragmentFactory.Session();
    private readonly TimedMessages _messages;

    public TimedMessagesTests() => _messages = new TimedMessages(_session);

    private IReadOnlyList<DateRange> Listed => _session.DateRanges.ListedFrom(DateTimeOffset.UnixEpoch);

    [Fact]
    public void Break_ThatBeginsAndEnds_IsOneRange()
    {
        Say(10, SpliceSectionTests.PlacementStart, id: 1);
        DateRange begun = Assert.Single(Listed);
        Say(40.5, SpliceSectionTests.PlacementEnd, id: 2);
        Say(40.5, SpliceSectionTests.PlacementEnd, id: 3);

        DateRange ended = Assert.Single(Listed);
        Assert.Equal((10.0, null, 307.0, $"SCTE35-OUT=0x{SpliceSectionTests.PlacementStart}"), Shown(begun));
        Assert.Equal(
            (10.0, 30.5, 307.0, $"SCTE35-OUT=0x{SpliceSectionTests.PlacementStart},SCTE35-IN=0x{SpliceSectionTests.PlacementEnd}"), Shown(ended));
        Assert.Equal((begun.Id, null), (ended.Id, ended.Class));
    }

    /// <summary>Encoders announce a break several times, and two of them each do.</summary>
    [Fact]
    public void Break_ThatIsAnnouncedAgain_IsTheSame()
    {
        Say(10, SpliceSectionTests.Insert, id: 1);
        Say(10, SpliceSectionTests.Insert, id: 1);
        Say(10.001, SpliceSectionTests.Insert, id: 2);

        Assert.Equal((10.0, null, 60.294, $"SCTE35-OUT=0x{SpliceSectionTests.Insert}"), Shown(Assert.Single(Listed)));
    }

    /// <summary>Numbers of breaks come again; IDs do not.</summary>
    [Fact]
    public void Break_WithTheNumberOfAnEarlierOne_IsAnother()
    {
        Say(10, SpliceSectionTests.Insert, id: 1);
        Say(100, SpliceSectionTests.Insert, id: 1);

        Assert.Equal([10.0, 100.0], Listed.Select(static range => Shown(range).Start));
        Assert.Equal(2, Listed.Select(static range => range.Id).Distinct().Count());
    }

    [Fact]
    public void Break_ThatIsCancelled_IsGone()
    {
        Say(10, SpliceSectionTests.Insert, id: 1);
        Say(9, "FC301B000000000000FFFFF005054800008FFF000000000000", id: 2);

        Assert.Empty(Listed);
    }

    [Theory]
    [InlineData(SpliceSectionTests.Programme)]
    [InlineData(SpliceSectionTests.PlacementEnd)]
    [InlineData("FC3011000000000000FFFFFF0000004F253396")]
    [InlineData("00")]
    public void Splice_ThatBeginsNoBreak_IsACommand(string hex)
    {
        Say(3, hex, id: 1);

        Assert.Equal((3.0, null, null, $"SCTE35-CMD=0x{hex}"), Shown(Assert.Single(Listed)));
    }

    [Fact]
    public void OtherScheme_IsTheClass_AndNothingOfItBreaksThePlaylist()
    {
        Take(2, new Emsg("urn:\"quoted\"\r\n#EXT", "a\nb", 1000, 0, true, 1500, 7, [0xAB]));

        DateRange range = Assert.Single(Listed);
        Assert.Equal("urn:_quoted___#EXT", range.Class);
        Assert.Equal((2.0, 1.5, null, "X-EMSG-ID=\"7\",X-EMSG-VALUE=\"a_b\",X-EMSG-DATA=0xAB"), Shown(range));
    }

    /// <summary>Every one of them is sent with every playlist.</summary>
    [Fact]
    public void Messages_WithoutEnd_AreBoundedUntilTheOldOnesHaveLeftTheWindow()
    {
        for (uint id = 0; id < 1000; id++)
        {
            Take(id, new Emsg("urn:a", "", 1000, 0, true, 0, id, []));
        }

        Assert.Equal((DateRanges.Max, 1000L - DateRanges.Max), (Listed.Count, _messages.Refused));
        Assert.Equal(28, _session.DateRanges.ListedFrom(DateTimeOffset.UnixEpoch.AddSeconds(100)).Count);
        Take(1000, new Emsg("urn:a", "", 1000, 0, true, 0, 1000, []));
        Assert.Equal(1000, Shown(_session.DateRanges.ListedFrom(DateTimeOffset.UnixEpoch.AddSeconds(100))[^1]).Start);
    }

    /// <summary>Whoever joins in the middle of a break has to know of it.</summary>
    [Fact]
    public void Break_WithoutAnEnd_StaysListed()
    {
        byte[] withoutDuration = Convert.FromHexString("FC3025000000000000FFFFF00F054800008F7FCFFE7369C02E000000000000000000000000");
        Take(10, new Emsg(TimedMessages.SpliceScheme, "", 1000, 0, true, 0, 1, withoutDuration));

        Assert.Single(_session.DateRanges.ListedFrom(DateTimeOffset.UnixEpoch.AddSeconds(1000)));
        Assert.Empty(_session.DateRanges.ListedFrom(DateTimeOffset.UnixEpoch.AddSeconds(4000)));
    }

    private void Say(double seconds, string section, uint id) =>
        Take(seconds, new Emsg(TimedMessages.SpliceScheme, "", 90000, 0, true, Emsg.UnknownDuration, id, Convert.FromHexString(section)));

    private void Take(double seconds, Emsg message) => _messages.Take(message, new MediaTime((long)(seconds * 90000), 90000));

    private static (double Start, double? Duration, double? Planned, string Attributes) Shown(DateRange range) => (
        (range.Start - DateTimeOffset.UnixEpoch).TotalSeconds,
        range.DurationSeconds,
        range.PlannedSeconds is { } planned ? Math.Round(planned, 3) : null,
        string.Join(',', range.Attributes.Select(static attribute => $"{attribute.Name}={attribute.Value}")));
}
