using Rivet.Live.Core.Boxes;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Demuxing;

/// <summary>Something that a publisher's bytes turned out to hold.</summary>
internal abstract record IngestEvent
{
    private IngestEvent()
    {
    }

    /// <summary>A moov is complete. A repeated one is told again; tracks that did not change keep their description.</summary>
    /// <param name="Tracks">In the order of the moov; at least one.</param>
    internal sealed record Init(IReadOnlyList<IngestTrack> Tracks) : IngestEvent;

    /// <summary>A video or audio track's part of a fragment is complete.</summary>
    /// <param name="TrackId">The publisher's number for the track.</param>
    /// <param name="Fragment">Whoever takes the event disposes it.</param>
    internal sealed record Media(uint TrackId, Fragment Fragment) : IngestEvent;

    /// <summary>An emsg, told behind the media that came with it; or an event of an event message track.</summary>
    /// <param name="Emsg">What it says. Of a track's event its time is in <paramref name="Start"/> only.</param>
    /// <param name="Start">When it happens, on the publisher's clock.</param>
    internal sealed record Message(Emsg Emsg, MediaTime Start) : IngestEvent;

    /// <summary>What follows is filler: the encoder has lost its own input (DASH-IF Ingest, brand <c>slat</c>).</summary>
    internal sealed record Filler : IngestEvent;

    /// <summary>The publisher's wall clock at the next fragment.</summary>
    internal sealed record Clock(Prft Reference) : IngestEvent;
}
