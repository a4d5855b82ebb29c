using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Hls;
using Rivet.Live.Core.Shelf;
using Rivet.Live.Tests.Hls;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Shelf;

/// <summary>A window that is longer than what memory holds: what lies on disk, and what a disk that fails costs.</summary>
public sealed class SpillTests : IAsyncLifetime, IDisposable
{
    private const string Session = "abcdefghij";

    /// <summary>A minute and a half of window; parts can be fetched for 12 s from the end of their segment.</summary>
    private static readonly HlsPlan Plan = new(0.5, 2, 90);

    private readonly TemporaryFolder _disk = new();
    private readonly PayloadPool _pool = new();
    private readonly ManualTime _time = new();
    private readonly LogLines _log = new();
    private readonly SpillDirectory _spill;
    private readonly SpillFolder _folder;
    private readonly MediaPlaylistBoard _board;
    private readonly BoardDriver _driver;

    public SpillTests()
    {
        _spill = new SpillDirectory(_disk.PathOf("spill"), _time, _log.CreateLogger("spill"));
        _folder = _spill.OpenFolder(Session);
        _board = new MediaPlaylistBoard("480p", Plan, static _ => [], spill: _folder);
        _driver = new BoardDriver(_board, _pool).Init(FragmentFactory.Video);
    }

