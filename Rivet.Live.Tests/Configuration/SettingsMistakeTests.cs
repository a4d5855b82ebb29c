using Microsoft.Extensions.Configuration;
using Rivet.Live.Configuration;
using Xunit;

namespace Rivet.Live.Tests.Configuration;

public sealed class SettingsMistakeTests
{
    [Theory]
    [InlineData("Ingest:IdleSeconds", "-1", "a number of seconds greater than 0")]
    [InlineData("Ingest:IdleSeconds", "0", "a number of seconds greater than 0")]
    [InlineData("Ingest:ReconnectSeconds", "soon", "a number of seconds greater than 0")]
    [InlineData("Hls:PartSeconds", "NaN", "a number of seconds greater than 0")]
    [InlineData("Hls:KeepEndedSeconds", "Infinity", "a number of seconds greater than 0")]
    [InlineData("Stats:KeepEndedSeconds", "1e400", "a number of seconds greater than 0")]
    [InlineData("Shutdown:DrainSeconds", "0.00000001", "a number of seconds greater than 0")]
    [InlineData("Ingest:MaxBroadcasts", "0", "a whole number from 1 to 100000")]
    [InlineData("Ingest:MaxFragmentBytes", "1.5", "a whole number from 65536 to 1073741824")]
    [InlineData("Encoding:SlotsPerDevice", "-2", "a whole number from 0 to 1024")]
    [InlineData("Encoding:DecodeDevice", "gpu1", "a whole number from 0 to 1024")]
    [InlineData("Encoding:DecodersMax", "-1", "a whole number from 0 to 1024")]
    [InlineData("Ladder:Source", "sometimes", "one of auto, always, never")]
    [InlineData("Ladder:Source", "1", "one of auto, always, never")]
    [InlineData("Ladder:Overload", "drop", "one of shed, refuse")]
    [InlineData("Encoding:Fallback", "dropRendition", "one of software, drop-rendition, fail")]
    [InlineData("Encoding:Codec", "vp9", "one of h264, hevc, av1")]
    [InlineData("Encoding:Target", "best", "one of visually-lossless, high, standard, low")]
    [InlineData("Encoding:Tier", "fast", "one of draft, standard, archive")]
    [InlineData("Encoding:ConstantQp", "52", "a whole number from 0 to 51; H.264 and HEVC have no more", "'52' while not every rendition is AV1")]
    [InlineData("Encoding:ConstantQp", "64", "a whole number from 0 to 63")]
    [InlineData("Encoding:ConstantQp", "good", "a whole number from 0 to 63")]
    [InlineData("Encoding:Options", "crf=20", "ENCODER:OPTION=VALUE, where ENCODER is one of libx264, libx265, libaom-av1")]
    [InlineData("Encoding:Options", "h264_amf:cq=20", "where ENCODER is one of libx264, libx265, libaom-av1, h264_nvenc, hevc_nvenc, av1_nvenc, h264_qsv, hevc_qsv, av1_qsv, h264_vaapi, hevc_vaapi, av1_vaapi, such as libx264:aq-mode=3")]
    [InlineData("Encoding:Options", "libx264:crf", "ENCODER:OPTION=VALUE")]
    [InlineData("Encoding:Options:0", "", "ENCODER:OPTION=VALUE", "an empty entry")]
    [InlineData("Encoding:Isolation", "container", "one of in-process, process")]
    [InlineData("Encoding:Nvenc", "ffmpeg", "one of libavcodec, direct")]
    [InlineData("Encoding:Policy", "device:-1", "all, device:N (N from 0) or family:nvidia|intel|amd|software")]
    [InlineData("Encoding:Policy", "device:", "all, device:N (N from 0) or family:nvidia|intel|amd|software")]
    [InlineData("Encoding:Policy", "family:apple", "all, device:N (N from 0) or family:nvidia|intel|amd|software")]
    [InlineData("Ladder:Renditions", "999p", "one of the presets 1080p, 720p, 480p, 360p, 240p, or an object")]
    [InlineData("Ladder:Renditions", "480p,480p", "names that differ", "'480p' a second time")]
    [InlineData("Ladder:Renditions:first", "480p", "entries are numbered", "'first'")]
    [InlineData("Ladder:Renditions:0:Name", "Source_", "1 to 32 of a-z, 0-9 and '-'")]
    [InlineData("Ladder:Renditions:0:Name", "audio", "and not source, audio or video")]
    [InlineData("Ladder:Renditions:0:Height", "481", "an even number")]
    [InlineData("Ladder:Renditions:0:VideoBitrateBps", "2.5M", "a whole number from 10000 to 500000000")]
    [InlineData("Ladder:Renditions:0:MaxFrameRate", "0", "a number greater than 0, at most 480")]
    [InlineData("Ladder:Renditions:0:Codec", "mpeg2", "one of h264, hevc, av1")]
    [InlineData("urls", "127.0.0.1:8080", "http://ADDRESS:PORT")]
    [InlineData("urls", "http://127.0.0.1:8080/live", "without a path")]
    [InlineData("urls", "http://localhost:0", "port 0 needs an IP address")]
    [InlineData("urls", "http://127.0.0.1:70000", "http://ADDRESS:PORT")]
    [InlineData("urls", "https://127.0.0.1:8443", "with --dev-tls", "without a certificate")]
    [InlineData("Hls:PartSecond", "1", "did you mean 'Hls:PartSeconds'?", "a key nobody reads")]
    [InlineData("Hls:Nonsense", "1", "Hls:PartSeconds", "a key nobody reads")]
    [InlineData("Ladder:Renditions:0:Widht", "640", "Ladder:Renditions", "a key nobody reads")]
    [InlineData("Ladder", "480p", "Ladder:Renditions", "a key nobody reads")]
    [InlineData("Ladder:Source:Deeper", "auto", "Ladder:Source", "a key nobody reads")]
    public void Value_ThatIsNotAllowed_IsReportedWithKeySeenAndAllowed(string key, string value, string allowed, string? seen = null)
    {
        SettingMistake mistake = Assert.Single(Read((key, value)).Mistakes, mistake => mistake.Key == key);

        Assert.Contains(seen ?? value, mistake.Seen, StringComparison.Ordinal);
        Assert.Contains(allowed, mistake.Allowed, StringComparison.Ordinal);
    }

