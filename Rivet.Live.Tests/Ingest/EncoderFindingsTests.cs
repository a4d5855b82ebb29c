using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Demuxing;
using Rivet.Live.Core.Ingest;
using Rivet.Live.Tests.Demuxing;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Ingest;

/// <summary>Each finding with the client that causes it: what that sends, in real time on a clock of the test's, and what is found ten seconds after its first byte.</summary>
public sealed class EncoderFindingsTests
{
    private const double FoundWithinSeconds = 10;
    private const string Picture = "-f lavfi -i testsrc2=size=160x90:rate=25";
    private const string Sound = "-f lavfi -i sine=sample_rate=48000";
    private const string X264 = "-pix_fmt yuv420p -c:v libx264 -preset ultrafast";
    private const string Fragmented = "-movflags +frag_keyframe+empty_moov+default_base_moof";

    private readonly PayloadPool _pool = new();
    private readonly ManualTime _time = new();
    private readonly PublishingPoint _point;
    private readonly PublishedStream _stream;

    public EncoderFindingsTests()
    {
        _point = new PublishingPoint(FragmentFactory.Session(), _time);
        _stream = new Publication(_point, new FragmentBroadcasterRegistry(NullLogger<FragmentBroadcasterRegistry>.Instance, _time), _time).Open("");
    }

    /// <summary>OBS with its own keyframe interval, and an x264 that nobody told anything.</summary>
    [Fact]
    public void Obs_WithItsDefaults() => AssertFound(
        $"{Picture} {Sound} -t 5 {X264} -preset veryfast -g 249 -bf 2 -c:a aac {Fragmented} -frag_duration 200000",
        "long-keyframe-interval", "b-frames", "priming-skew", "no-prft");

    [Fact]
    public void Ffmpeg_WithoutFragDuration() => AssertFound($"{Picture} -t 10 {X264} -g 50 {Fragmented}", "long-fragments", "no-prft");

