using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Ladder;

namespace Rivet.Live.Core.Isolation;

/// <content>How children begin, are watched, and are replaced.</content>
internal sealed partial class IsolatedLadder
{
    /// <summary>A child that says nothing for so many checks hangs. Checks, not time: where the whole machine stood still, so did it.</summary>
    private const int SilentChecksMax = 20;

    /// <summary>As many are its until it is first heard of: it has compiled little of its code by then, and the machine may be busy.</summary>
    private const int FirstSilentChecksMax = 80;

    /// <summary>Its memory is looked at every so many checks.</summary>
    private const int ChecksPerMemory = 4;

    private void StartSoon()
    {
        TimeSpan backOff = _deaths.BackOff;
        _ = Task.Run(() => StartAsync(backOff));
    }

    private async Task StartAsync(TimeSpan backOff)
    {
        try
        {
            await Task.Delay(backOff, _time, _stopping);
            Begin(await _ladders.Launcher.TakeAsync());
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // By design: nobody needs it any more.
        }
        catch (ChildLostException lost)
        {
            Lost(lost.Message, hadOtherDevices: false);
        }
        catch (Exception bug)
        {
            // By design: told here, since nobody awaits it; there is no child, and the next one may do better.
            Lost(bug.ToString(), hadOtherDevices: false);
        }
    }

    /// <summary>Gives the broadcast to a child, with everything that was not published.</summary>
    private void Begin(Child child)
    {
        lock (_ladderLock)
        {
            if (_stopping.IsCancellationRequested)
            {
                child.Dispose();
                return;
            }

            ChildLeases leases = new(_ladders.Devices, _source.Session.Broadcast, child.Send);
            (_child, _leases, _checksLeft, _lastSegment) = (child, leases, FirstSilentChecksMax, -1);
            child.Adopt(message => Take(child, leases, message), _source.Session.Broadcast);
            child.Send(new LadderBegun(ChildReady.CurrentVersion, OrderNow()));
            foreach (Fragment fragment in _log.Since(Needed()))
            {
                Send(child, fragment);
            }

            if (_isCompleted)
            {
                child.Send(new SourceEnded());
            }

            _ = child.Ended.ContinueWith(_ => Ended(child, leases), TaskScheduler.Default);
        }

        LogBegun(_logger, _source.Session.Broadcast, child.ProcessId);
    }

    private LadderOrder OrderNow() => _order with
    {
        Resumes = _renditions.Where(static rendition => rendition.Resume is not null).ToDictionary(static rendition => rendition.Name, static rendition => rendition.Resume!),
        Shed = [.. _renditions.Where(static rendition => rendition.MustTellShed(out bool isShed) ? isShed : isShed).Select(static rendition => rendition.Name)],
    };

    private void Send(Child child, Fragment fragment)
    {
        SegmentGrid grid = _source.Session.Grid;
        SegmentStart[] segments = [.. grid.Between(_lastSegment, long.MaxValue).Where(start => start.MediaSequence >= grid.Padding)];
        _lastSegment = segments is [.., { } last] ? last.MediaSequence : _lastSegment;
        child.Send(new SourceSent(fragment.Share(), segments, grid.Absences));
    }

    /// <summary>What the child says, on its reading thread.</summary>
    private void Take(Child child, ChildLeases leases, Message message)
    {
        switch (message)
        {
            case RenditionSent sent:
                if (Find(sent.Rendition).Publish(sent.Fragment))
                {
                    _deaths.Forgive();
                }

                break;
            case RenditionMessage said:
                Find(said.Rendition).Take(said);
                break;
            case ChildAlive:
                Interlocked.Exchange(ref _checksLeft, SilentChecksMax);
                break;
            case CallStuck stuck:
                child.Kill($"{stuck.Rendition} is in a call for more than {_ladders.Launcher.Plan.CallMax.TotalSeconds:0.###} s: a codec hangs");
                break;
            case BroadcastLost:
                _rules.EndBroadcast(_source.Session);
                break;
            case ThumbnailSent { Jpeg.Length: > 0 and <= ThumbnailSent.BytesMax } thumbnail:
                _rules.ThumbnailMade(_source.Session, thumbnail.Jpeg.ToArray());
                break;
            case LadderEnded:
                child.Close();
                _flushed.TrySetResult();
                break;
            default:
                if (!leases.TryTake(message))
                {
                    throw new InvalidDataException($"Saw {message.GetType().Name}, which is nothing that a child says.");
                }

                break;
        }
    }

