using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Ladder;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Isolation;

/// <summary>One broadcast's ladder, in a child that may be lost at any time: the compressed source is kept here until it is published, and the next child goes on there.</summary>
/// <remarks>
/// <code>
/// fragments ──┬─▶ log (until published by all) ──▶ a new child, from the first picture that was not published
///             └─▶ the child ──▶ renditions
/// </code>
/// Fragments go to the child on the thread that publishes them: the way is long enough without another thread that has to be woken.
/// </remarks>
internal sealed partial class IsolatedLadder : IDisposable
{
    private readonly IsolatedLadders _ladders;
    private readonly LadderRules _rules;
    private readonly FragmentBroadcaster _source;
    private readonly Action _closed;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TaskCompletionSource _flushed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _over = new();
    private readonly CancellationToken _stopping;
    private readonly ChildDeaths _deaths = new();

    // Guards everything below.
    private readonly Lock _ladderLock = new();
    private readonly SourceLog _log;
    private readonly List<IsolatedRendition> _renditions = [];
    private LadderOrder _order;
    private Child? _child;
    private ChildLeases? _leases;
    private long _lastOffered = -1;
    private long _lastSegment = -1;
    private int _members;
    private int _checksLeft;
    private bool _isOver;
    private bool _isCompleted;
    private bool _isGivenUp;
    private bool _awaitsKeyframe;

    /// <param name="ladders">What all ladders share.</param>
    /// <param name="rules">What it is told to do.</param>
    /// <param name="source">The broadcast's video.</param>
    /// <param name="closed">Called once, when the last rendition has left.</param>
    /// <param name="time">The machine's clock.</param>
    /// <param name="logger">Hears of children.</param>
    public IsolatedLadder(IsolatedLadders ladders, LadderRules rules, FragmentBroadcaster source, Action closed, TimeProvider time, ILogger logger)
    {
        _ladders = ladders;
        _rules = rules;
        _source = source;
        _closed = closed;
        _time = time;
        _logger = logger;
        _stopping = _over.Token;
        _log = new SourceLog(rules.Limits.KeptMax);
        _order = ladders.OrderFor(source.Session, rules);
        _ = Task.Run(() => StartAsync(TimeSpan.Zero));
        _ = Task.Run(WatchAsync);
        source.Relay(Hear);
    }

    /// <summary>Completes when everything that was offered is published, after <see cref="Complete"/>.</summary>
    public Task Flushed => _flushed.Task;

    /// <summary>The child at hand, and how many were lost before it.</summary>
    public IsolationReport Report
    {
        get
        {
            Child? child;
            lock (_ladderLock)
            {
                child = _child;
            }

            return new IsolationReport(child?.ProcessId, _deaths.All, child?.ResidentBytes);
        }
    }

    /// <summary>A rendition that the child encodes.</summary>
    public IsolatedRendition Join(IsolatedRendition rendition)
    {
        lock (_ladderLock)
        {
            _renditions.Add(rendition);
            _members++;
        }

        return rendition;
    }

    /// <summary>No more fragments: the child flushes. Every rendition's drain says so; the first one counts.</summary>
    public void Complete()
    {
        lock (_ladderLock)
        {
            if (_isCompleted)
            {
                return;
            }

            _isCompleted = true;
            _child?.Send(new SourceEnded());
            if (_isGivenUp || _awaitsKeyframe)
            {
                _flushed.TrySetResult();
            }
        }
    }

    /// <summary>A rendition needs nothing any more. With the last one the child ends.</summary>
    public void Leave()
    {
        bool isLast;
        lock (_ladderLock)
        {
            isLast = --_members == 0;
        }

        if (isLast)
        {
            Dispose();
        }
    }

    /// <summary>Ends the child, unless it ends by itself.</summary>
    public void Dispose()
    {
        Child? child;
        lock (_ladderLock)
        {
            _isOver = true;
            _log.Clear();
            child = _child;
        }

        _over.Cancel();
        _over.Dispose();
        _closed();
        if (!_flushed.Task.IsCompleted)
        {
            child?.Dispose();
        }
    }

    /// <summary>A fragment is published, here and now: nothing waits in here, and nothing is thrown.</summary>
    private void Hear(Fragment fragment)
    {
        using (fragment)
        {
            lock (_ladderLock)
            {
                try
                {
                    Accept(fragment);
                }
                catch (Exception bug)
                {
                    // By design: rule 6, it costs the child and not the publisher whose thread this is. The next child goes on from the log.
                    _child?.Kill($"it could not be told of a fragment: {bug}");
                }
            }
        }
    }

    private void Accept(Fragment fragment)
    {
        if (_isOver || _isCompleted)
        {
            return;
        }

        _lastOffered = fragment.Sequence;
        if (_isGivenUp)
        {
            PassOver(fragment.End);
            return;
        }

        LeaveOutThoseTooLarge(fragment.Track);
        _log.Append(fragment, Needed());
        if (_child is not null)
        {
            Send(_child, fragment);
        }
        else if (_awaitsKeyframe && fragment.StartsWithSync)
        {
            _awaitsKeyframe = false;
            PassOver(TimeOfFirst(fragment));
            StartSoon();
        }
    }

    /// <summary>The earliest picture that somebody has not published; null where one has not begun.</summary>
    private MediaTime? Needed()
    {
        MediaTime? earliest = null;
        foreach (IsolatedRendition rendition in _renditions.Where(static rendition => !rendition.IsIdle && !rendition.Progress.IsShed))
        {
            if (rendition.Resume is not { From: { } from })
            {
                return null;
            }

            earliest = earliest is { } time && time < from ? time : from;
        }

        return earliest;
    }

    private void LeaveOutThoseTooLarge(TrackDescription track)
    {
        if (_log.NewestKeyframe is null)
        {
            HashSet<string> planned = [.. LadderPlanner.Plan(track, _rules.Renditions).Select(static rung => rung.Rendition.Name)];
            _renditions.ForEach(rendition => rendition.IsIdle = !planned.Contains(rendition.Name));
        }
    }

    private void PassOver(MediaTime until)
    {
        long now = _time.GetTimestamp();
        _renditions.ForEach(rendition => rendition.PassOver(until, now));
    }

    private static MediaTime TimeOfFirst(Fragment fragment) => new(fragment.Samples[0].PresentationTime, fragment.Track.Timescale);
}
