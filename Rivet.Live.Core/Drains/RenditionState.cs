namespace Rivet.Live.Core.Drains;

/// <summary>How a rendition is doing.</summary>
internal enum RenditionState
{
    /// <summary>No sample published yet.</summary>
    Starting,
    Running,

    /// <summary>Publishing, but it lost media or rebuilt its encoder lately.</summary>
    Degraded,

    /// <summary>Cannot publish.</summary>
    Failed,

    /// <summary>The source ended and everything was published.</summary>
    Stopped,
}
