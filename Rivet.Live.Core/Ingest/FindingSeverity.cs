namespace Rivet.Live.Core.Ingest;

/// <summary>How much a <see cref="Finding"/> costs.</summary>
internal enum FindingSeverity
{
    /// <summary>Something could be better or could be known.</summary>
    Info,

    /// <summary>Viewers notice it.</summary>
    Warning,
}
