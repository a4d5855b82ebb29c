using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Drains;

/// <summary>Turns one source track into one rendition track. Its drain calls it, one call at a time, on a thread of its own.</summary>
/// <remarks>
/// An exception from any of the three calls is counted and logged by the drain and touches nothing else. Disposed last, whatever happened
/// before, also when no call was ever made: what was taken while it was built is given back there.
/// </remarks>
internal interface ITranscoder : IDisposable
{
    /// <summary>Called once, when the track's first init is known and before the first fragment. A throw ends the drain.</summary>
    void Start(TrackDescription track);

    /// <summary>
    /// Takes the next fragment, borrowed for the call; <see cref="Fragment.Track"/> tells of a changed init. The absence of media
    /// (<see cref="Fragment.IsAbsence"/>) is passed on in its place, behind all that came before.
    /// </summary>
    void Accept(Fragment fragment);

    /// <summary>
    /// What it waits for beside fragments; null where for nothing. When it completes, <see cref="Continue"/> is called unless a fragment came
    /// first. Never fails.
    /// </summary>
    Task? Pending { get; }

    /// <summary>What <see cref="Pending"/> stood for has come about: go on with what was left. Also after <see cref="Stop"/>.</summary>
    void Continue();

    /// <summary>
    /// Called once when the track has ended, if <see cref="Start"/> succeeded: flush what is inside. What cannot be done yet is done in
    /// <see cref="Continue"/>, until nothing is <see cref="Pending"/>.
    /// </summary>
    void Stop();
}
