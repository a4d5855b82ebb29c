using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ladder;

/// <summary>Whether the devices keep real time with the renditions of all broadcasts, and which of them gives way where they do not.</summary>
/// <remarks>
/// A rendition that is too far behind leaves out whole chunks by itself. Where that happens again soon, it is no hiccup: the most expensive
/// rendition is shed, but never a broadcast's last. It comes back when nobody has been behind for a while; where it was too early, the
/// next while is twice as long.
/// </remarks>
/// <param name="overload">What gives way.</param>
/// <param name="devices">What encodes.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Hears of renditions that are shed and come back.</param>
internal sealed partial class LadderLoad(LadderOverload overload, DevicePool devices, TimeProvider time, ILogger<LadderLoad> logger) : IRenditionLoads
{
    /// <summary>Whoever is behind leaves media out at about the same time: that is one hiccup, and what is left of it once a rendition was shed.</summary>
    private static readonly TimeSpan HiccupMax = TimeSpan.FromSeconds(10);

    /// <summary>Devices nine tenths as fast as they have to be fall eight seconds behind in 80.</summary>
    private static readonly TimeSpan AgainWithin = TimeSpan.FromSeconds(80);

    private static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(600);

    /// <summary>A rendition this far behind shows that there is no room, in seconds.</summary>
    private const double CalmWithinSeconds = 2;

    // Guards everything below, and the state of renditions.
    private readonly Lock _loadLock = new();
    private readonly List<RenditionLoad> _renditions = [];
    private long? _leftOutAt;
    private long? _backAt;
    private long _calmSince = time.GetTimestamp();
    private TimeSpan _patience = FirstPatience;

    /// <summary>False where a new broadcast is to be refused, since those that run would suffer. One alone is never refused.</summary>
    /// <param name="broadcast">The new one.</param>
    /// <param name="ladder">What it will want, for all that is known of it.</param>
    public bool Admits(BroadcastId broadcast, IReadOnlyList<Rendition> ladder)
    {
        if (overload != LadderOverload.Refuse)
        {
            return true;
        }

        lock (_loadLock)
        {
            if (!_renditions.Exists(IsEncoded))
            {
                return true;
            }

            if (IsWithin(_leftOutAt, AgainWithin))
            {
                return false;
            }
        }

        return devices.HasRoomFor(ladder.Select(rendition => EncoderFactory.UsualNeedOf(broadcast, rendition)));
    }

    /// <inheritdoc/>
    public RenditionLoad Join(BroadcastId broadcast, string rendition)
    {
        RenditionLoad joined = new(broadcast, rendition);
        lock (_loadLock)
        {
            _renditions.Add(joined);
        }

        return joined;
    }

    /// <inheritdoc/>
    public void Leave(RenditionLoad rendition)
    {
        lock (_loadLock)
        {
            _renditions.Remove(rendition);
        }
    }

    /// <summary>An operator takes a rendition out, or lets it back. False where there is none of that name.</summary>
    public bool Drop(BroadcastId broadcast, string rendition, bool isDropped) => Tell(broadcast, rendition, one => one.IsDropped = isDropped);

    /// <summary>An operator wants a rendition to have a new encoder. False where there is none of that name.</summary>
    public bool Restart(BroadcastId broadcast, string rendition) => Tell(broadcast, rendition, static one => one.WantRestart());

    /// <inheritdoc/>
    public void Cost(RenditionLoad rendition, double pixelsPerSecond)
    {
        lock (_loadLock)
        {
            rendition.Cost = pixelsPerSecond;
        }
    }

    /// <inheritdoc/>
    public void StartChunk(RenditionLoad rendition, double behindSeconds)
    {
        lock (_loadLock)
        {
            rendition.BehindSeconds = behindSeconds;
            if (behindSeconds > CalmWithinSeconds)
            {
                _calmSince = time.GetTimestamp();
            }
            else if (!IsWithin(_calmSince, _patience))
            {
                BringBack();
            }
        }
    }

    /// <inheritdoc/>
    public void LeaveOut(RenditionLoad rendition)
    {
        lock (_loadLock)
        {
            _calmSince = time.GetTimestamp();
            if (IsWithin(_leftOutAt, HiccupMax))
            {
                return;
            }

            bool isAgain = IsWithin(_leftOutAt, AgainWithin);
            _leftOutAt = _calmSince;
            if (isAgain && overload == LadderOverload.Shed)
            {
                Shed(rendition);
            }
        }
    }

    private void Shed(RenditionLoad late)
    {
        RenditionLoad? dearest = _renditions.Where(IsEncoded).Where(HasAnother)
            .OrderByDescending(static one => one.Cost).ThenByDescending(static one => one.BehindSeconds).FirstOrDefault();
        if (dearest is null)
        {
            return;
        }

        _patience = IsWithin(_backAt, 2 * _patience) ? TimeSpan.FromTicks(Math.Min(2 * _patience.Ticks, PatienceMax.Ticks)) : FirstPatience;
        dearest.IsShed = true;
        LogShed(logger, dearest.Broadcast, dearest.Rendition, late.Broadcast, late.Rendition);
    }

    private void BringBack()
    {
        if (_renditions.Where(static one => one is { IsShed: true, IsDropped: false }).MinBy(static one => one.Cost) is not { } cheapest)
        {
            return;
        }

        cheapest.IsShed = false;
        _backAt = _calmSince = time.GetTimestamp();
        LogBack(logger, cheapest.Broadcast, cheapest.Rendition, _patience.TotalSeconds);
    }

    private bool Tell(BroadcastId broadcast, string rendition, Action<RenditionLoad> tell)
    {
        lock (_loadLock)
        {
            RenditionLoad[] told = [.. _renditions.Where(one => one.Broadcast == broadcast && one.Rendition == rendition)];
            Array.ForEach(told, tell);
            return told.Length > 0;
        }
    }

    private static bool IsEncoded(RenditionLoad rendition) => rendition is { IsShed: false, Cost: > 0 };

    private bool HasAnother(RenditionLoad rendition) =>
        _renditions.Exists(other => other != rendition && other.Broadcast == rendition.Broadcast && IsEncoded(other));

    private bool IsWithin(long? since, TimeSpan span) => since is { } began && time.GetElapsedTime(began) < span;

    [LoggerMessage(3021, LogLevel.Warning, "{Broadcast}: {Rendition} is shed, since the devices do not keep real time: {LateBroadcast} {LateRendition} left out media again.")]
    private static partial void LogShed(ILogger logger, BroadcastId broadcast, string rendition, BroadcastId lateBroadcast, string lateRendition);

    [LoggerMessage(3022, LogLevel.Information, "{Broadcast}: {Rendition} comes back, nobody having been behind for {Seconds} s.")]
    private static partial void LogBack(ILogger logger, BroadcastId broadcast, string rendition, double seconds);
}
