using System.IO.Pipelines;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Demuxing;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ingest;

/// <summary>One stream of a publisher's bytes, in one body or in several one after the other: reads fragments and publishes them.</summary>
internal sealed class IngestSession : IDisposable
{
    private readonly Publisher _publisher;
    private readonly SecondPublisher? _second;
    private PublishedStream? _stream;
    private IReadOnlyList<IngestTrack> _announced = [];
    private readonly TimeProvider _time;
    private readonly FragmentReader _reader;
    private readonly List<IngestEvent> _events = [];
    private readonly HashSet<IngestEvent.Media> _published = new(ReferenceEqualityComparer.Instance);
    private long _heardAt;
    private bool _holds;

    /// <summary>A publisher that sends everything in one body.</summary>
    public IngestSession(
        PublishingPoint point,
        Publisher publisher,
        FragmentBroadcasterRegistry registry,
        PayloadPool pool,
        IngestLimits limits,
        TimeProvider time)
        : this(publisher, new Publication(point, registry, time).Open(""), pool, limits, time)
    {
    }

    public IngestSession(Publisher publisher, PublishedStream stream, PayloadPool pool, IngestLimits limits, TimeProvider time)
    {
        _publisher = publisher;
        _stream = stream;
        _time = time;
        _reader = new FragmentReader(pool, limits);
        publisher.Await(_heardAt = time.GetTimestamp());
    }

    /// <summary>A publisher that comes while another one is there: its first fragment shows what becomes of it.</summary>
    public IngestSession(Publisher publisher, SecondPublisher second, PayloadPool pool, IngestLimits limits, TimeProvider time)
    {
        _publisher = publisher;
        _second = second;
        _time = time;
        _reader = new FragmentReader(pool, limits);
        publisher.Await(_heardAt = time.GetTimestamp());
    }

    /// <summary>Bytes read.</summary>
    public long Bytes => _reader.Bytes;

    /// <summary>Fragments read, each track's on its own.</summary>
    public long Fragments => _reader.Fragments;

    /// <summary>The longest track's media, in seconds.</summary>
    public double DurationSeconds => _stream?.DurationSeconds ?? 0;

    /// <summary>What the publisher sends, as far as it said so.</summary>
    public IReadOnlyList<TrackDescription> Tracks => _stream?.Tracks ?? [];

    /// <summary>The last body ended where no fragment was under way.</summary>
    public bool IsBetweenFragments => _reader.IsBetweenFragments;

    /// <summary>The publisher said in the last body that nothing follows.</summary>
    public bool HasSaidLast => _reader.HasSaidLast;

    /// <summary>The last body had an init in it.</summary>
    public bool HasSeenInit { get; private set; }

    /// <summary>How long nothing has come though it was waited for.</summary>
    public TimeSpan Silence => Volatile.Read(ref _holds) ? TimeSpan.Zero : _time.GetElapsedTime(Interlocked.Read(ref _heardAt));

    /// <summary>Reads the one body to its end, publishing as fragments complete.</summary>
    /// <param name="body">The request's body.</param>
    /// <param name="idleLimit">A publisher silent for longer is gone.</param>
    /// <exception cref="IngestRejectedException">The bytes cannot be ingested.</exception>
    public async Task<IngestEndReason> RunAsync(PipeReader body, TimeSpan idleLimit)
    {
        IngestEndReason reason = await ReadBodyAsync(body, skip: 0, idleLimit, CancellationToken.None);
        if (reason == IngestEndReason.Finished && !_reader.IsBetweenFragments)
        {
            return IngestEndReason.Broken;
        }

        if (reason == IngestEndReason.Finished)
        {
            _stream?.Flush();
        }

        return reason;
    }

    /// <summary>The next body is a request of its own: its offsets count from its first byte, and what was half read is dropped.</summary>
    public void BeginBody()
    {
        if (!_reader.IsBetweenFragments)
        {
            _reader.DropHalfRead();
        }

        _reader.BeginBody();
        HasSeenInit = false;
    }

