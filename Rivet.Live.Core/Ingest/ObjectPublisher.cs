using System.IO.Pipelines;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Demuxing;

namespace Rivet.Live.Core.Ingest;

/// <summary>A publisher that sends a request per track, per segment or per piece, over any number of connections: all of them are one publisher.</summary>
/// <remarks>It is there from its first body until it says that it is over, or nothing has come for so long that it is gone.</remarks>
internal sealed class ObjectPublisher(
    Publisher publisher, FragmentBroadcasterRegistry registry, PayloadPool pool, IngestLimits limits, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    private readonly Lock _stateLock = new();
    private readonly Dictionary<string, ObjectStream> _streams = [];
    private readonly ObjectGroups _groups = new();
    private readonly Dictionary<string, bool> _manifests = [];
    private Publication? _publication;
    private TaskCompletionSource? _quiet;
    private int _bodies = 1;
    private long _heardAt = time.GetTimestamp();
    private bool _broke;
    private bool _isGone;
    private IngestEndReason? _over;

    /// <summary>Bytes of all streams.</summary>
    public long Bytes => Streams.Sum(static stream => stream.Session.Bytes);

    /// <summary>Fragments of all streams.</summary>
    public long Fragments => Streams.Sum(static stream => stream.Session.Fragments);

    private ObjectStream[] Streams
    {
        get
        {
            lock (_stateLock)
            {
                return [.. _streams.Values];
            }
        }
    }

    /// <summary>Another body of the same publisher begins; who made it has begun the first. False once the publisher is gone.</summary>
    public bool TryBeginBody()
    {
        lock (_stateLock)
        {
            if (_isGone)
            {
                return false;
            }

            _bodies++;
            return true;
        }
    }

    /// <summary>A body is over: every one that was begun is ended.</summary>
    /// <param name="reason">How; <see cref="IngestEndReason.Rejected"/> where it could not be ingested.</param>
    public void EndBody(IngestEndReason reason)
    {
        lock (_stateLock)
        {
            if (--_bodies == 0)
            {
                _quiet?.TrySetResult();
            }

            _heardAt = time.GetTimestamp();
            _broke = reason is IngestEndReason.Broken or IngestEndReason.Rejected or IngestEndReason.Idle;
        }
    }

    /// <summary>Reads an object's bytes. The body was begun.</summary>
    /// <param name="point">Where they are published.</param>
    /// <param name="name">The object; <see cref="ObjectName.Whole"/> for a piece of one long stream.</param>
    /// <param name="body">Its bytes.</param>
    /// <param name="from">Where in the stream a piece begins; null where its request does not say so.</param>
    /// <param name="idleLimit">A body silent for longer is given up.</param>
    /// <exception cref="IngestRejectedException">The bytes cannot be ingested.</exception>
    public async Task<(IngestEndReason Reason, IngestSession Session)> TakeAsync(
        PublishingPoint point, ObjectName name, PipeReader body, long? from, TimeSpan idleLimit)
    {
        ObjectStream stream = StreamOf(point, name);
        long known = stream.Session.Bytes - (from ?? stream.Session.Bytes);
        if (known < 0)
        {
            throw new IngestRejectedException(
                IngestRejectReason.RangeGap,
                $"Content-Range begins at byte {from}, but only {stream.Session.Bytes} have come. Send every byte once, in order, or one long body.",
                stream.Session.Bytes,
                string.Empty);
        }

        bool isFirst = stream.Session.Bytes == 0;
        IngestEndReason reason = await stream.TakeAsync(name, body, known, idleLimit);

        // One piece with everything in it is a whole file: nothing follows.
        bool isWholeFile = name == ObjectName.Whole && isFirst && stream.Session is { IsBetweenFragments: true, Fragments: > 0 };
        if (reason == IngestEndReason.Finished && (isWholeFile || AllAreOver()))
        {
            SayOver();
        }

        return (reason, stream.Session);
    }

    /// <summary>Takes in what a manifest says. The body was begun.</summary>
    public void Take(ObjectName name, PushedManifest manifest)
    {
        lock (_stateLock)
        {
            _groups.Learn(manifest);
            if (_manifests.Count < limits.MaxTracks || _manifests.ContainsKey(name.Text))
            {
                _manifests[name.Text] = manifest.IsOver;
            }

            publisher.Dialect = name.Text.EndsWith(".mpd", StringComparison.Ordinal) ? "dash-objects" : "hls-objects";
            if (manifest.IsOver && _manifests.Values.All(static isOver => isOver))
            {
                _over ??= IngestEndReason.Finished;
            }
        }
    }

    /// <summary>Completes when the publisher is gone: it said so, it was told to go, or nothing came.</summary>
    /// <param name="idleLimit">A publisher silent for longer is gone.</param>
    /// <param name="stopping">Ends the waiting.</param>
    public async Task<IngestEndReason> RunAsync(TimeSpan idleLimit, CancellationToken stopping)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping, publisher.Closing);
        try
        {
            while (!TryGo(idleLimit))
            {
                await Task.Delay(Poll, time, stop.Token);
            }

            return _over!.Value;
        }
        catch (OperationCanceledException)
        {
            // By design: what is under way sees that the publisher is closed, and ends by itself.
            publisher.Close(IngestEndReason.Closed);
            await WhenQuietAsync();
            return publisher.ClosedFor ?? IngestEndReason.Closed;
        }
    }

    public void Dispose()
    {
        foreach (ObjectStream stream in Streams)
        {
            stream.Dispose();
        }
    }

    /// <summary>True when nothing is under way and nothing more will be.</summary>
    private bool TryGo(TimeSpan idleLimit)
    {
        lock (_stateLock)
        {
            if (_bodies > 0)
            {
                return false;
            }

            bool seemsOver = _streams.Count > 0 && _streams.Values.All(static stream => stream.SeemsOver);
            TimeSpan patience = _broke ? limits.BrokenObject : seemsOver ? limits.AfterWholeTracks : idleLimit;
            if (time.GetElapsedTime(_heardAt) > (patience < idleLimit ? patience : idleLimit))
            {
                _over ??= _broke ? IngestEndReason.Broken : seemsOver ? IngestEndReason.Finished : IngestEndReason.Idle;
            }

            return _isGone = _over is not null;
        }
    }

    /// <summary>Lets no body begin any more; completes when the last one has ended.</summary>
    private Task WhenQuietAsync()
    {
        lock (_stateLock)
        {
            _isGone = true;
            _over ??= IngestEndReason.Closed;
            if (_bodies == 0)
            {
                return Task.CompletedTask;
            }

            _quiet = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _quiet.Task;
        }
    }

    private ObjectStream StreamOf(PublishingPoint point, ObjectName name)
    {
        lock (_stateLock)
        {
            string key = _groups.StreamOf(name);
            if (_streams.TryGetValue(key, out ObjectStream? stream))
            {
                return stream;
            }

            if (_streams.Count == limits.MaxTracks || _groups.Count > limits.MaxObjectNames)
            {
                throw new IngestRejectedException(
                    IngestRejectReason.TooManyTracks,
                    $"'{name}' would be a track beside {limits.MaxTracks} others, the most that one broadcast may have. Number segments at the end of their names.",
                    0,
                    string.Empty);
            }

            bool isAppended = name == ObjectName.Whole;
            _publication ??= new Publication(point, registry, time, isAppended ? TimeSpan.Zero : limits.PatienceForVideo);
            stream = new ObjectStream(new IngestSession(publisher, _publication.Open(key), pool, limits, time), isAppended, limits);
            _streams.Add(key, stream);
            return stream;
        }
    }

    private bool AllAreOver()
    {
        lock (_stateLock)
        {
            return _streams.Values.Any(static stream => stream.IsOver)
                && _streams.Values.All(static stream => stream.IsOver || stream.Session.Fragments == 0);
        }
    }

    private void SayOver()
    {
        lock (_stateLock)
        {
            _over ??= IngestEndReason.Finished;
        }
    }
}
