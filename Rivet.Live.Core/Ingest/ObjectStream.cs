using System.IO.Pipelines;
using Rivet.Live.Core.Demuxing;

namespace Rivet.Live.Core.Ingest;

/// <summary>One stream that comes in several bodies: they are read one after the other, whichever connections they come over.</summary>
/// <param name="session">Reads them.</param>
/// <param name="isAppended">The bodies are pieces of one: a box may go on in the next.</param>
/// <param name="limits">How long they wait for one another.</param>
internal sealed class ObjectStream(IngestSession session, bool isAppended, IngestLimits limits) : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    /// <summary>Names that are remembered: an encoder that was cut off sends its last three segments again at most (DASH-IF Ingest 5).</summary>
    private const int DoneKept = 8;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly List<string> _done = [];
    private CancellationTokenSource? _current;

    public IngestSession Session => session;

    /// <summary>Its publisher said that the track is over.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The last body had the track's init and its media: it is over, unless another one comes.</summary>
    public bool SeemsOver { get; private set; }

    /// <summary>Reads a body in its turn.</summary>
    /// <param name="name">Whose body: one that was taken whole before is stepped over.</param>
    /// <param name="body">The bytes.</param>
    /// <param name="known">Bytes of it that came before.</param>
    /// <param name="idleLimit">A publisher silent for longer is gone.</param>
    /// <returns><see cref="IngestEndReason.Finished"/> where the body is whole, <see cref="IngestEndReason.Broken"/> where it is cut off.</returns>
    /// <exception cref="IngestRejectedException">The bytes cannot be ingested.</exception>
    public async Task<IngestEndReason> TakeAsync(ObjectName name, PipeReader body, long known, TimeSpan idleLimit)
    {
        if (!await TakeTurnAsync())
        {
            return IngestEndReason.Occupied;
        }

        using CancellationTokenSource replaced = new();
        _current = replaced;
        try
        {
            if (!isAppended)
            {
                session.BeginBody();
            }

            IngestEndReason reason = await session.ReadBodyAsync(
                body, _done.Contains(name.Text) ? long.MaxValue : known, idleLimit, replaced.Token);
            if (reason == IngestEndReason.Finished && !isAppended && !session.IsBetweenFragments)
            {
                reason = IngestEndReason.Broken;
            }

            Note(name, reason);
            return reason;
        }
        finally
        {
            _current = null;
            _turn.Release();
        }
    }

    public void Dispose()
    {
        session.Dispose();
        _turn.Dispose();
    }

    private void Note(ObjectName name, IngestEndReason reason)
    {
        if (session.HasSeenInit)
        {
            // An encoder that begins anew has the same names again.
            _done.Clear();
        }
        else if (reason == IngestEndReason.Finished && !name.IsStream && !isAppended)
        {
            _done.Add(name.Text);
            _done.RemoveRange(0, Math.Max(0, _done.Count - DoneKept));
        }

        IsOver = reason == IngestEndReason.Finished && session.HasSaidLast;
        SeemsOver = reason == IngestEndReason.Finished && name.IsStream && session is { HasSeenInit: true, DurationSeconds: > 0 };
    }

    private async Task<bool> TakeTurnAsync()
    {
        for (TimeSpan waited = TimeSpan.Zero; waited < limits.BodyTurn; waited += Poll)
        {
            if (await _turn.WaitAsync(Poll))
            {
                return true;
            }

            if (session.Silence > limits.HungBody && _current is { } current)
            {
                await current.CancelAsync();
            }
        }

        return false;
    }
}
