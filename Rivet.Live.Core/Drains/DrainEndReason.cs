namespace Rivet.Live.Core.Drains;

/// <summary>Why a drain stopped.</summary>
internal enum DrainEndReason
{
    /// <summary>The source track ended and everything was transcoded.</summary>
    TrackEnded,

    /// <summary>The transcoder's start threw; its other calls were never made.</summary>
    StartFailed,

    /// <summary>The runner was dropped.</summary>
    Aborted,
}
