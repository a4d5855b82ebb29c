namespace Rivet.Live.Core.Native;

/// <summary>How a codec answered a send or a receive.</summary>
internal enum AVCodecAnswer
{
    Done,

    /// <summary>EAGAIN: the other direction has to move first.</summary>
    NotNow,

    /// <summary>EOF: the codec was drained.</summary>
    Over,
}
