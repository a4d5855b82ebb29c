using System.Security.Cryptography;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Broadcast;

/// <summary>One life of a broadcast, from its first publisher to its last playlist: its name, its timeline, its wall clock.</summary>
public sealed class BroadcastSession
{
    private readonly Lock _anchorLock = new();
    private (MediaTime Media, DateTimeOffset Wall)? _anchor;

    public BroadcastSession(BroadcastId broadcast, SegmentGrid grid, PartTarget parts, DateTimeOffset startedAt)
    {
        Broadcast = broadcast;
        Grid = grid;
        Parts = parts;
        StartedAt = startedAt;
        SessionId = RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 10);
    }

    public BroadcastId Broadcast { get; }

    /// <summary>Unique to this life, so that no cache serves an earlier one's media.</summary>
    public string SessionId { get; }

    public DateTimeOffset StartedAt { get; }

    /// <summary>Where segments begin, in every track alike.</summary>
    public SegmentGrid Grid { get; }

    /// <summary>How long parts are, in every track alike.</summary>
    public PartTarget Parts { get; }

    /// <summary>What holds for times of it, in every playlist alike.</summary>
    public DateRanges DateRanges { get; } = new();

    /// <summary>Ties the timeline to the wall clock, once: the first caller's word holds for the session.</summary>
    /// <param name="media">Start of the first fragment.</param>
    /// <param name="wall">When that was taken.</param>
    public void Anchor(MediaTime media, DateTimeOffset wall)
    {
        lock (_anchorLock)
        {
            _anchor ??= (media, wall);
        }
    }

    /// <summary>The wall clock of an instant of the timeline, to the millisecond; null before <see cref="Anchor"/>.</summary>
    public DateTimeOffset? WallClockOf(MediaTime media)
    {
        lock (_anchorLock)
        {
            return _anchor is (MediaTime origin, DateTimeOffset wall)
                ? wall.AddMilliseconds(Math.Round((media.Seconds - origin.Seconds) * 1000))
                : null;
        }
    }
}
