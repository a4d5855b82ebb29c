using Rivet.Live.Configuration;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Live;

/// <summary>Small broadcasts whose keyframes lie in all kinds of places, published at the same time, once for all tests of alignment.</summary>
public sealed class AlignedBroadcasts : IAsyncLifetime, IDisposable
{
    /// <summary>By name: what makes the keyframes, 25 pictures a second.</summary>
    private static readonly Dictionary<string, string> Videos = new()
    {
        ["gop-1s"] = "-g 25 -bf 2",
        ["gop-2s"] = "-g 50",
        ["gop-2.5s"] = "-g 63",
        ["gop-10s"] = "-g 250",
        ["irregular"] = "-g 250 -force_key_frames 0,1.2,2,3.4,4,5.4,6,6.8,7.4,8.6,9.6,10",
    };

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, MasterPlaylist> _masters = [];
    private LiveServerHost? _host;

    internal LiveServerHost Host => _host ?? throw new InvalidOperationException("The broadcasts were not published.");

    /// <summary>A broadcast's master playlist as it stood at the end.</summary>
    internal MasterPlaylist MasterOf(string name) => _masters[name];

    /// <summary>A track of an ended broadcast, with its frames, segment by segment.</summary>
    internal async Task<(MediaPlaylist Playlist, IReadOnlyList<IReadOnlyList<DecodedFrame>> Segments)> ReadAsync(string name, string track)
    {
        MediaPlaylist playlist = await Host.Player.EndedAsync(MasterOf(name).PlaylistOf(track));
        string path = _folder.PathOf($"{name}-{track}.mp4");
        IReadOnlyList<long> offsets = await Host.Player.DownloadAsync(playlist.Segments, path);
        ILookup<int, DecodedFrame> bySegment = (await MediaFile.FramesAsync(path)).ToLookup(frame => offsets.Count(offset => offset <= frame.Offset) - 1);
        return (playlist, [.. Enumerable.Range(0, offsets.Count).Select(index => (IReadOnlyList<DecodedFrame>)[.. bySegment[index]])]);
    }

    /// <summary>The I-frame playlist of an ended broadcast's track, and a file of its init and pictures.</summary>
    internal async Task<(MediaPlaylist Playlist, string Path)> ReadKeyframesAsync(string name, string track)
    {
        MediaPlaylist playlist = await Host.Player.PlaylistAsync(new Uri(MasterOf(name).PlaylistOf(track), "iframes.m3u8"));
        string path = _folder.PathOf($"{name}-{track}-iframes.mp4");
        await Host.Player.DownloadAsync(playlist.Segments, path);
        return (playlist, path);
    }

    public async Task InitializeAsync()
    {
        LiveSettings settings = LiveServerHost.Light() with
        {
            Ladder = new LadderSettings
            {
                Renditions =
                [
                    new RenditionSettings("180p", 180, 300_000, MaxFrameRate: null, RenditionCodec.H264),
                    new RenditionSettings("90p", 90, 100_000, MaxFrameRate: null, RenditionCodec.H264),
                ],
            },
        };
        _host = await LiveServerHost.StartAsync(settings, output: null);
        await Task.WhenAll(Videos.Select(video => PublishAsync(video.Key, video.Value)));
    }

    public async Task DisposeAsync() => await Host.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    private async Task PublishAsync(string name, string video)
    {
        string programme = FfmpegPublisher.Programme("320x180", "25", 11, gop: 250, video);
        await using FfmpegPublisher publisher = FfmpegPublisher.Start(
            $"{programme} {FfmpegPublisher.ShortFragments} {Host.IngestUrl(name)}", output: null);
        int exitCode = await publisher.WaitForExitAsync();
        Assert.True(exitCode == 0, $"The publisher of {name} ended with {exitCode}: {publisher.Errors}\n{Host.Log}");
        MasterPlaylist master = await Host.Player.MasterAsync(name);
        await Host.Player.EndedAsync(master.PlaylistOf("90p"));
        lock (_masters)
        {
            _masters[name] = master;
        }
    }
}
