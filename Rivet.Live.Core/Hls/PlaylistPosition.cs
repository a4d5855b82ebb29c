namespace Rivet.Live.Core.Hls;

/// <summary>A place in a media playlist: a segment's number and a part of it.</summary>
/// <param name="MediaSequence">Segment.</param>
/// <param name="Part">Part of that segment, from 0.</param>
internal readonly record struct PlaylistPosition(long MediaSequence, int Part);
