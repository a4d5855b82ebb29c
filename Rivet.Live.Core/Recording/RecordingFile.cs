using Microsoft.Win32.SafeHandles;
using Rivet.Live.Core.Boxes;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Packaging;

namespace Rivet.Live.Core.Recording;

/// <summary>One file that grows: the tables of contents in front, then fragments, each written whole. One track and its sound.</summary>
/// <remarks>
/// Its zero is when the first picture is shown; both tracks keep their own ticks behind it. Nothing is buffered here, so what was
/// written stays when the process is killed. Only its recorder calls it, in the disk's turns.
/// </remarks>
internal sealed class RecordingFile
{
    private readonly RecordingFolder _folder;
    private readonly long _zero;
    private readonly long _audioZero;
    private readonly Elst? _edit;
    private readonly RecordingCoverage _coverage;
    private readonly RecordingCoverage? _audioCoverage;
    private SafeFileHandle? _handle;
    private string? _path;
    private long _length;
    private uint _fragments;
    private RecordingReport? _report;

    /// <param name="folder">Where it will lie, once there is something to write.</param>
    /// <param name="name">What is recorded.</param>
    /// <param name="track">Its init.</param>
    /// <param name="first">Its first sample, which a decoder can begin with.</param>
    /// <param name="audio">The sound's init; null where there is none.</param>
    public RecordingFile(RecordingFolder folder, string name, TrackDescription track, in Sample first, TrackDescription? audio)
    {
        _folder = folder;
        Name = name;
        Track = track;
        Audio = audio;
        Start = new MediaTime(first.PresentationTime, track.Timescale);

        // Decode times begin at zero, where tfdt can say them; with B pictures the first one is shown later, and the edit says so.
        _zero = Math.Min(first.DecodeTime, first.PresentationTime);
        _edit = first.CompositionOffset > 0 ? new Elst(EmptyDuration: 0, first.CompositionOffset) : null;
        _coverage = new RecordingCoverage(track.Timescale);
        if (audio is not null)
        {
            _audioZero = Start.FloorTo(audio.Timescale).Ticks;
            _audioCoverage = new RecordingCoverage(audio.Timescale);
        }
    }

    public string Name { get; }

    public TrackDescription Track { get; }

    public TrackDescription? Audio { get; }

    /// <summary>When its zero is, on the broadcast's timeline.</summary>
    public MediaTime Start { get; }

    /// <summary>Full path; null while there is nothing written.</summary>
    public string? Path => Volatile.Read(ref _path);

    /// <summary>Samples of all tracks together.</summary>
    public long Samples => _coverage.Samples + (_audioCoverage?.Samples ?? 0);

    /// <summary>What is known of it; null while there is nothing written.</summary>
    public RecordingReport? Report => Volatile.Read(ref _report);

    /// <summary>Adds samples in decode order, all of them or, where that fails, none.</summary>
    /// <param name="pool">Lends the memory that they are put together in.</param>
    /// <param name="samples">Of the track.</param>
    /// <param name="audio">Of its sound.</param>
    /// <param name="skipped">Fragments that the recorder did not get so far.</param>
    /// <exception cref="IOException">The disk does not take it.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Append(PayloadPool pool, PartSample[] samples, PartSample[] audio, long skipped)
    {
        samples = Placed(samples, _zero);
        audio = Placed(audio, _audioZero);
        List<PayloadHold> fragments = [];
        try
        {
            uint number = _fragments;
            if (samples.Length > 0)
            {
                fragments.Add(PartWriter.Write(pool, ++number, Track.Kind, samples));
            }

            if (audio.Length > 0)
            {
                fragments.Add(PartWriter.Write(pool, ++number, TrackKind.Audio, audio, PartWriter.TrackId + 1));
            }

            Write(_length == 0
                ? [Header(), .. fragments.Select(static fragment => fragment.Memory)]
                : [.. fragments.Select(static fragment => fragment.Memory)]);
            _fragments = number;
        }
        finally
        {
            fragments.ForEach(static fragment => fragment.Dispose());
        }

        Array.ForEach(samples, sample => _coverage.Add(sample.Sample));
        Array.ForEach(audio, sample => _audioCoverage!.Add(sample.Sample));
        Tell(RecordingState.Growing, _length, skipped);
    }

    /// <summary>Nothing more comes.</summary>
    public void Close()
    {
        _handle?.Dispose();
        _handle = null;
        if (Report is { } report)
        {
            Volatile.Write(ref _report, report with { State = RecordingState.Finishing });
        }
    }

    /// <summary>It has its index, or will not get it.</summary>
    /// <param name="bytes">Its size; null where it is as it was.</param>
    public void Finished(long? bytes)
    {
        RecordingReport report = Report!;
        Volatile.Write(ref _report, report with { State = bytes is null ? RecordingState.Left : RecordingState.Finished, Bytes = bytes ?? report.Bytes });
    }

    private static PartSample[] Placed(PartSample[] samples, long zero) =>
        Array.ConvertAll(samples, sample => sample with { Sample = sample.Sample with { DecodeTime = sample.Sample.DecodeTime - zero } });

    private byte[] Header() => Audio is null ? InitSegmentWriter.WriteMovie(_edit, Track) : InitSegmentWriter.WriteMovie(_edit, Track, Audio);

    private void Write(ReadOnlyMemory<byte>[] pieces)
    {
        if (_handle is null)
        {
            (_handle, string path) = _folder.Create(Name);
            Volatile.Write(ref _path, path);
        }

        try
        {
            RandomAccess.Write(_handle, pieces, _length);
        }
        catch (Exception failure) when (failure is IOException or ArgumentOutOfRangeException)
        {
            // Half a fragment is no good to anybody who reads the file meanwhile.
            RandomAccess.SetLength(_handle, _length);

            // A file that is as long as the file system lets it be comes as the other exception.
            throw failure as IOException ?? new IOException(failure.Message, failure);
        }

        _length += pieces.Sum(static piece => (long)piece.Length);
    }

    private void Tell(RecordingState state, long bytes, long skipped) => Volatile.Write(ref _report, new RecordingReport(
        Name,
        _folder.RelativeOf(Path!),
        state,
        _coverage.Seconds,
        bytes,
        _coverage.Gaps + (_audioCoverage?.Gaps ?? 0),
        _coverage.GapSeconds + (_audioCoverage?.GapSeconds ?? 0),
        skipped));
}
