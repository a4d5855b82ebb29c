namespace Rivet.Live.Configuration;

/// <summary>How log lines are written.</summary>
internal enum LogFormat
{
    /// <summary>A line for people.</summary>
    Text,

    /// <summary>A line of JSON, with the event's id and fields.</summary>
    Json,
}
