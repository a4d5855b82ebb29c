using System.Buffers.Binary;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Core.Boxes;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Recording;
using Rivet.Live.Core.Stats;
using Rivet.Live.Tests.Demuxing;
using Rivet.Live.Tests.Stats;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Recording;

/// <summary>One track of pictures that are nothing but a number: which of them are in which file, and what is said of the others.</summary>
public sealed class RecordingDirectoryTests : IAsyncLifetime, IDisposable
{
    private static readonly TrackDescription Other = SyntheticStream.Describe(TrackKind.Video, SyntheticStream.SampleEntry(BoxType.Avc3)) with { Timescale = 90000 };

    private readonly TemporaryFolder _disk = new();
    private readonly FragmentFactory _fragments = new();
    private readonly ManualTime _time = new();
    private readonly LogLines _log = new();
    private readonly FragmentBroadcasterRegistry _registry = new(NullLogger<FragmentBroadcasterRegistry>.Instance, TimeProvider.System);
    private readonly BroadcastSession _session = FragmentFactory.Session("live/a.b/c-d");
    private readonly FragmentBroadcaster _track;
    private readonly RecordingDirectory _directory;
    private readonly ILogger _logger;

    public RecordingDirectoryTests()
    {
        _logger = _log.CreateLogger("recordings");
        _directory = new RecordingDirectory(Root, _registry, _fragments.Pool, _time, _logger);
        _track = _registry.GetOrCreate(new TrackKey(_session.Broadcast, "480p"), TrackKind.Video, _session, "480p");
    }

