namespace Rivet.Live.Tests.Conformance;

/// <summary>What happens to a broadcast while it is checked.</summary>
internal enum Course
{
    GoesOn,

    /// <summary>Its publisher is killed, and one with timestamps from zero comes in its place.</summary>
    Reconnects,

    /// <summary>Its publisher stands still, keeps its connection, and goes on.</summary>
    Stalls,

    /// <summary>Its publisher ends it while it is watched.</summary>
    Ends,
}

/// <summary>A broadcast that a real ffmpeg publishes and the checker watches.</summary>
/// <param name="Name">Of the broadcast.</param>
/// <param name="Publisher">What ffmpeg is told, up to the URL.</param>
/// <param name="Course">What happens meanwhile.</param>
internal sealed record CheckedBroadcast(string Name, string Publisher, Course Course);
