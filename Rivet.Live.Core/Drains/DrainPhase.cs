namespace Rivet.Live.Core.Drains;

/// <summary>Which of a transcoder's calls an exception came from.</summary>
internal enum DrainPhase
{
    Start,
    Fragment,
    Stop,
}