    [Fact]
    public void Section_NobodyReads_IsReportedOnceWithTheNearestName()
    {
        SettingMistake mistake = Assert.Single(Read(("Laddder:Renditions", "480p"), ("Laddder:Source", "auto")).Mistakes);

        Assert.Equal("Laddder", mistake.Key);
        Assert.Contains("did you mean 'Ladder'?", mistake.Allowed, StringComparison.Ordinal);
    }

    [Fact]
    public void Mistakes_SeveralAtOnce_AreAllReported()
    {
        SettingsReading reading = Read(("Ingest:IdleSeconds", "x"), ("Encoding:Codec", "y"), ("Hls:Foo", "z"), ("Other:Bar", "1"));

        Assert.Equal(4, reading.Mistakes.Count);
        Assert.False(reading.TryGetSettings(out _));
    }

    [Fact]
    public void PartSeconds_LongerThanASegment_IsAMistake()
    {
        SettingMistake mistake = Assert.Single(Read(("Hls:PartSeconds", "3")).Mistakes);

        Assert.Equal("Hls:PartSeconds: saw 3 s; allowed: at most Hls:SegmentSeconds, which is 2 s.", mistake.ToString());
    }

    [Fact]
    public void WindowSeconds_ShorterThanThreeSegments_IsAMistake()
    {
        SettingMistake mistake = Assert.Single(Read(("Hls:WindowSeconds", "11.9"), ("Hls:SegmentSeconds", "4")).Mistakes);

        Assert.Equal("Hls:WindowSeconds", mistake.Key);
        Assert.Contains("12 s", mistake.Allowed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Ladder:Renditions:0:Height", "480")]
    [InlineData("Ladder:Renditions:0:VideoBitrateBps", "900000")]
    public void RenditionObject_WithAFieldLeftOut_SaysWhichOnesAreNeeded(string key, string value)
    {
        SettingsReading reading = Read(("Ladder:Renditions:0:Name", "mine"), (key, value));

        SettingMistake mistake = Assert.Single(reading.Mistakes);
        Assert.Equal("nothing", mistake.Seen);
        Assert.Contains("only the preset names do without", mistake.Allowed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Ingest:Keys:0", "swordfish has blanks")]
    [InlineData("Playback:Keys:0", "pässword-swordfish")]
    [InlineData("Operator:Keys:0", "swordfish\t")]
    public void Key_ThatCannotTravelInAHeader_IsReportedWithoutItsValue(string key, string value)
    {
        IReadOnlyList<SettingMistake> mistakes = Read((key, value)).Mistakes;

        Assert.DoesNotContain(mistakes, mistake => mistake.ToString().Contains("swordfish", StringComparison.Ordinal));
        Assert.Equal(value.TrimEnd() == "swordfish" ? 0 : 1, mistakes.Count);
    }

    [Fact]
    public void LadderWithNothingInIt_IsAMistake()
    {
        SettingMistake mistake = Assert.Single(Read(("Ladder:Renditions", ""), ("Ladder:Source", "never")).Mistakes);

        Assert.Equal("Ladder:Renditions", mistake.Key);
    }

    [Fact]
    public void DevTls_WithoutAnHttpsAddress_IsAMistake()
    {
        IConfigurationRoot configuration = Build(("urls", "http://127.0.0.1:8080"));

        SettingMistake mistake = Assert.Single(LiveSettingsReader.Read(configuration, devTls: true).Mistakes);
        Assert.Equal("--dev-tls", mistake.Key);
    }

    [Theory]
    [InlineData("SpillDirectory", "Hls")]
    [InlineData("Directory", "Recording")]
    public void Folder_ThatIsAFile_IsAMistake(string name, string section)
    {
        string file = typeof(SettingsMistakeTests).Assembly.Location;

        SettingMistake mistake = Assert.Single(Read(($"{section}:{name}", file)).Mistakes);
        Assert.Contains("which is a file", mistake.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public void Window_ThatMemoryShouldNotHold_IsAMistakeWithoutAFolderToSpillTo()
    {
        SettingMistake mistake = Assert.Single(Read(("Hls:WindowSeconds", "601")).Mistakes);

        Assert.Equal("Hls:WindowSeconds", mistake.Key);
        Assert.Contains("at most 600 s in memory", mistake.Allowed, StringComparison.Ordinal);
        Assert.Empty(Read(("Hls:WindowSeconds", "600")).Mistakes);
    }

    [Fact]
    public void SpillDirectory_ThatCanBeMade_IsTakenAndNotMadeByAsking()
    {
        string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

        Assert.Empty(Read(("Hls:WindowSeconds", "14400"), ("Hls:SpillDirectory", folder)).Mistakes);
        Assert.False(Directory.Exists(folder));
    }

    [Theory]
    [InlineData("Hls:SpillDirectory")]
    [InlineData("Recording:Directory")]
    public void Folder_WhereNothingCanBeWritten_IsAMistakeThatSaysWhy(string key)
    {
        // Root may write everywhere but here.
        SettingMistake mistake = Assert.Single(Read((key, "/proc/rivet")).Mistakes);

        Assert.Equal(key, mistake.Key);
        Assert.Contains("where nothing can be written", mistake.Seen, StringComparison.Ordinal);
    }

    private static SettingsReading Read(params (string Key, string Value)[] values) => LiveSettingsReader.Read(Build(values));

    private static IConfigurationRoot Build(params (string Key, string Value)[] values) => new ConfigurationBuilder()
        .AddInMemoryCollection(values.ToDictionary(value => value.Key, string? (value) => value.Value))
        .Build();
}
