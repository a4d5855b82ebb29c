using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Ingest;
using Rivet.Live.Core.Media;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Ingest;

/// <summary>What is found about a publisher, by what its media is like.</summary>
public sealed class FindingRulesTests
{
    private static readonly PublicationTraits Good = new(
        EncoderProgram.Ffmpeg, SendsSegments: false, SegmentSeconds: 2, SecondsSinceInit: 10, [Of(FragmentFactory.Video)], ClockOffsetSeconds: 0, Pace: null);

    [Fact]
    public void Publisher_ThatDoesAllWell_HasNothingFound() => Assert.Empty(FindingRules.Judge(Good));

    [Theory]
    [InlineData(nameof(EncoderProgram.Ffmpeg), "-frag_duration 200000")]
    [InlineData(nameof(EncoderProgram.GStreamer), "fragment-duration=200")]
    [InlineData(nameof(EncoderProgram.Browser), "start(200)")]
    public void LongFragments_AreFoundWithTheFixForThatClient(string program, string fix)
    {
        PublicationTraits traits = Good with { Program = Enum.Parse<EncoderProgram>(program), Tracks = [Of(FragmentFactory.Video, perFragment: 50)] };

        Finding found = Assert.Single(FindingRules.Judge(traits));

        Assert.Equal((FindingSeverity.Warning, "long-fragments"), (found.Severity, found.Code));
        Assert.StartsWith("Fragments are 2.0 s long, so latency is at least that.", found.Text, StringComparison.Ordinal);
        Assert.Contains(fix, found.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Keyframes_ThatAreTooFarApart_AreFoundBeforeTheNextOneComes()
    {
        Finding found = Assert.Single(FindingRules.Judge(Good with { Tracks = [Of(FragmentFactory.Video, pictures: 150, gop: 249)] }));

        Assert.Equal("long-keyframe-interval", found.Code);
        Assert.Contains("-g 50", found.Text, StringComparison.Ordinal);
        Assert.Contains("249", found.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Sound_ThatHasNoFragments_IsFound()
    {
        Finding found = Assert.Single(FindingRules.Judge(Good with { SecondsSinceInit = 6, Tracks = [new TrackTraits(FragmentFactory.Audio).Read()] }));

        Assert.Equal("no-fragments", found.Code);
        Assert.Contains("sound alone", found.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Tracks_ThatNobodyGets_AreFound()
    {
        Finding found = Assert.Single(FindingRules.Judge(Good with { LeftOut = ["stpp"] }));

        Assert.Equal((FindingSeverity.Info, "tracks-left-out"), (found.Severity, found.Code));
        Assert.Contains("'stpp'", found.Text, StringComparison.Ordinal);
        Assert.Contains("-sn", found.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3600, "3600 s ahead of")]
    [InlineData(-25.4, "25 s behind")]
    public void Track_OnAClockOfItsOwn_IsFound(double secondsApart, string said)
    {
        Finding found = Assert.Single(FindingRules.Judge(Good with { Tracks = [Of(FragmentFactory.Video), new TrackTraits(FragmentFactory.Audio).Read() with { SecondsApart = secondsApart }] }));

        Assert.Equal((FindingSeverity.Warning, "clocks-apart"), (found.Severity, found.Code));
        Assert.Contains($"The times of its sound ('mp4a') are {said}", found.Text, StringComparison.Ordinal);
        Assert.Contains("-copyts", found.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.9, "run dry")]
    [InlineData(1.2, "-re")]
    [InlineData(0.9991, "0.9991 s of media")]
    public void Pace_ThatIsNotRealTime_IsFound(double pace, string said)
    {
        Finding found = Assert.Single(FindingRules.Judge(Good with { Pace = pace }));

        Assert.Equal("drifting-clock", found.Code);
        Assert.Contains(said, found.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3.2, "3.2 s ahead of")]
    [InlineData(-5, "5.0 s behind")]
    public void Clock_ThatIsOff_IsFound(double offset, string said) =>
        Assert.Contains(said, Assert.Single(FindingRules.Judge(Good with { ClockOffsetSeconds = offset })).Text, StringComparison.Ordinal);

    [Theory]
    [InlineData(3.0, true)]
    [InlineData(30.0, false)]
    public void Filler_IsFoundWhileItComes(double secondsSince, bool isFound) =>
        Assert.Equal(isFound ? ["encoder-input-lost"] : [], FindingRules.Judge(Good with { SecondsSinceFiller = secondsSince }).Select(static found => found.Code));

    [Fact]
    public void Encoder_WithoutAClock_IsNoticed() =>
        Assert.Equal("no-prft", Assert.Single(FindingRules.Judge(Good with { ClockOffsetSeconds = null })).Code);

    [Fact]
    public void Hevc_IsNoticed_AndHev1IsToldItsTag()
    {
        Finding found = Assert.Single(FindingRules.Judge(Good with { Tracks = [Of(FragmentFactory.Video with { SampleEntryType = "hev1" })] }));

        Assert.Equal("hevc-source", found.Code);
        Assert.Contains("-tag:v hvc1", found.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Traits_OfReorderedPictures_SayHowLongTheyAreHeldBack()
    {
        Finding found = Assert.Single(FindingRules.Judge(Good with { Tracks = [Of(FragmentFactory.Video, compositionOffset: 7200)] }));

        Assert.Equal("b-frames", found.Code);
        Assert.Contains("80 ms", found.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Rate_ThatIsIrregular_IsNoticed() =>
        Assert.Contains(FindingRules.Judge(Good with { Tracks = [Of(FragmentFactory.Video, jitter: 1800)] }), static found => found.Code == "irregular-frame-rate");

    [Fact]
    public void FirstPicture_StretchedByTheSoundsPriming_IsNoticed()
    {
        PublicationTraits traits = Good with { Tracks = [Of(FragmentFactory.Video, firstTicks: 3600 + 1920), Of(FragmentFactory.Audio)] };

        Assert.Contains("21 ms", Assert.Single(FindingRules.Judge(traits)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void BitRate_ThatJumps_IsNoticed()
    {
        PublicationTraits traits = Good with { Tracks = [Of(FragmentFactory.Video) with { SecondsBytes = [50_000, 50_000, 60_000, 50_000, 400_000, 50_000, 1] }] };

        Assert.Contains("from 0.4 to 3.2 Mb/s", Assert.Single(FindingRules.Judge(traits)).Text, StringComparison.Ordinal);
    }

    /// <summary>A track of 25 pictures a second.</summary>
    private static TrackTraits.Snapshot Of(
        TrackDescription track, int pictures = 100, int perFragment = 5, int gop = 50, int compositionOffset = 0, int jitter = 0, int firstTicks = 0)
    {
        FragmentFactory fragments = new();
        TrackTraits traits = new(track);
        int ticks = track.Timescale / 25;
        long time = 0;
        for (int number = 0; number < pictures; number += perFragment)
        {
            Sample[] samples = new Sample[perFragment];
            for (int index = 0; index < perFragment; index++)
            {
                int duration = number + index == 0 && firstTicks > 0 ? firstTicks : ticks + (index % 2 == 0 ? jitter : -jitter);
                samples[index] = new Sample(time, index % 2 == 0 ? compositionOffset : 0, duration, (number + index) % gop == 0, 0, 4);
                time += duration;
            }

            using Fragment fragment = fragments.Of(track, isDiscontinuity: false, samples);
            traits.Observe(fragment, at: fragment.End.Seconds);
        }

        fragments.AssertAllReturned();
        return traits.Read();
    }
}