    private string Folder => SpillFolder.PathOf(_disk.PathOf("spill"), Session);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _board.Dispose();
        _folder.Dispose();
        await _spill.DisposeAsync();
        Assert.False(Directory.Exists(Folder));
        Assert.Equal((0L, 0L), (_pool.LentPayloads, _pool.LentBytes));
    }

    public void Dispose()
    {
        _disk.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task Segments_BehindTheirParts_LieOnDiskAndAreServedFromThere()
    {
        await PublishAsync(40);
        _driver.Segment().Parts(1);
        await OnDiskAsync(32);

        Assert.True(_pool.LentPayloads <= 4 * 10, $"{_pool.LentPayloads} parts are in memory");
        Assert.Equal(40, _board.Current.Segments.Count(static segment => segment.IsComplete));
        Assert.Equal(40 * 4, await CountListedPartsAsync());
        Assert.Equal((_pool.LentBytes, Directory.GetFiles(Folder, "*.m4s").Sum(static file => new FileInfo(file).Length)), _board.Bytes);
        using MediaBytes third = (await OpenAsync(3))!;
        byte[] whole = BytesOf(3);
        Assert.Equal(whole[100..250], await third.ReadAsync(100, 150));
        Assert.Equal(whole[^1..], await third.ReadAsync(whole.Length - 1, 1));
    }

    [Fact]
    public async Task Segment_WhoseTimeIsOverWhileItIsSent_StaysWholeForThatReader()
    {
        await PublishAsync(20);
        using MediaBytes sending = (await OpenAsync(0))!;

        await PublishAsync(100);
        await Eventually.TrueAsync(() => !File.Exists(Path.Combine(Folder, "480p-0.m4s")), "its file is removed");

        Assert.Null(await OpenAsync(0));
        Assert.Equal(BytesOf(0), await sending.ReadAsync(0, sending.Length));
    }

    [Fact]
    public async Task Disk_ThatTakesNothing_ShortensTheWindowToWhatMemoryHoldsUntilItWorks()
    {
        await PublishAsync(20);
        Directory.Move(_disk.PathOf("spill"), _disk.PathOf("gone"));
        await File.WriteAllTextAsync(_disk.PathOf("spill"), "no folder any more");

        int lost = 0;
        for (int made = 0; made < 60; made++)
        {
            _driver.Segments(1);
            lost += await CountLostAsync();
        }

        // What the disk took with it, once each, and nothing of what came later.
        Assert.InRange(lost, 1, 14);
        Assert.Equal(0, await CountLostAsync());
        double listed = _board.Current.Segments.Sum(static segment => segment.DurationSeconds);
        Assert.InRange(listed, 12, MediaShelf.WaitingSecondsMax + 20);
        Assert.True(_pool.LentPayloads <= 4 * 25, $"{_pool.LentPayloads} parts are in memory");
        Assert.Equal(1, _log.Text.Split("Hls:SpillDirectory").Length - 1);

        File.Delete(_disk.PathOf("spill"));
        await Eventually.TrueAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                _driver.Segments(1);
                return _board.Bytes.OnDisk > 0 && _log.Text.Contains("takes segments again", StringComparison.Ordinal);
            },
            "segments go to the disk that is back");
        Assert.Equal(2, _log.Text.Split("Hls:SpillDirectory").Length - 1);
    }

    [Fact]
    public async Task Readers_WhileSegmentsSpillAndGo_FindEverythingThatIsListed()
    {
        using CancellationTokenSource done = new();
        CancellationToken untilDone = done.Token;
        Task<int>[] readers = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            int read = 0;
            while (!untilDone.IsCancellationRequested)
            {
                PlaylistSnapshot state = _board.Current;
                foreach (SegmentView segment in state.Segments.Where(static segment => segment.IsComplete))
                {
                    using MediaBytes? media = await OpenAsync(segment.Head.MediaSequence);

                    // Gone only where this reader slept for as long as a delisted segment stays.
                    Assert.True(media is not null || _board.Current.Segments[0].Head.MediaSequence > segment.Head.MediaSequence + 40);
                    Assert.True(media is null || (await media.ReadAsync(0, media.Length)).AsSpan().SequenceEqual(BytesOf(segment.Head.MediaSequence)));
                    read++;
                }
            }

            return read;
        }))];
        await PublishAsync(300);

        _driver.End();
        await done.CancelAsync();
        Assert.All(await Task.WhenAll(readers).WaitAsync(Eventually.Patience), static read => Assert.True(read > 0));
    }

    [Fact]
    public async Task Start_RemovesWhatACrashedRunLeftAndNothingElse()
    {
        string root = _disk.PathOf("spill");
        string crashed = SpillFolder.PathOf(root, "crashed");
        string living = SpillFolder.PathOf(root, "living");
        string foreign = SpillFolder.PathOf(root, "no-marker");
        string other = Path.Combine(root, "holiday-pictures");
        foreach (string folder in new[] { crashed, living, foreign, other })
        {
            Directory.CreateDirectory(folder);
            await File.WriteAllTextAsync(Path.Combine(folder, "source-1.m4s"), "media");
        }

        await File.WriteAllTextAsync(Path.Combine(crashed, SpillFolder.MarkerName), "");
        await File.WriteAllTextAsync(Path.Combine(other, SpillFolder.MarkerName), "");
        await using FileStream held = new(Path.Combine(living, SpillFolder.MarkerName), FileMode.Create, FileAccess.ReadWrite, FileShare.None);

        await using SpillDirectory next = new(root, _time, _log.CreateLogger("next"));

        await Eventually.TrueAsync(() => !Directory.Exists(crashed), "the crashed run's folder is removed");
        Assert.All(new[] { living, foreign, other }, static folder => Assert.True(File.Exists(Path.Combine(folder, "source-1.m4s"))));
    }

    private static byte[] BytesOf(long mediaSequence) =>
        [.. Enumerable.Range((int)mediaSequence * 4, 4).SelectMany(static number => BoardDriver.BytesOf(number))];

    /// <summary>Whole segments, no faster than the disk takes them.</summary>
    private async Task PublishAsync(int segments)
    {
        for (int made = 0; made < segments; made++)
        {
            _driver.Segments(1);
            await Eventually.TrueAsync(() => _board.Bytes.InMemory <= 9 * BytesOf(6).Length, "what is no longer hot is on disk");
        }
    }

    private Task OnDiskAsync(int count) => Eventually.TrueAsync(
        () => Directory.Exists(Folder) && Directory.GetFiles(Folder, "*.m4s").Length == count && _pool.LentPayloads <= 4 * 10, $"{count} segments are on disk");

    private Task<MediaBytes?> OpenAsync(long mediaSequence) => _board.OpenSegmentAsync(mediaSequence, CancellationToken.None).AsTask();

    /// <summary>Listed segments that cannot be fetched.</summary>
    private async Task<int> CountLostAsync()
    {
        int lost = 0;
        foreach (SegmentView segment in _board.Current.Segments.Where(static segment => segment.IsComplete))
        {
            using MediaBytes? media = await OpenAsync(segment.Head.MediaSequence);
            lost += media is null ? 1 : 0;
        }

        return lost;
    }

    private async Task<int> CountListedPartsAsync()
    {
        int parts = 0;
        foreach (SegmentView segment in _board.Current.Segments.Where(static segment => segment.IsComplete))
        {
            MediaBytes? media = await OpenAsync(segment.Head.MediaSequence);
            Assert.Equal(BytesOf(segment.Head.MediaSequence), await media!.ReadAsync());
            parts += segment.PartCount;
        }

        return parts;
    }
}
