using Rivet.Live.HlsCheck.Playlists;

namespace Rivet.Live.HlsCheck.Watching;

/// <summary>What the suite asks that players seldom do.</summary>
internal enum ProbeKind
{
    Head,
    Gzip,
    Conditional,
    UnknownQuery,
    OldSequence,
    PartAlone,
    SequenceTooFar,
    PartTooFar,
    WholeSegment,
    RolledOver,
    LongestHold,
    Delta,
    DeltaV2,
    UnknownMedia,
    MediaRange,
    EndedDirectives,
    Steering,
}

/// <param name="Kind">What was asked.</param>
/// <param name="Before">The playlist as it was known before.</param>
/// <param name="Wanted">The place that the request named or stands for.</param>
/// <param name="Exchange">The answer.</param>
/// <param name="Answer">It, parsed; null where it is no playlist.</param>
/// <param name="Beside">A full playlist of the same state, for deltas; null for others.</param>
internal sealed record Probe(ProbeKind Kind, MediaPlaylist Before, Position Wanted, Exchange Exchange, MediaPlaylist? Answer, MediaPlaylist? Beside = null);
