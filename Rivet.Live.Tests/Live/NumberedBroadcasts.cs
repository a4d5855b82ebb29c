using Rivet.Live.Configuration;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Live;

/// <summary>Small broadcasts of numbered pictures at all kinds of times, published at the same time, once for all tests of fidelity.</summary>
public sealed class NumberedBroadcasts : IAsyncLifetime, IDisposable
{
    /// <summary>Steps of 20 to 47 ms, and a hole of 200 ms after every fortieth picture.</summary>
    private const string Irregular = "-vf settb=1/90000,setpts=N*3000+300*mod(N*7\\,5)+18000*floor(N/40) -enc_time_base 1:90000 -video_track_timescale 90000";

    /// <summary>The one with a tone.</summary>
    public const string WithSound = "29.97";

    private static readonly Dictionary<string, NumberedPublisher> Publishers = new()
    {
        ["30"] = Publisher("30", 210, "-bf 0"),
        ["30-b-frames"] = Publisher("30", 210, "-bf 2"),
        [WithSound] = Publisher("30000/1001", 180, "-bf 0") with { HasSound = true },
        ["50-b-frames"] = Publisher("50", 300, "-bf 2"),
        ["irregular"] = Publisher("30", 180, "-bf 0 " + Irregular),
        ["studio/b/irregular-b-frames"] = Publisher("30", 180, "-bf 2 " + Irregular),
    };

    private readonly TemporaryFolder _folder = new();
    private LiveServerHost? _host;

    public static TheoryData<string> Names => [.. Publishers.Keys];

    internal LiveServerHost Host => _host ?? throw new InvalidOperationException("The broadcasts were not published.");

    /// <summary>The file of what left the publisher, byte for byte what the server was sent.</summary>
    internal string SentOf(string name) => PathOf(name, "sent");

    /// <summary>How many pictures were sent.</summary>
    internal static int CountOf(string name) => Publishers[name].Count;

    /// <summary>A file of all that a player was given of an ended broadcast's track.</summary>
    internal async Task<string> ReceivedAsync(string name, string track)
    {
        MasterPlaylist master = await Host.Player.MasterAsync(name);
        MediaPlaylist playlist = await Host.Player.EndedAsync(master.PlaylistOf(track));
        string path = PathOf(name, track);
        await Host.Player.DownloadAsync(playlist.Segments, path);
        return path;
    }

    /// <summary>A file for some media of a broadcast.</summary>
    internal string PathOf(string name, string what) => _folder.PathOf($"{name.Replace('/', '-')}-{what}.mp4");

    public async Task InitializeAsync()
    {
        LiveSettings settings = LiveServerHost.Light() with
        {
            Ladder = new LadderSettings
            {
                Renditions =
                [
                    new RenditionSettings("180p", 180, 300_000, MaxFrameRate: null, RenditionCodec.H264),
                    new RenditionSettings("120p", 120, 150_000, MaxFrameRate: null, RenditionCodec.H264),
                ],
            },
        };
        _host = await LiveServerHost.StartAsync(settings, output: null);
        await Task.WhenAll(Publishers.Select(publisher => PublishAsync(publisher.Key, publisher.Value)));
    }

    public async Task DisposeAsync() => await Host.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    private static NumberedPublisher Publisher(string rate, int count, string encoding) => new(320, 180, rate, count, $"-pix_fmt yuv420p -g 50 {encoding}");

    private async Task PublishAsync(string name, NumberedPublisher numbers)
    {
        await using FfmpegPublisher publisher = numbers.Start(Host.IngestUrl(name), SentOf(name), output: null);
        int exitCode = await publisher.WaitForExitAsync();
        Assert.True(exitCode == 0, $"The publisher of {name} ended with {exitCode}: {publisher.Errors}\n{Host.Log}");
    }
}
