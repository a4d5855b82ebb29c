namespace Rivet.Live.Hosting;

/// <summary>What the process says when it ends.</summary>
internal enum ExitCode
{
    /// <summary>After SIGINT or SIGTERM and a full drain, or a verb that found nothing wrong.</summary>
    Done = 0,

    /// <summary>Anything that has no number of its own.</summary>
    Failed = 1,

    /// <summary>The configuration has mistakes.</summary>
    Misconfigured = 2,

    /// <summary>No FFmpeg library that can be used.</summary>
    FfmpegMissing = 3,
}
