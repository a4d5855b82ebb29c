using System.Text.Json;
using Rivet.Live.Configuration;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Configuration;

public sealed class LiveSettingsTests
{
    private static readonly string Manual = Path.Combine(Repository.Root, "Rivet.Live", "appsettings.json");

    [Fact]
    public void Manual_Alone_SaysTheBuiltInDefaults()
    {
        Assert.Equal(JsonSerializer.Serialize(new LiveSettings()), JsonSerializer.Serialize(Load([])));
    }

    [Fact]
    public void Renditions_NamedOnTheCommandLine_ReplaceTheManualsList()
    {
        LiveSettings settings = Load(["--Ladder:Renditions=480p,240p"]);

        Assert.Equal(
            [
                new RenditionSettings("480p", 480, 1_200_000, null, RenditionCodec.H264),
                new RenditionSettings("240p", 240, 400_000, null, RenditionCodec.H264),
            ],
            settings.Ladder.Renditions);
    }

    [Fact]
    public void Renditions_OneEntryGivenByNumber_ReplacesTheWholeList()
    {
        LiveSettings settings = Load(["--Ladder:Renditions:0=1080p"]);

        Assert.Equal("1080p", Assert.Single(settings.Ladder.Renditions).Name);
    }

    [Fact]
    public void Renditions_AsObjects_TakeWhatIsLeftOutFromPresetAndEncodingCodec()
    {
        LiveSettings settings = Load(
        [
            "--Encoding:Codec", "HEVC",
            "--Ladder:Renditions:0:Name=720p", "--Ladder:Renditions:0:VideoBitrateBps=3000000",
            "--Ladder:Renditions:1:Name=tiny-1", "--Ladder:Renditions:1:Height=120",
            "--Ladder:Renditions:1:VideoBitrateBps=90000", "--Ladder:Renditions:1:MaxFrameRate=14.985", "--Ladder:Renditions:1:Codec=h264",
        ]);

        Assert.Equal(
            [
                new RenditionSettings("720p", 720, 3_000_000, null, RenditionCodec.Hevc),
                new RenditionSettings("tiny-1", 120, 90_000, 14.985, RenditionCodec.H264),
            ],
            settings.Ladder.Renditions);
    }

    [Fact]
    public void Renditions_GivenAsAnEmptyList_AreNone()
    {
        Assert.Empty(Load(["--Ladder:Renditions="]).Ladder.Renditions);
    }

    [Fact]
    public void Sources_InRisingOrder_TheCommandLineWins()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, """
                // comments are fine
                { "Ingest": { "IdleSeconds": 7, "ReconnectSeconds": 8, "Keys": [ "one", "two" ] }, "Ladder": { "Renditions": [] } }
                """);
            LiveSettings settings = Load(["--config", file, "--Ingest:IdleSeconds", "9"]);

            Assert.Equal(TimeSpan.FromSeconds(9), settings.Ingest.Idle);
            Assert.Equal(TimeSpan.FromSeconds(8), settings.Ingest.Reconnect);
            Assert.Equal(["one", "two"], settings.Ingest.Keys);
            Assert.Empty(settings.Ladder.Renditions);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("all", null, null)]
    [InlineData("DEVICE:0", 0, null)]
    [InlineData("device:12", 12, null)]
    [InlineData("family:Nvidia", null, EncoderFamily.Nvidia)]
    [InlineData("family:software", null, EncoderFamily.Software)]
    internal void Policy_InItsGrammar_IsRead(string text, int? device, EncoderFamily? family)
    {
        Assert.Equal(new EncodingPolicy(device, family), Load(["--Encoding:Policy", text]).Encoding.Policy);
    }

    [Fact]
    public void EncoderOptions_OnTheCommandLine_AreTakenApart()
    {
        LiveSettings settings = Load(["--Encoding:Options=libx264:aq-mode=3,libx265:x265-params=aq-mode=2:rd=2", "--Encoding:Codec=av1", "--Encoding:ConstantQp=63"]);

        Assert.Equal(
            [new EncoderOptionSettings("libx264", "aq-mode", "3"), new EncoderOptionSettings("libx265", "x265-params", "aq-mode=2:rd=2")],
            settings.Encoding.Options);
        Assert.Equal(63, settings.Encoding.ConstantQp);
    }

    [Fact]
    public void Words_InAnyCase_AreRead()
    {
        LiveSettings settings = Load(["--Encoding:Fallback=Drop-Rendition", "--Encoding:Isolation=PROCESS", "--encoding:target=visually-lossless"]);

        Assert.Equal(EncodingFallback.DropRendition, settings.Encoding.Fallback);
        Assert.Equal(EncodingIsolation.Process, settings.Encoding.Isolation);
        Assert.Equal(EncodingTarget.VisuallyLossless, settings.Encoding.Target);
    }

    [Theory]
    [InlineData(new string[0], "http://127.0.0.1:8080")]
    [InlineData(new[] { "--dev-tls" }, "http://127.0.0.1:8080 https://127.0.0.1:8443")]
    [InlineData(new[] { "--urls", "http://*:80;http://[::1]:0" }, "http://*:80 http://[::1]:0")]
    [InlineData(new[] { "--urls=https://127.0.0.1:0", "--dev-tls" }, "https://127.0.0.1:0")]
    public void Listen_FromTheOptions_IsWhatWasAskedFor(string[] arguments, string urls)
    {
        Assert.Equal(urls.Split(' '), Load(arguments).Listen.Urls);
    }

    [Fact]
    public void Playback_WrittenOut_DoesNotTellItsSecret()
    {
        LiveSettings settings = Load(["--Playback:SigningSecret=swordfish", "--Playback:Keys=swordfish", "--Ingest:Keys=swordfish"]);

        Assert.Equal("swordfish", settings.Playback.SigningSecret);
        Assert.DoesNotContain("swordfish", settings.ToString(), StringComparison.Ordinal);
    }

    private static LiveSettings Load(string[] arguments)
    {
        LiveConfiguration configuration = LiveConfiguration.Load(CommandLine.Parse(arguments), Manual);
        Assert.Empty(configuration.Reading.Mistakes);
        Assert.True(configuration.Reading.TryGetSettings(out LiveSettings? settings));
        return settings;
    }
}
