using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ladder;

/// <summary>One rendition as the track that it is published as.</summary>
internal sealed class RenditionOutput(Rendition rendition, TranscoderContext context) : IDisposable
{
    private readonly Queue<Fragment> _absences = new();
    private FragmentBroadcaster? _output;
    private TrackDescription? _track;
    private MediaTime? _end;
    private MediaTime? _shown;
    private bool _marksDiscontinuity;

    /// <summary>Ticks per second of what is published; null before the first encoder.</summary>
    public int? Timescale => _track?.Timescale;

    /// <summary>Until when media was published or told as absent; null before the first.</summary>
    public MediaTime? End => _end;

    /// <summary>The init that what comes next needs.</summary>
    public void Use(TrackDescription track)
    {
        if (_track is not null && _track.IsSameStreamAs(track))
        {
            return;
        }

        _marksDiscontinuity |= _track is not null;
        _track = track;
        context.Progress.Track = track;
    }

    /// <summary>Goes on behind what others have published.</summary>
    public void Resume(PublishedMedia? published)
    {
        if (published is not null)
        {
            Use(published.Track);
            Open();
            _end = published.End;
        }
    }

    /// <summary>What is published next does not continue what was published last.</summary>
    public void MarkDiscontinuity() => _marksDiscontinuity = true;

    /// <param name="picture">Which picture of the source it was.</param>
    /// <param name="ticks">How long it is shown.</param>
    /// <param name="sample">Taken over.</param>
    public void Publish(LadderPicture picture, int ticks, EncodedSample sample)
    {
        var coded = new Sample(sample.PresentationTime, 0, ticks, sample.IsKeyframe, 0, sample.Payload.Memory.Length);
        Open().Publish(new Fragment(_track!, [coded], sample.Payload, picture.Timing.Arrival)
        {
            IsDiscontinuity = _marksDiscontinuity,
            DecodedAt = picture.DecodedAt,
        });
        _marksDiscontinuity = false;
        context.Progress.CountDuplicated(_shown is { } shown && picture.Time <= shown ? 1 : 0);
        _shown = picture.Time;
        _end = new MediaTime(coded.DecodeEnd, picture.Source.Timescale);
        context.Progress.CountPublished(coded, picture.Source.Timescale);
        if (picture.StartsChunk)
        {
            context.Progress.CountChunk();
        }
    }

    /// <summary>Keeps the news of absent media until everything that came before it is published.</summary>
    public void Queue(Fragment absence) => _absences.Enqueue(absence.Share());

    /// <summary>Publishes the news of media that is absent before a time; null for all there is. True where there was any.</summary>
    public bool PublishAbsences(MediaTime? until)
    {
        bool any = false;
        while (_absences.TryPeek(out Fragment? absence) && (until is not { } limit || absence.Start <= limit))
        {
            PublishAbsence(absence.Start, absence.End, absence.ReceivedAt);
            _absences.Dequeue();
            any = true;
        }

        return any;
    }

    /// <summary>There is no media there: told in its place, behind all that came before. Nobody is told before there was any.</summary>
    /// <param name="start">Where it begins; what was published before stands.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="noticedAt">When that was known.</param>
    public void PublishAbsence(MediaTime start, MediaTime end, long noticedAt)
    {
        MediaTime from = _end is { } published && published > start ? published : start;
        if (_output is not null && from < end)
        {
            _output.Publish(Fragment.Absence(_track!, from, end, noticedAt));
            _end = end;
        }
    }

    /// <summary>The rendition has lost its encoders: what its source has until then is absent here.</summary>
    public void PublishAbsenceUntil(MediaTime end, long noticedAt)
    {
        if (_end is { } published)
        {
            PublishAbsence(published, end, noticedAt);
        }
    }

    public void Dispose()
    {
        if (_output is not null)
        {
            context.Registry.Remove(_output);
        }
    }

    private FragmentBroadcaster Open() => _output ??= context.Registry.GetOrCreate(
        new TrackKey(context.Source.Key.Broadcast, rendition.Name), TrackKind.Video, context.Source.Session, rendition.Name, _track);
}
