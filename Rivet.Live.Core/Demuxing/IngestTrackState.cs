using Rivet.Live.Core.Boxes;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Demuxing;

/// <summary>What is needed to read the fragments of one track.</summary>
/// <param name="track">The track.</param>
/// <param name="defaults">What its fragments leave out.</param>
/// <param name="shift">What its edit list adds to every presentation time, in ticks.</param>
internal sealed class IngestTrackState(IngestTrack track, Trex defaults, long shift)
{
    private SetsInBand _sets = new(track.Description);

    public uint TrackId => Track.TrackId;

    /// <summary>What its samples are now: what the moov says, or the parameter sets that came since.</summary>
    public TrackDescription Description => _sets.Current;

    /// <summary>What the moov says.</summary>
    public IngestTrack Track { get; private set; } = track;

    public Trex Defaults { get; } = defaults;

    public long Shift { get; } = shift;

    /// <summary>Where the next fragment begins if it does not say so itself; before the edit list's shift.</summary>
    public long NextDecodeTime { get; set; }

    /// <summary>Takes over from the state that an earlier moov made, where the track is still the same stream.</summary>
    public void Continue(IngestTrackState earlier)
    {
        if (earlier.Track.Description.IsSameStreamAs(Track.Description))
        {
            Track = earlier.Track;
            NextDecodeTime = earlier.NextDecodeTime;
            _sets = earlier._sets;
            _sets.AnnounceAnew();
        }
    }

    /// <summary>Looks at the next keyframe of a video track. True where another <see cref="Description"/> holds from it on.</summary>
    public bool Follow(ReadOnlySpan<byte> keyframe) => _sets.Follow(keyframe);

    /// <summary>A decode time of 32 bits with those that it has lost: at 48 kHz they turn over once a day.</summary>
    public long Unwrapped(uint time)
    {
        const uint upperQuarter = 0xC0000000;
        const uint lowerQuarter = 0x40000000;
        const long turn = 1L << 32;
        long turns = Math.Max(0, NextDecodeTime) / turn * turn;
        uint expected = (uint)NextDecodeTime;
        if (expected >= upperQuarter && time < lowerQuarter)
        {
            turns += turn;
        }
        else if (turns > 0 && expected < lowerQuarter && time >= upperQuarter)
        {
            turns -= turn;
        }

        return turns + time;
    }
}