    /// <summary>Reads a body to its end, wherever that is.</summary>
    /// <param name="body">The request's body.</param>
    /// <param name="skip">Bytes at its beginning that are known already.</param>
    /// <param name="idleLimit">A publisher silent for longer is gone.</param>
    /// <param name="replaced">Another connection sends the same stream from here on.</param>
    /// <returns><see cref="IngestEndReason.Finished"/> where the body ended.</returns>
    /// <exception cref="IngestRejectedException">The bytes cannot be ingested.</exception>
    public async Task<IngestEndReason> ReadBodyAsync(PipeReader body, long skip, TimeSpan idleLimit, CancellationToken replaced)
    {
        using var idle = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, _publisher.Closing, replaced);
        try
        {
            while (true)
            {
                idle.CancelAfter(idleLimit);
                ReadResult read = await body.ReadAsync(stop.Token);
                idle.CancelAfter(Timeout.InfiniteTimeSpan);
                Hold();
                try
                {
                    long skipped = Math.Min(skip, read.Buffer.Length);
                    skip -= skipped;
                    _reader.Accept(read.Buffer.Slice(skipped), _time.GetTimestamp(), _events);
                }
                finally
                {
                    // Also what was complete before a refusal counts, and the pipe must know that nobody reads on.
                    body.AdvanceTo(read.Buffer.End);
                    try
                    {
                        await PublishEventsAsync(stop.Token);
                    }
                    finally
                    {
                        LetGo();
                    }
                }

                if (read.IsCompleted)
                {
                    return IngestEndReason.Finished;
                }
            }
        }
        catch (OperationCanceledException) when (_publisher.ClosedFor is not null)
        {
            return _publisher.ClosedFor.Value;
        }
        catch (OperationCanceledException) when (replaced.IsCancellationRequested)
        {
            return IngestEndReason.TakenOver;
        }
        catch (OperationCanceledException) when (idle.IsCancellationRequested)
        {
            return IngestEndReason.Idle;
        }
        catch (PublisherRefusedException)
        {
            return IngestEndReason.Occupied;
        }
        catch (IOException)
        {
            // By design: a publisher that vanishes is no fault of ours; the broadcast waits for it to come back.
            return IngestEndReason.Broken;
        }
    }

    public void Dispose() => _reader.Dispose();

    private void Hold()
    {
        Volatile.Write(ref _holds, true);
        _publisher.Hold();
    }

    private void LetGo()
    {
        Interlocked.Exchange(ref _heardAt, _time.GetTimestamp());
        _publisher.LetGo(_heardAt);
        Volatile.Write(ref _holds, false);
    }

    private async ValueTask PublishEventsAsync(CancellationToken over)
    {
        try
        {
            for (int next = 0; next < _events.Count && _publisher.ClosedFor is null; next++)
            {
                switch (_events[next])
                {
                    case IngestEvent.Init init:
                        HasSeenInit = true;
                        _announced = init.Tracks;
                        _stream?.Open(init.Tracks);
                        break;
                    case IngestEvent.Clock or IngestEvent.Filler or IngestEvent.Message:
                        _stream?.Note(_events[next]);
                        break;
                    case IngestEvent.Media media:
                        _stream ??= await FindPlaceAsync(media, over);
                        await _stream.Publication.WhenDrivenAsync(over);
                        next = PublishMedia(next);
                        break;
                }
            }
        }
        finally
        {
            // What was published is its broadcaster's; the rest, of a publisher that has been told to go, is nobody's.
            foreach (IngestEvent.Media left in _events.OfType<IngestEvent.Media>().Where(media => !_published.Contains(media)))
            {
                left.Fragment.Dispose();
            }

            _published.Clear();
            _events.Clear();
        }
    }

    private async Task<PublishedStream> FindPlaceAsync(IngestEvent.Media first, CancellationToken over)
    {
        PublishedStream place = await _second!.JudgeAsync(_announced, first, over) ?? throw new PublisherRefusedException();
        place.Open(_announced);
        return place;
    }

    /// <summary>Publishes the media up to the next init, and notes what was said beside it; returns the last event that was looked at.</summary>
    private int PublishMedia(int begin)
    {
        int end = _events.FindIndex(begin, static happened => happened is IngestEvent.Init);
        end = end < 0 ? _events.Count : end;
        _stream!.Publish([.. _events[begin..end].OfType<IngestEvent.Media>()], media => _published.Add(media));
        foreach (IngestEvent happened in _events[begin..end])
        {
            _stream.Note(happened);
        }

        return end - 1;
    }

    /// <summary>There is no place for what the publisher sends.</summary>
    private sealed class PublisherRefusedException : Exception;
}
