namespace Rivet.Live.Core.Pipeline;

/// <summary>Where a broadcast is in its life.</summary>
internal enum BroadcastState
{
    /// <summary>A publisher is there, no media yet.</summary>
    Starting,
    Live,

    /// <summary>The publisher's connection broke; the broadcast waits for it to come back.</summary>
    Interrupted,

    /// <summary>Nothing more will come.</summary>
    Ended,
}
