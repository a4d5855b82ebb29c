using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ladder;

/// <summary>The chunks ahead of one rendition that helpers have in hand, in order.</summary>
/// <remarks>
/// <code>
/// published ──▶ chunk at hand   │ helped, done │ helped, being encoded │ not whole yet
///               the rendition's │ held         │ held as it comes      │
/// </code>
/// Only the rendition publishes, and only what comes next: it meets a helped chunk when it reads a picture of it, publishes its samples as they
/// come, and goes on behind it. A chunk is taken strictly ahead of the picture that the rendition read last, under one lock with reading
/// it, so that no picture can be encoded by both. What a helper fails at, the rendition encodes when it gets there.
/// </remarks>
/// <param name="rendition">Which one.</param>
/// <param name="feeds">Where its pictures come from.</param>
/// <param name="limits">When it takes help, and how much.</param>
/// <param name="desk">Sends helpers.</param>
/// <param name="time">The clock that fragments are stamped with.</param>
internal sealed class RenditionHelp(Rendition rendition, SourceFeeds feeds, FeedLimits limits, HelpDesk desk, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan RestAfterFailure = TimeSpan.FromSeconds(1);

    // Guards everything below. Taken before the feeds' lock, never after.
    private readonly Lock _helpLock = new();
    private readonly List<HelpedChunk> _chunks = [];
    private readonly HashSet<EncoderDevice> _retired = [];
    private HelpRequest? _request;
    private LadderPicture? _at;
    private long? _failedAt;
    private int _helpers;
    private TaskCompletionSource? _left;
    private bool _isOver;

    public Rendition Rendition => rendition;

    /// <summary>How far behind its publisher the rendition is, in seconds.</summary>
    public double BehindSeconds
    {
        get
        {
            lock (_helpLock)
            {
                return _at?.BehindSeconds(time) ?? 0;
            }
        }
    }

    /// <summary>Completes when no helper is at work.</summary>
    public Task Left
    {
        get
        {
            lock (_helpLock)
            {
                return _helpers == 0 ? Task.CompletedTask : (_left ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
        }
    }

    /// <summary>Start of the first chunk that helpers have in hand; null where they have none.</summary>
    public MediaTime? FirstStart
    {
        get
        {
            lock (_helpLock)
            {
                return _chunks is [{ } first, ..] ? first.Start : null;
            }
        }
    }

    /// <summary>The rendition has an encoder: others can be opened that go with it.</summary>
    public void Describe(HelpRequest request)
    {
        lock (_helpLock)
        {
            _request = request;
        }
    }

    /// <summary>The rendition has read a picture. Where a helper has its chunk, that is what comes next.</summary>
    public HelpedChunk? Reach(LadderPicture picture)
    {
        lock (_helpLock)
        {
            if (At(picture.Time) is { } chunk)
            {
                return chunk;
            }

            _at = picture;
        }

        if (BehindSeconds > limits.HelpedAfter.TotalSeconds)
        {
            desk.Consider();
        }

        return null;
    }

    /// <summary>The rendition has published a helper's sample.</summary>
    public void Publish(LadderPicture picture)
    {
        lock (_helpLock)
        {
            _at = picture;
        }
    }

    /// <summary>The rendition is done with a chunk. Where a helper has the one behind it too, that is what comes next.</summary>
    public HelpedChunk? Leave(HelpedChunk chunk)
    {
        lock (_helpLock)
        {
            _chunks.Remove(chunk);
            return At(chunk.End);
        }
    }

    /// <summary>What a helper would ask the pool for; null where none is wanted.</summary>
    public EncoderNeed? Need()
    {
        lock (_helpLock)
        {
            bool isResting = _failedAt is { } failed && time.GetElapsedTime(failed) < RestAfterFailure;
            bool isWanted = !isResting && _at?.BehindSeconds(time) > limits.HelpedAfter.TotalSeconds && Next() is not null;
            return isWanted ? _request!.Need with { Retired = [.. _request.Need.Retired, .. _retired] } : null;
        }
    }

    /// <summary>The next whole chunk for a helper; null where there is none.</summary>
    public HelpedChunk? TryTake()
    {
        lock (_helpLock)
        {
            if (Next() is not { } next)
            {
                return null;
            }

            HelpedChunk chunk = new(next, _request!);
            _chunks.Add(chunk);
            return chunk;
        }
    }

    /// <summary>A reader of a chunk's pictures, which the caller disposes.</summary>
    public FeedReader Read(HelpedChunk chunk) => feeds.ReadChunk(rendition.Name, chunk.Start);

    /// <summary>A helper begins.</summary>
    public void Enter()
    {
        lock (_helpLock)
        {
            _helpers++;
        }
    }

    /// <summary>A helper failed: it is better not to send the next one at once.</summary>
    public void Fail(EncoderDevice device, EncoderFault fault)
    {
        lock (_helpLock)
        {
            _failedAt = time.GetTimestamp();
            if (fault is EncoderFault.Disagrees or EncoderFault.Refused)
            {
                _retired.Add(device);
            }
        }
    }

    /// <summary>A helper has given its lease back.</summary>
    public void Leave()
    {
        lock (_helpLock)
        {
            if (--_helpers == 0)
            {
                _left?.SetResult();
                _left = null;
            }
        }
    }

    /// <summary>What helpers have in hand is not wanted any more, and none is sent until the rendition reads on.</summary>
    public void Drop()
    {
        lock (_helpLock)
        {
            _at = null;
            _chunks.ForEach(static chunk => chunk.Drop());
            _chunks.Clear();
        }
    }

    /// <summary>No more help.</summary>
    public void Dispose()
    {
        desk.Leave(this);
        lock (_helpLock)
        {
            _isOver = true;
        }

        Drop();
    }

    private HelpedChunk? At(MediaTime time) => _chunks is [{ } first, ..] && first.Start <= time ? first : null;

    private SourceChunk? Next()
    {
        if (_isOver || _at is null || _request is null)
        {
            return null;
        }

        MediaTime behind = _chunks is [.., { } last] ? last.End with { Ticks = last.End.Ticks - 1 } : _at.Time;
        return feeds.ChunkAfter(behind) is { } chunk
            && chunk.Start.Timescale == _request.Settings.Timescale
            && _chunks.Sum(static held => held.Seconds) + chunk.Seconds <= limits.HeldMax.TotalSeconds
            ? chunk
            : null;
    }
}