    private IsolatedRendition Find(string name)
    {
        lock (_ladderLock)
        {
            return _renditions.Find(rendition => rendition.Name == name) ?? throw new InvalidDataException($"Saw rendition {name}, which there is none of.");
        }
    }

    private void Ended(Child child, ChildLeases leases)
    {
        bool isOver = _flushed.Task.IsCompleted || _stopping.IsCancellationRequested;
        bool hadOtherDevices = leases.End(hasCrashed: !isOver);
        lock (_ladderLock)
        {
            (_child, _leases) = (null, null);
        }

        if (!isOver)
        {
            Lost($"Child {child.ProcessId} is gone: {child.EndReason ?? "it ended before its time"}.", hadOtherDevices);
        }
    }

    /// <summary>A child is lost: the next one goes on where it was, or behind what they die of, or there is none any more.</summary>
    private void Lost(string why, bool hadOtherDevices)
    {
        _deaths.Add(hadOtherDevices);
        LogLost(_logger, _source.Session.Broadcast, why, _deaths.All);
        bool isLost = false;
        lock (_ladderLock)
        {
            _renditions.ForEach(static rendition => rendition.Lost());
            if (_deaths.AreTooMany && !TryWithoutOtherDevices())
            {
                isLost = true;
                GiveUp();
            }
            else if (_deaths.IsSourceSuspect && !TrySkip())
            {
                // The next keyframe is yet to come.
                _awaitsKeyframe = true;
                if (_isCompleted)
                {
                    _flushed.TrySetResult();
                }
            }
            else
            {
                StartSoon();
            }
        }

        if (isLost && _rules.Fallback == EncoderFallback.Fail)
        {
            _rules.EndBroadcast(_source.Session);
        }
    }

    /// <summary>Goes on with the newest keyframe, where that is later than what was to come next.</summary>
    private bool TrySkip()
    {
        if (_log.NewestKeyframe is not { } keyframe || (Needed() is { } needed && keyframe <= needed))
        {
            return false;
        }

        PassOver(keyframe);
        return true;
    }

    /// <summary>On the CPU alone, where the policy of falling back allows that and other devices were tried.</summary>
    private bool TryWithoutOtherDevices()
    {
        if (!_deaths.HadOtherDevices || _rules.Fallback != EncoderFallback.Software)
        {
            return false;
        }

        DevicePlan plan = _order.Devices.Plan with { Policy = new DevicePolicy(Index: 0, Vendor: null), DecodeDevice = 0 };
        _order = _order with { Devices = _order.Devices with { Plan = plan } };
        _deaths.Forgive();
        LogWithoutDevices(_logger, _source.Session.Broadcast);
        return true;
    }

    private void GiveUp()
    {
        _isGivenUp = true;
        _renditions.ForEach(static rendition => rendition.GiveUp());
        if (_log.Unread(from: null, _lastOffered).End is { } end)
        {
            PassOver(end);
        }

        _log.Clear();
        LogGivenUp(_logger, _source.Session.Broadcast);
        if (_isCompleted)
        {
            _flushed.TrySetResult();
        }
    }

    /// <summary>Looks after the child: whether it lives, what it takes, and who waits for what it has.</summary>
    private async Task WatchAsync()
    {
        using PeriodicTimer timer = new(ChildReports.Interval, _time);
        try
        {
            for (int check = 1; await timer.WaitForNextTickAsync(_stopping); check++)
            {
                Watch(check);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // By design: there is nothing to watch any more.
        }
    }

    private void Watch(int check)
    {
        Child? child;
        ChildLeases? leases;
        IsolatedRendition[] renditions;
        lock (_ladderLock)
        {
            (child, leases, renditions) = (_child, _leases, [.. _renditions]);
        }

        if (child is null || _flushed.Task.IsCompleted)
        {
            return;
        }

        if (Interlocked.Decrement(ref _checksLeft) < 0)
        {
            child.Kill("it is silent: it hangs");
        }
        else if (check % ChecksPerMemory == 0 && child.ResidentBytes is { } bytes && bytes > _ladders.Launcher.Plan.BytesMax)
        {
            child.Kill($"it takes {bytes >> 20} MiB of memory, and {_ladders.Launcher.Plan.BytesMax >> 20} are allowed");
        }

        leases?.SayWanted();
        foreach (IsolatedRendition rendition in renditions)
        {
            if (rendition.MustTellShed(out bool isShed))
            {
                child.Send(new RenditionShed(rendition.Name, isShed));
            }

            if (rendition.TakeRestart())
            {
                child.Send(new RenditionRestarted(rendition.Name));
            }
        }
    }
}
