namespace Rivet.Live.Core.Pipeline;

/// <summary>Why a publisher may not begin.</summary>
internal enum EnterRefusal
{
    /// <summary>The server is shutting down.</summary>
    Draining,

    /// <summary>Somebody else publishes that broadcast.</summary>
    AlreadyPublished,

    /// <summary>As many broadcasts are live as are allowed.</summary>
    TooManyBroadcasts,

    /// <summary>The devices have no room for another ladder, and running ones are not to suffer.</summary>
    NoCapacity,
}