    /// <summary>It writes everything at the end.</summary>
    [Fact]
    public void Ffmpeg_WithSoundAloneAndWithoutFragDuration()
    {
        byte[] body = Make($"{Sound} -t 1 -c:a aac {Fragmented}");
        Feed(body[..RecordedPush.BoxesOf(body).First(static box => box.Type == "moof").Offset], speed: 1);
        _time.Advance(TimeSpan.FromSeconds(6));

        Finding found = Assert.Single(Found());
        Assert.Equal("no-fragments", found.Code);
        Assert.Contains("-frag_duration 500000", found.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Ffmpeg_WithHevcAsHev1() => AssertFound(
        $"{Picture} -t 4 -pix_fmt yuv420p -c:v libx265 -preset ultrafast -x265-params log-level=none:bframes=0 -g 50 -tag:v hev1 {Fragmented} -frag_duration 200000", "hevc-source", "no-prft");

    /// <summary>A screen that changes now and then, and all of it at once in between.</summary>
    [Fact]
    public void Ffmpeg_WithAVariableRateAndNoCap() => AssertFound(
        $"{Picture},noise=alls=100:allf=t:enable='between(t,4,5)',select='not(mod(n,2))+not(mod(n,3))' -t 8 -vsync vfr {X264} -g 25 {Fragmented} -frag_duration 200000", "irregular-frame-rate", "bitrate-jumps", "no-prft");

    /// <summary>No <c>-re</c>, or a clock that is much too fast.</summary>
    [Theory]
    [InlineData(1.25)]
    [InlineData(0.8)]
    public void Ffmpeg_ThatDoesNotKeepRealTime(double speed) =>
        AssertFound($"{Picture} -t 13 {X264} -g 50 -bf 0 {Fragmented} -frag_duration 200000", speed, "no-prft", "drifting-clock");

    [Fact]
    public void Ffmpeg_OnAMachineWhoseClockIsOff()
    {
        byte[] body = Make($"{Picture} -t 3 {X264} -g 50 {Fragmented} -frag_duration 200000 -write_prft wallclock");
        using (ReadStream ahead = ReadStream.Of(body))
        {
            // The server's clock is eight seconds behind the encoder's.
            _time.Advance(ahead.Events.OfType<IngestEvent.Clock>().First().Reference.WallClock - _time.GetUtcNow() - TimeSpan.FromSeconds(8));
        }

        Feed(body, speed: 1);

        Finding found = Assert.Single(Found());
        Assert.Equal("clock-offset", found.Code);
        Assert.Contains("ahead of this server's", found.Text, StringComparison.Ordinal);
    }

    /// <summary>Two captures that began at different times, and whose muxer keeps the times that they have.</summary>
    [Fact]
    public void Ffmpeg_WhoseSoundIsOnAClockOfItsOwn()
    {
        Feed(Make($"-t 4 {Picture} -itsoffset 60 -t 4 {Sound} {X264} -g 50 -bf 0 -c:a aac -movflags +frag_keyframe+delay_moov+frag_discont+default_base_moof -max_interleave_delta 1000 -frag_duration 200000"), speed: 10);

        Finding found = Assert.Single(Found(), static finding => finding.Code == "clocks-apart");
        Assert.StartsWith("The times of its sound ('mp4a') are 60 s ahead of where the other tracks begin", found.Text, StringComparison.Ordinal);
    }

    /// <summary>What the README tells to push.</summary>
    [Fact]
    public void Ffmpeg_AsItShouldBe() => AssertFound(
        $"{Picture} {Sound} -t 10 {X264} -g 50 -bf 0 -c:a aac -movflags +frag_keyframe+delay_moov+default_base_moof -frag_duration 200000", "no-prft");

    private void AssertFound(string command, params string[] codes) => AssertFound(command, 1, codes);

    private void AssertFound(string command, double speed, params string[] codes)
    {
        Feed(Make(command), speed);

        Assert.Equal(codes.Order(), Found().Select(static finding => finding.Code).Order());
    }

    private IReadOnlyList<Finding> Found()
    {
        using Publisher publisher = new("test", "fmp4-post") { Client = "Lavf/59.27.100" };
        _stream.Flush();
        Assert.Equal(0, _pool.LentPayloads);
        return FindingRules.Judge(_stream.Publication.Traits(publisher));
    }

    /// <summary>Box by box, each fragment when the last of its pictures has been taken.</summary>
    private void Feed(byte[] body, double speed)
    {
        DateTimeOffset began = _time.GetUtcNow();
        using FragmentReader ahead = new(_pool, IngestLimits.Default);
        using FragmentReader reader = new(_pool, IngestLimits.Default);
        List<IngestEvent> events = [];
        foreach ((_, int offset, int length) in RecordedPush.BoxesOf(body))
        {
            ahead.Accept(body.AsSpan(offset, length), 0, events);
            Fragment[] coming = [.. events.OfType<IngestEvent.Media>().Select(static media => media.Fragment)];
            double end = coming.Select(static fragment => fragment.End.Seconds).DefaultIfEmpty(0).Max() / speed;
            Array.ForEach(coming, static fragment => fragment.Dispose());
            events.Clear();
            if (end > FoundWithinSeconds)
            {
                break;
            }

            TimeSpan left = began + TimeSpan.FromSeconds(end) - _time.GetUtcNow();
            _time.Advance(left > TimeSpan.Zero ? left : TimeSpan.Zero);
            reader.Accept(body.AsSpan(offset, length), _time.GetTimestamp(), events);
            Publish(events);
            events.Clear();
        }
    }

    private void Publish(List<IngestEvent> events)
    {
        foreach (IngestEvent happened in events)
        {
            if (happened is IngestEvent.Init init)
            {
                _stream.Open(init.Tracks);
            }

            _stream.Note(happened);
        }

        _stream.Publish([.. events.OfType<IngestEvent.Media>()], static _ => { });
    }

    private static byte[] Make(string command)
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("push.mp4");
        FfmpegTool.Ffmpeg(["-v", "error", .. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "-threads", "1", "-f", "mp4", path]);
        return File.ReadAllBytes(path);
    }
}
