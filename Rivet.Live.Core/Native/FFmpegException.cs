namespace Rivet.Live.Core.Native;

/// <summary>An FFmpeg function answered with an error: which one, the AVERROR number, and FFmpeg's own words for it.</summary>
internal sealed class FFmpegException : Exception
{
    public FFmpegException(string call, int error, string detail)
        : base($"{call} failed with {error} ({AvUtilFunctions.Describe(error)}): {detail}")
    {
        Call = call;
        Error = error;
    }

    public FFmpegException()
    {
    }

    public FFmpegException(string message)
        : base(message)
    {
    }

    public FFmpegException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The C function that failed.</summary>
    public string Call { get; } = "";

    /// <summary>The AVERROR number, negative.</summary>
    public int Error { get; }

    /// <summary>True where the bytes handed in were the fault, not the machine.</summary>
    public bool IsInvalidData => Error == AvUtilFunctions.AVERROR_INVALIDDATA;
}