    private string Root => _disk.PathOf("recordings");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _directory.DisposeAsync();
        _fragments.AssertAllReturned();
    }

    public void Dispose()
    {
        _disk.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task Track_FromItsFirstKeyframeToItsEnd_IsOneIndexedFile()
    {
        BroadcastRecording recording = Record();
        Publish(from: 3, count: 100);

        RecordingReport report = Assert.Single(await EndAsync(recording));

        string path = Path.Combine(Root, report.File);
        Assert.Matches(@"^live/a\.b/c-d/19700101T000000Z-[a-z0-9]{10}/480p\.mp4$", report.File);
        Assert.Equal((RecordingState.Finished, 3.12, new FileInfo(path).Length, 0L, 0.0, 0L), (report.State, report.Seconds, report.Bytes, report.Gaps, report.GapSeconds, report.FragmentsSkipped));
        Assert.Equal(["ftyp", "moov", "mdat"], RecordedPush.BoxesOf(WithoutLargeSize(path)).Select(static box => box.Type));

        // Keyframes are every 25th; what came before the first is not there.
        Assert.Equal(NumbersOf(22, 78), MediaOf(path));
        Assert.Equal(Enumerable.Range(0, 78).Select(static index => index * 3600L), FfmpegTool.Packets(path).Select(static packet => packet.Pts));
        Assert.Equal([path], Directory.GetFiles(Root, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Media_ThatIsAbsent_IsAGapAndTimesStayTrue()
    {
        BroadcastRecording recording = Record();
        Publish(from: 0, count: 50);
        _track.Publish(Fragment.Absence(FragmentFactory.Video, new MediaTime(50 * 3600, 90000), new MediaTime(60 * 3600, 90000), noticedAt: 1));
        Publish(from: 75, count: 25, isDiscontinuity: true);

        RecordingReport report = Assert.Single(await EndAsync(recording));

        Assert.Equal((4.0, 1L, 1.0), (report.Seconds, report.Gaps, report.GapSeconds));
        Assert.Equal(
            Enumerable.Range(0, 50).Concat(Enumerable.Range(75, 25)).Select(static number => number * 3600L),
            FfmpegTool.Packets(Path.Combine(Root, report.File)).Select(static packet => packet.Pts));
        Assert.Contains("4.0 s, 1 gaps (1.0 s), 0 fragments skipped", _log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Media_ThatWasToldAsAbsentAndCameAllTheSame_IsRecorded()
    {
        BroadcastRecording recording = Record();
        Publish(from: 0, count: 50);
        _track.Publish(Fragment.Absence(FragmentFactory.Video, new MediaTime(50 * 3600, 90000), new MediaTime(60 * 3600, 90000), noticedAt: 1));
        Publish(from: 50, count: 50);

        RecordingReport report = Assert.Single(await EndAsync(recording));

        Assert.Equal((4.0, 0L), (report.Seconds, report.Gaps));
        Assert.Equal(NumbersOf(0, 100), MediaOf(Path.Combine(Root, report.File)));
    }

    [Fact]
    public async Task Samples_ThatCameBefore_AreNotRecordedTwice()
    {
        BroadcastRecording recording = Record();
        Publish(from: 0, count: 60);
        Publish(from: 30, count: 70);

        RecordingReport report = Assert.Single(await EndAsync(recording));

        // The second 30 to 59 are dropped, and so are those that need them: up to the next keyframe.
        Assert.Equal((4.0, 1L, 0.6), (report.Seconds, report.Gaps, report.GapSeconds));
        Assert.Equal([.. NumbersOf(0, 60), .. NumbersOf(105, 25)], MediaOf(Path.Combine(Root, report.File)));
    }

    [Fact]
    public async Task Init_ThatChanges_BeginsTheNextFile()
    {
        BroadcastRecording recording = Record();
        Publish(from: 0, count: 60);
        Publish(from: 60, count: 60, track: Other);

        RecordingReport[] reports = await EndAsync(recording);

        Assert.Equal(["480p.mp4", "480p-2.mp4"], reports.Select(static report => Path.GetFileName(report.File)));
        Assert.Equal([2.4, 1.8], reports.Select(static report => report.Seconds));
        Assert.Equal(NumbersOf(0, 60), MediaOf(Path.Combine(Root, reports[0].File)));
        Assert.Equal(NumbersOf(75, 45), MediaOf(Path.Combine(Root, reports[1].File)));
    }

    [Fact]
    public async Task File_ThatExists_IsNotOverwritten()
    {
        BroadcastRecording recording = Record();
        string folder = Path.Combine(Root, "live/a.b/c-d", $"19700101T000000Z-{_session.SessionId}");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "480p.mp4"), "mine");
        Publish(from: 0, count: 50);

        Assert.Equal("480p-2.mp4", Path.GetFileName(Assert.Single(await EndAsync(recording)).File));
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(folder, "480p.mp4")));
    }

    [Fact]
    public async Task Disk_ThatTakesNothing_CostsWhatIsMissingAndIsToldOnce()
    {
        await File.WriteAllTextAsync(Root, "no folder yet");
        BroadcastRecording recording = Record();
        Publish(from: 0, count: 100);
        await Eventually.TrueAsync(() => _log.Text.Contains("Live playback goes on", StringComparison.Ordinal), "the trouble is told");
        await Eventually.TrueAsync(() => _fragments.Pool.LentPayloads < 30, "what could not be written is let go");
        File.Delete(Root);
        Publish(from: 100, count: 100);
        await Eventually.TrueAsync(() => recording.Files is [{ Report: not null }], "recording goes on");
        _time.Advance(TimeSpan.FromMinutes(2));
        Publish(from: 200, count: 100);

        RecordingReport report = Assert.Single(await EndAsync(recording));

        Assert.Equal(12.0, report.Seconds);
        Assert.Equal(1, report.Gaps);
        Assert.InRange(report.GapSeconds, 3, 6);
        int[] recorded = MediaOf(Path.Combine(Root, report.File));
        Assert.Equal(NumbersOf(300 - recorded.Length, recorded.Length), recorded);
        Assert.Equal(1, _log.Text.Split("What cannot be written").Length - 1);
        Assert.Equal(1, _log.Text.Split("takes recordings again").Length - 1);
    }

    [Fact]
    public async Task Disk_ThatHangs_HoldsUpNobodyAndCostsTheOldest()
    {
        using SemaphoreSlim hangs = new(0);
        using SemaphoreSlim turns = new(4);
        RecordingDisk disk = new(Root, turns, _time, _logger);
        using RecordingFolder folder = new(Root, _session);
        int hanging = 0;
        Task[] others = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() => disk.TryAsync(() =>
        {
            Interlocked.Increment(ref hanging);
            hangs.Wait(Eventually.Patience);
        })))];
        await Eventually.TrueAsync(() => Volatile.Read(ref hanging) == 4, "nobody else gets a turn");
        TrackRecorder recorder = new("480p", _track.Subscribe(new SubscriptionBound(10, 4096)), tape: null, folder, disk, _fragments.Pool);
        Task recording = Task.Run(() => recorder.RunAsync(static () => true, CancellationToken.None));

        Publish(from: 0, count: 20);
        await Eventually.TrueAsync(() => recorder.Files.Count == 1, "it has begun");
        Publish(from: 20, count: (25 * 60) - 20);
        await Eventually.TrueAsync(() => _fragments.Pool.LentPayloads < 25 * 14, "no more than the queue and a second wait");
        hangs.Release(4);
        await Task.WhenAll(others);
        _registry.Remove(_track);
        await recording;

        RecordingFile file = Assert.Single(recorder.Files);
        FieldsSeen seen = new();
        seen.Look(KnownStats.All with { Broadcasts = [KnownStats.All.Broadcasts[0] with { Recordings = [LiveStatsReader.Read(file.Report!)] }] });
        Assert.Empty(seen.Untold(FieldsOf.SlowDisk));
        Assert.Equal(60.0, file.Report!.Seconds);
        Assert.True(file.Report.FragmentsSkipped > 25 * 40, $"{file.Report.FragmentsSkipped} were skipped");
        Assert.InRange(file.Report.Gaps, 1, 2);
        Assert.Equal((25 * 60) - file.Samples, Math.Round(file.Report.GapSeconds * 25));
    }

    [Fact]
    public async Task Crash_LeavesWhatIsWholeAndTheNextStartIndexesIt()
    {
        // As a crash leaves it: the marker is there, nobody holds it, and the last fragment is cut off.
        string folder = Path.Combine(Root, "live/crashed/20260101T000000Z-abcdefghij");
        string path = Path.Combine(folder, "480p.mp4");
        Directory.CreateDirectory(folder);
        await GrowAsync(path, count: 100);
        await File.WriteAllTextAsync(Path.Combine(folder, RecordingFolder.MarkerName), "");
        await File.WriteAllTextAsync(path + IndexedMovie.UnfinishedEnding, "half");
        string finished = Path.Combine(folder, "finished.mp4");
        await File.WriteAllBytesAsync(finished, SyntheticStream.Init());
        long[] playable = [.. FfmpegTool.Packets(path).Select(static packet => packet.Pts)];

        await using RecordingDirectory next = new(Root, _registry, _fragments.Pool, _time, _logger);
        await next.WhenFinishedAsync().WaitAsync(Eventually.Patience);

        int[] kept = MediaOf(path);
        Assert.InRange(kept.Length, 70, 99);
        Assert.Equal(NumbersOf(0, kept.Length), kept);
        Assert.Equal(playable.Take(kept.Length), FfmpegTool.Packets(path).Select(static packet => packet.Pts));
        Assert.Equal(SyntheticStream.Init(), await File.ReadAllBytesAsync(finished));
        Assert.Equal([path, finished], Directory.GetFiles(folder).Order());
        Assert.Contains("left by a server that did not end well", _log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_ThatIsRecordedInAnotherProcess_IsLeftAlone()
    {
        BroadcastRecording recording = Record();
        Publish(from: 0, count: 50);
        await Eventually.TrueAsync(() => recording.Files is [{ Report: not null }], "it grows");
        await using RecordingDirectory other = new(Root, _registry, _fragments.Pool, _time, _logger);
        await other.WhenFinishedAsync().WaitAsync(Eventually.Patience);

        Assert.Equal(RecordingState.Growing, recording.Files[0].Report!.State);
        Assert.Equal(NumbersOf(0, 50), MediaOf(Path.Combine(Root, Assert.Single(await EndAsync(recording)).File)));
    }

    /// <summary>The numbers that <see cref="FragmentFactory"/> gave to pictures, from one on.</summary>
    private static IEnumerable<int> NumbersOf(int first, int count) => Enumerable.Range(first + 1, count);

    /// <summary>The numbers in a finished file, in their order.</summary>
    private static int[] MediaOf(string path)
    {
        byte[] bytes = WithoutLargeSize(path);
        (string _, int offset, int length) = RecordedPush.BoxesOf(bytes)[^1];
        return [.. bytes.AsSpan(offset + 16, length - 16).ToArray().Chunk(4).Select(static number => BitConverter.ToInt32(number))];
    }

    /// <summary>A finished file whose last box says its size in 32 bits.</summary>
    private static byte[] WithoutLargeSize(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int mdat = bytes.AsSpan().IndexOf("\0\0\0\u0001mdat"u8);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(mdat), bytes.Length - mdat);
        return bytes;
    }

    private BroadcastRecording Record() => _directory.Begin(_session, static track => track.Rendition);

    /// <summary>Pictures of 40 ms, a keyframe each second.</summary>
    private void Publish(int from, int count, TrackDescription? track = null, bool isDiscontinuity = false)
    {
        for (int number = from; number < from + count; number++)
        {
            _track.Publish(_fragments.One(number, number % 25 == 0, track, isDiscontinuity && number == from));
        }
    }

    private async Task<RecordingReport[]> EndAsync(BroadcastRecording recording)
    {
        _registry.Remove(_track);
        recording.End();
        await _directory.WhenFinishedAsync().WaitAsync(Eventually.Patience);
        return [.. recording.Files.Select(static file => file.Report!)];
    }

    /// <summary>A file that grew, and lost the end of its last fragment.</summary>
    private async Task GrowAsync(string path, int count)
    {
        using RecordingFolder folder = new(_disk.PathOf("grown"), _session);
        using SemaphoreSlim turns = new(1);
        RecordingDisk disk = new(Root, turns, _time, _logger);
        TrackRecorder recorder = new("480p", _track.Subscribe(SubscriptionBound.Default), tape: null, folder, disk, _fragments.Pool);
        Publish(0, count);
        _registry.Remove(_track);
        await recorder.RunAsync(static () => true, CancellationToken.None);
        File.Move(Assert.Single(recorder.Files).Path!, path);
        await using FileStream file = new(path, FileMode.Open);
        file.SetLength(file.Length - 5);
    }
}
