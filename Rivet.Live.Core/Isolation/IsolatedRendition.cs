using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Ladder;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Isolation;

/// <summary>One rendition that a child encodes: what comes back is published as its track, and remembered for the next child.</summary>
internal sealed class IsolatedRendition(Rendition rendition, TranscoderContext context, IRenditionLoads loads) : IDisposable
{
    // Guards everything below.
    private readonly Lock _renditionLock = new();
    private readonly RenditionLoad _load = loads.Join(context.Source.Key.Broadcast, rendition.Name);
    private readonly Queue<DrainPhase> _panics = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FragmentBroadcaster? _output;
    private PublishedMedia? _published;
    private MediaTime? _from;
    private bool _toldShed;

    public string Name => rendition.Name;

    /// <summary>Its source is too small for it, or no device encodes it: nothing has to be kept for it.</summary>
    public bool IsIdle { get; set; }

    public RenditionProgress Progress => context.Progress;

    /// <summary>Where a new child begins; null where with the first picture there is.</summary>
    public RenditionResume? Resume
    {
        get
        {
            lock (_renditionLock)
            {
                return _from is { } from ? new RenditionResume(from, _published) : null;
            }
        }
    }

    /// <summary>It gives way for now.</summary>
    public bool IsShed => _load.IsShed;

    /// <summary>Completes when the child's transcoder threw, or <see cref="Wake"/> was called.</summary>
    public Task Changed
    {
        get
        {
            lock (_renditionLock)
            {
                return _changed.Task;
            }
        }
    }

    /// <summary>What a child sent. True for media.</summary>
    /// <param name="fragment">Taken over.</param>
    public bool Publish(Fragment fragment)
    {
        lock (_renditionLock)
        {
            if (fragment.IsAbsence)
            {
                if (_output is not null)
                {
                    _published = new PublishedMedia(fragment.Track, fragment.End);
                    _from = fragment.End;
                    _output.Publish(fragment);
                }

                return false;
            }

            Sample sample = fragment.Samples[0];
            MediaTime shown = new(sample.PresentationTime, fragment.Track.Timescale);
            if (_from is { } from && shown < from)
            {
                Progress.Add(new RenditionCounters { FramesDuplicated = 1 }, []);
                fragment.Dispose();
                return false;
            }

            _output ??= context.Registry.GetOrCreate(
                new TrackKey(context.Source.Key.Broadcast, rendition.Name), TrackKind.Video, context.Source.Session, rendition.Name, fragment.Track);
            _published = new PublishedMedia(fragment.Track, fragment.End);
            _from = shown with { Ticks = shown.Ticks + 1 };
            Progress.Track = fragment.Track;
            _output.Publish(fragment);
            Progress.CountPublished(sample, fragment.Track.Timescale);
            return true;
        }
    }

    /// <summary>There is nothing until then: told to viewers, and a new child begins there.</summary>
    public void PassOver(MediaTime until, long noticedAt)
    {
        lock (_renditionLock)
        {
            if (_from is { } from && from >= until)
            {
                return;
            }

            _from = until;
            if (_published is { } published && published.End < until)
            {
                _published = published with { End = until };
                _output!.Publish(Fragment.Absence(published.Track, published.End, until, noticedAt));
            }
        }
    }

    private void Report(RenditionReport report)
    {
        Progress.Add(report.Counted, [.. report.EncodeMilliseconds]);
        Progress.IsShed = report.IsShed;
        Progress.IsDropped = report.IsShed && (_load.IsShed ? _load.IsDropped : Progress.IsDropped);
        Progress.Encoder = report.Encoder ?? Progress.Encoder;
        Progress.Device = report.Device ?? Progress.Device;
        Progress.QueuedChunks = report.QueuedChunks;
        if (report.State is RenditionState.Degraded or RenditionState.Failed)
        {
            Progress.State = report.State;
        }
    }

    /// <summary>What its child says of it.</summary>
    /// <exception cref="InvalidDataException">It is nothing that a child says.</exception>
    public void Take(RenditionMessage message)
    {
        switch (message)
        {
            case RenditionCosts costs:
                loads.Cost(_load, costs.PixelsPerSecond);
                break;
            case ChunkStarted started:
                loads.StartChunk(_load, started.BehindSeconds);
                break;
            case MediaLeftOut:
                loads.LeaveOut(_load);
                break;
            case PanicCaught caught:
                Panic(caught.Phase);
                break;
            case RenditionReported reported:
                Report(reported.Report);
                break;
            default:
                throw new InvalidDataException($"Saw {message.GetType().Name}, which is nothing that a child says.");
        }
    }

    /// <summary>The child is gone, and what it had not sent is encoded again.</summary>
    public void Lost()
    {
        if (!IsIdle)
        {
            Progress.CountRequeue();
            Progress.State = RenditionState.Degraded;
        }
    }

    /// <summary>True once for each wish of an operator that it gets a new encoder.</summary>
    public bool TakeRestart() => _load.TakeRestart();

    /// <summary>No child encodes it any more.</summary>
    public void GiveUp()
    {
        IsIdle = true;
        loads.Leave(_load);
        Progress.State = RenditionState.Failed;
    }

    /// <summary>True where it gives way, or does so no longer, and that was not said to the child at hand.</summary>
    public bool MustTellShed(out bool isShed)
    {
        isShed = _load.IsShed;
        bool must = isShed != _toldShed;
        _toldShed = isShed;
        return must;
    }

    /// <summary>The phase in which the child's transcoder threw, one after the other; null where none is left.</summary>
    public DrainPhase? TryTakePanic()
    {
        lock (_renditionLock)
        {
            if (_panics.Count == 0)
            {
                return null;
            }

            DrainPhase phase = _panics.Dequeue();
            if (_panics.Count == 0)
            {
                _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return phase;
        }
    }

    /// <summary>Completes <see cref="Changed"/>.</summary>
    public void Wake()
    {
        lock (_renditionLock)
        {
            _changed.TrySetResult();
        }
    }

    public void Dispose()
    {
        loads.Leave(_load);
        FragmentBroadcaster? output;
        lock (_renditionLock)
        {
            output = _output;
        }

        if (output is not null)
        {
            context.Registry.Remove(output);
        }
    }

    private void Panic(DrainPhase phase)
    {
        lock (_renditionLock)
        {
            _panics.Enqueue(phase);
            _changed.TrySetResult();
        }
    }
}
