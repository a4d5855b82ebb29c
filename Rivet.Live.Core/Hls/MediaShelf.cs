using System.Collections.Immutable;
using Rivet.Live.Core.Packaging;

namespace Rivet.Live.Core.Hls;

/// <summary>One track's media: gives out the bytes of inits, parts and segments, and drops them when their time is over.</summary>
/// <remarks>
/// Its clock is seconds of media since the track began, so that what has to stay for a time stays through stalls and behind the end. A part
/// can be fetched for three target durations after its tag left the playlist (RFC 8216bis 6.2.2), a segment for its own duration and that
/// of the longest playlist that listed it, an init for as long as a segment that needs it.
/// </remarks>
internal sealed class MediaShelf(HlsPlan plan) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, Part> _parts = [];
    private readonly Dictionary<long, ShelvedSegment> _segments = [];
    private readonly Dictionary<long, ReadOnlyMemory<byte>> _inits = [];

    // Oldest first: every segment there is, and those whose parts can still be fetched.
    private readonly Queue<ShelvedSegment> _all = new();
    private readonly Queue<ShelvedSegment> _withParts = new();
    private readonly List<Part> _growing = [];
    private int _oldestInit;
    private int _newestInit = -1;
    private double _clock;
    private double _longestPlaylist;
    private bool _isDisposed;

    public MediaBytes? OpenPart(long number)
    {
        lock (_lock)
        {
            return _parts.TryGetValue(number, out Part? part) ? new MemoryBytes(part.Payload.Share()) : null;
        }
    }

    /// <summary>A complete segment.</summary>
    public MediaBytes? OpenSegment(long mediaSequence)
    {
        lock (_lock)
        {
            return _segments.GetValueOrDefault(mediaSequence)?.Open();
        }
    }

    public MediaBytes? OpenInit(long number)
    {
        lock (_lock)
        {
            return _inits.TryGetValue(number, out ReadOnlyMemory<byte> init) ? new MemoryBytes(init) : null;
        }
    }

    public void AddInit(int number, ReadOnlyMemory<byte> init)
    {
        lock (_lock)
        {
            _inits[number] = init;
            _newestInit = number;
        }
    }

    /// <summary>A part of the segment that grows.</summary>
    public void Add(Part part)
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                part.Dispose();
                return;
            }

            _parts.Add(part.Number, part);
            _growing.Add(part);
            _clock += part.DurationSeconds;
        }
    }

    /// <summary>The parts added since the last segment are all of this one.</summary>
    public void Complete(SegmentHead head)
    {
        lock (_lock)
        {
            var segment = new ShelvedSegment(head, [.. _growing], _clock + plan.PartsListedSeconds + plan.PartsKeptSeconds);
            _growing.Clear();
            _segments[head.MediaSequence] = segment;
            _all.Enqueue(segment);
            _withParts.Enqueue(segment);
        }
    }

    /// <summary>Media time passes without media.</summary>
    public void Pass(double seconds)
    {
        lock (_lock)
        {
            _clock += seconds;
        }
    }

    /// <summary>A segment is no longer listed, and stays for a while.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="playlistSeconds">Duration of the playlist that listed it last.</param>
    public void Delisted(SegmentView segment, double playlistSeconds)
    {
        lock (_lock)
        {
            _longestPlaylist = Math.Max(_longestPlaylist, playlistSeconds);
            if (_segments.TryGetValue(segment.Head.MediaSequence, out ShelvedSegment? shelved))
            {
                shelved.Until = _clock + segment.DurationSeconds + _longestPlaylist;
            }
        }
    }

    /// <summary>Drops what nobody may ask for any more. Called when the playlist that no longer lists it is out.</summary>
    public void Tidy()
    {
        lock (_lock)
        {
            while (_withParts.TryPeek(out ShelvedSegment? oldest) && oldest.PartsUntil <= _clock)
            {
                Forget(_withParts.Dequeue().Parts);
            }

            while (_all.TryPeek(out ShelvedSegment? oldest) && oldest.Until <= _clock && oldest.PartsUntil <= _clock)
            {
                _segments.Remove(oldest.Head.MediaSequence);
                _all.Dequeue().Dispose();
            }

            int needed = _all.TryPeek(out ShelvedSegment? first) ? first.Head.InitNumber : _oldestInit;
            while (_oldestInit < Math.Min(needed, _newestInit))
            {
                _inits.Remove(_oldestInit++);
            }
        }
    }

    /// <summary>Gives all media back.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            foreach (ShelvedSegment segment in _all)
            {
                segment.Dispose();
            }

            _growing.ForEach(static part => part.Dispose());
            _growing.Clear();
            _all.Clear();
            _withParts.Clear();
            _segments.Clear();
            _parts.Clear();
            _inits.Clear();
        }
    }

    private void Forget(ImmutableArray<Part> parts)
    {
        foreach (Part part in parts)
        {
            _parts.Remove(part.Number);
        }
    }
}
