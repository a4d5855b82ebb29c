namespace Rivet.Live.Core.Ingest;

/// <summary>Why a publisher's connection is over.</summary>
internal enum IngestEndReason
{
    /// <summary>The body ended between two fragments: the broadcast is over.</summary>
    Finished,

    /// <summary>The body ended, or the connection broke, where more had to come.</summary>
    Broken,

    /// <summary>The bytes could not be ingested.</summary>
    Rejected,

    /// <summary>Nothing came for longer than allowed.</summary>
    Idle,

    /// <summary>Another publisher took the broadcast over.</summary>
    TakenOver,

    /// <summary>Somebody else was sending the same track all the time.</summary>
    Occupied,

    /// <summary>An operator ended the broadcast, or the server drains.</summary>
    Closed,
}
