using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Encoding;

namespace Rivet.Live.Core.Devices;

/// <summary>All encoders of the machine, lent to the renditions of all broadcasts in the order in which they asked.</summary>
/// <remarks>
/// First come, first served, per device: whoever waits for a device keeps everybody who asked later away from it, however small their need,
/// so that nobody starves; those who can use another device pass by.
/// </remarks>
internal sealed partial class DevicePool : IEncoderLender, IAsyncDisposable
{
    private readonly IReadOnlyList<EncoderDevice> _devices;
    private readonly DevicePolicy _policy;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Func<EncoderDevice, CancellationToken, Task<EncoderFault?>> _trial;

    // Guards everything below, and the state of devices and claims.
    private readonly Lock _poolLock = new();
    private readonly List<LeaseClaim> _waiting = [];
    private readonly CancellationTokenSource _stopped = new();
    private readonly List<Task> _background = [];

    /// <param name="devices">In the order of their numbers; the CPU is among them.</param>
    /// <param name="policy">Which of them may encode.</param>
    /// <param name="decoders">Who decodes for whom: a budget of its own.</param>
    /// <param name="trial">What is wrong with a device that failed, found out by trying it; null where it encodes again.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Hears of devices that fail and come back.</param>
    public DevicePool(
        IReadOnlyList<EncoderDevice> devices, DevicePolicy policy, DecoderDesk decoders, Func<EncoderDevice, CancellationToken, Task<EncoderFault?>> trial,
        TimeProvider time, ILogger<DevicePool> logger)
    {
        _devices = devices;
        _policy = policy;
        Decoders = decoders;
        _time = time;
        _logger = logger;
        _trial = trial;
    }

