namespace Rivet.Live.Core.Ingest;

/// <summary>Which kind of program publishes: what a setting is called depends on it.</summary>
internal enum EncoderProgram
{
    /// <summary>ffmpeg, and OBS, which sends with ffmpeg's libraries and says nothing else of itself.</summary>
    Ffmpeg,
    GStreamer,
    Browser,
    Unknown,
}