    /// <summary>The devices of this machine under a plan: the CPU, the GPUs and the simulated ones.</summary>
    /// <param name="plan">What the operator wants of them.</param>
    /// <param name="codecs">Opens their encoders.</param>
    /// <param name="presetToMeasure">The CPU's capacity is measured with it, beside everything else; null leaves it at a guess.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Hears of devices that fail and come back.</param>
    /// <param name="trial">Tries devices that failed; by default that is done here.</param>
    public static DevicePool Open(
        DevicePlan plan, Codecs codecs, string? presetToMeasure, TimeProvider time, ILogger<DevicePool> logger,
        Func<EncoderDevice, CancellationToken, Task<EncoderFault?>>? trial = null)
    {
        IReadOnlyList<EncoderDevice> devices = DevicesOf(plan, codecs, time);
        DevicePool pool = new(devices, plan.Policy, DecodersOf(plan, devices, codecs, time, logger), trial ?? new DeviceProbe(codecs).WhyNotAsync, time, logger);
        foreach ((EncoderDevice gpu, HardwareBackend backend) in devices.Skip(1).Zip(plan.Hardware))
        {
            LogFound(logger, gpu.Id, gpu.Vendor, gpu.Name ?? "no name", gpu.Abilities.ToString(), gpu.Abilities.Why is { } why ? $": {why}" : $", {backend.Speed}.", backend.Decodes.ToString());
            foreach (string wrong in gpu.Abilities.Wrong)
            {
                LogWrong(logger, gpu.Id, wrong);
            }
        }

        if (presetToMeasure is not null && devices[0].Capacity is { } capacity)
        {
            pool._background.Add(Task.Factory.StartNew(
                () => pool.Measure(capacity, codecs, presetToMeasure), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        }

        return pool;
    }

    /// <summary>Who decodes for whom.</summary>
    public DecoderDesk Decoders { get; }

    /// <summary>All devices, in the order of their numbers.</summary>
    public IReadOnlyList<EncoderDevice> Devices => _devices;

    /// <inheritdoc/>
    public bool PolicyHasSoftware => _devices.Any(device => device.IsSoftware && _policy.Allows(device));

    public bool IsOfPolicy(EncoderDevice device) => _policy.Allows(device);

    /// <summary>Asks for a lease. The claim is decided at once where there is room and nobody waits for it.</summary>
    public LeaseClaim Claim(EncoderNeed need)
    {
        LeaseClaim claim = new(this, need, _time);
        lock (_poolLock)
        {
            _waiting.Add(claim);
            Grant();
        }

        return claim;
    }

    /// <summary>A lease where there is room that nobody waits for; null otherwise.</summary>
    public EncoderLease? TryClaim(EncoderNeed need)
    {
        LeaseClaim claim = new(this, need, _time);
        lock (_poolLock)
        {
            // Decided or gone before anybody could see it wait.
            _waiting.Add(claim);
            Grant();
            _waiting.Remove(claim);
        }

        return claim.TryTake();
    }

    /// <summary>True where all of these could be lent at once, and nobody waits.</summary>
    public bool HasRoomFor(IEnumerable<EncoderNeed> needs)
    {
        List<EncoderLease?> tried = [];
        try
        {
            foreach (EncoderNeed need in needs)
            {
                tried.Add(TryClaim(need));
            }

            return !tried.Contains(null);
        }
        finally
        {
            tried.ForEach(static lease => lease?.Dispose());
        }
    }

    /// <summary>Keeps a device from new leases, or no longer; those that it has end with their chunks.</summary>
    public CordonOutcome Cordon(string device, bool isCordoned)
    {
        lock (_poolLock)
        {
            if (_devices.FirstOrDefault(one => one.Id == device) is not { } found)
            {
                return CordonOutcome.NoSuchDevice;
            }

            if (isCordoned && !_devices.Any(other => other != found && other is { IsHealthy: true, IsCordoned: false } && _policy.Allows(other)))
            {
                return CordonOutcome.LastOne;
            }

            found.IsCordoned = isCordoned;
            Grant();
            return CordonOutcome.Done;
        }
    }

    /// <summary>Who holds what, and who waits, at this moment.</summary>
    public IReadOnlyList<DeviceSnapshot> Snapshot()
    {
        lock (_poolLock)
        {
            return
            [
                .. _devices.Select(device => new DeviceSnapshot(
                    device.Id,
                    device.Vendor,
                    device.Name,
                    device.Slots,
                    device.Capacity?.PixelsPerSecond,
                    _waiting.Count(claim => Serves(device, claim.Need)),
                    device.IsHealthy,
                    device.IsCordoned,
                    device.Id == Decoders.Device ? Decoders.Budget.Open : null,
                    [.. device.Leases.Select(lease => new LeaseSnapshot(
                        lease.Need.Broadcast, lease.Need.Rendition, device.WorkOf(lease.Need), _time.GetElapsedTime(lease.Since)))])),
            ];
        }
    }

    /// <summary>Gives up waiting for devices to come back. Leases that are still out stay valid.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        Task[] background;
        lock (_poolLock)
        {
            background = [.. _background];
        }

        await Task.WhenAll(background);
        _stopped.Dispose();
    }

    /// <inheritdoc/>
    public bool IsWanted(EncoderDevice device)
    {
        lock (_poolLock)
        {
            return device.IsCordoned || _waiting.Exists(claim => Serves(device, claim.Need));
        }
    }

    /// <inheritdoc/>
    public void Release(EncoderLease lease)
    {
        lock (_poolLock)
        {
            lease.Device.Remove(lease);
            Grant();
        }
    }

    /// <inheritdoc/>
    public void Withdraw(LeaseClaim claim)
    {
        lock (_poolLock)
        {
            if (_waiting.Remove(claim))
            {
                Grant();
            }
        }
    }

    /// <inheritdoc/>
    public void Worked(EncoderLease lease, VideoEncoderSettings settings, double busySeconds)
    {
        (double pixels, double seconds) = lease.Device.WorkDone(settings, busySeconds);
        lease.Device.Saw(pixels, seconds);
    }

    /// <inheritdoc/>
    public void Proved(EncoderLease lease)
    {
        lock (_poolLock)
        {
            lease.Device.Proved();
        }
    }

    /// <inheritdoc/>
    public void Blame(EncoderLease lease, EncoderFault fault)
    {
        EncoderDevice device = lease.Device;
        lock (_poolLock)
        {
            if (device.Blame(fault) && !_stopped.IsCancellationRequested)
            {
                TimeSpan quarantine = device.NextQuarantine();
                LogQuarantined(_logger, device.Id, fault, quarantine.TotalSeconds);
                _background.RemoveAll(static task => task.IsCompleted);

                // On the pool: a drain's own scheduler goes with the drain, and the quarantine would never end.
                _background.Add(Task.Run(() => QuarantineAsync(device, quarantine, _stopped.Token)));
            }

            Grant();
        }
    }

    /// <summary>Who decodes under a plan.</summary>
    public static DecoderDesk DecodersOf(
        DevicePlan plan, IReadOnlyList<EncoderDevice> devices, Codecs codecs, TimeProvider time, ILogger logger, IDecoderBudget? budget = null)
    {
        EncoderDevice? device = devices.FirstOrDefault(device => device.Index == plan.DecodeDevice && !device.IsSoftware);
        if (plan.DecodeDevice > 0 && device?.Backend.Decodes.Any != true)
        {
            LogNoDecoder(logger, plan.DecodeDevice, device is null ? $"there are devices 0 to {devices.Count - 1} only" : $"{device.Id} decodes nothing: {device.Backend.Decodes.Why}");
        }

        budget ??= new DecoderBudget(plan.DecodersMax > 0 ? plan.DecodersMax : null);
        return new DecoderDesk(codecs, device, budget, plan.Deadlines, time, logger);
    }

    /// <summary>The devices without a pool: nobody can lease them.</summary>
    public static IReadOnlyList<EncoderDevice> DevicesOf(DevicePlan plan, Codecs codecs, TimeProvider time)
    {
        int? slots = plan.SlotsPerDevice > 0 ? plan.SlotsPerDevice : null;
        DeviceCapacity? capacity = slots is null && plan.BoundsWork
            ? new DeviceCapacity(Environment.ProcessorCount, DeviceCapacity.GuessPerProcessor, time)
            : null;
        List<EncoderDevice> devices = [new(0, "cpu", new SoftwareBackend(codecs), slots, capacity, plan.Deadlines, plan.FirstQuarantine)];
        foreach (HardwareBackend hardware in plan.Hardware)
        {
            devices.Add(new EncoderDevice(devices.Count, $"gpu{devices.Count}", hardware, slots, CapacityOf(hardware.Speed), plan.Deadlines, plan.FirstQuarantine));
        }

        foreach (SimulatedDevice simulated in plan.Simulated)
        {
            string id = $"simulated{devices.Count}";
            SimulatedBackend backend = new(codecs, simulated, id);
            devices.Add(new EncoderDevice(devices.Count, id, backend, slots ?? simulated.Slots, CapacityOf(simulated.Speed), plan.Deadlines, plan.FirstQuarantine));
        }

        return devices;

        DeviceCapacity? CapacityOf(EncodingSpeed? speed) => speed is not null && slots is null && plan.BoundsWork
            ? new DeviceCapacity(speed.Encoders, speed.PixelsPerSecond / speed.Encoders, time)
            : null;
    }

    private void Measure(DeviceCapacity capacity, Codecs codecs, string preset)
    {
        Codecs.YieldThread();
        try
        {
            double perProcessor = CpuCalibration.Measure(codecs, preset);
            capacity.Measured(perProcessor);
            LogCalibrated(_logger, perProcessor / 1e6, preset);
        }
        catch (CodecException failed)
        {
            // By design: a machine without this encoder says so where it is needed.
            LogNotCalibrated(_logger, failed.Message);
        }
    }

    private async Task QuarantineAsync(EncoderDevice device, TimeSpan quarantine, CancellationToken stopped)
    {
        try
        {
            await Task.Delay(quarantine, _time, stopped);
            while (await _trial(device, stopped) is { } fault)
            {
                TimeSpan longer;
                lock (_poolLock)
                {
                    longer = device.NextQuarantine();
                }

                LogQuarantined(_logger, device.Id, fault, longer.TotalSeconds);
                await Task.Delay(longer, _time, stopped);
            }
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            return;
        }

        LogHealed(_logger, device.Id);
        lock (_poolLock)
        {
            device.Heal();
            Grant();
        }
    }

    /// <summary>Decides all claims that can be decided, the oldest first.</summary>
    private void Grant()
    {
        HashSet<EncoderDevice> awaited = [];
        foreach (LeaseClaim claim in _waiting.ToArray())
        {
            EncoderDevice[] able = [.. _devices.Where(device => Serves(device, claim.Need))];
            EncoderDevice? chosen = able
                .Where(device => !awaited.Contains(device) && device.HasRoomFor(claim.Need))
                .OrderBy(device => device == claim.Need.Avoided)
                .ThenBy(static device => device.IsSoftware)
                .ThenBy(static device => device.Load)
                .ThenBy(static device => device.Index)
                .FirstOrDefault();
            if (chosen is null && able.Length > 0)
            {
                awaited.UnionWith(able);
                continue;
            }

            _waiting.Remove(claim);
            EncoderLease? lease = chosen is null ? null : new EncoderLease(this, chosen, claim.Need, _time.GetTimestamp());
            if (lease is not null)
            {
                chosen!.Add(lease);
            }

            claim.Decide(lease);
        }
    }

    private bool Serves(EncoderDevice device, EncoderNeed need) =>
        device is { IsHealthy: true, IsCordoned: false } && device.CanEncode(need) && !need.Retired.Contains(device) && (_policy.Allows(device) || (need.MayFallBack && device.IsSoftware));

    [LoggerMessage(6105, LogLevel.Information, "Device {Device} ({Vendor}, {Name}) decodes {Decodes}, encodes {Abilities}{Why}")]
    private static partial void LogFound(ILogger logger, string device, string vendor, string name, string abilities, string why, string decodes);

    [LoggerMessage(6108, LogLevel.Warning, "Device {Device} is not asked for what comes out wrong: {Wrong} `doctor` tries it at length.")]
    private static partial void LogWrong(ILogger logger, string device, string wrong);

    [LoggerMessage(6107, LogLevel.Warning, "Encoding:DecodeDevice is {Number}, and {Why}: the CPU decodes.")]
    private static partial void LogNoDecoder(ILogger logger, int number, string why);

    [LoggerMessage(6103, LogLevel.Information, "One thread of the CPU encodes {Megapixels:0.0} million pixels a second with {Preset}.")]
    private static partial void LogCalibrated(ILogger logger, double megapixels, string preset);

    [LoggerMessage(6104, LogLevel.Warning, "The CPU could not be measured: {Why}")]
    private static partial void LogNotCalibrated(ILogger logger, string why);

    [LoggerMessage(6101, LogLevel.Warning, "Device {Device} is left alone for {Seconds} s: {Fault}.")]
    private static partial void LogQuarantined(ILogger logger, string device, EncoderFault fault, double seconds);

    [LoggerMessage(6102, LogLevel.Information, "Device {Device} encodes again.")]
    private static partial void LogHealed(ILogger logger, string device);
}
