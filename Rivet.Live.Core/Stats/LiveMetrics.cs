using System.Diagnostics.Metrics;

namespace Rivet.Live.Core.Stats;

/// <summary>The figures as instruments of one meter, named and with units as OpenTelemetry wants them. All read one snapshot.</summary>
/// <remarks>
/// Broadcasts that have ended are left out: what there is to see is bounded by the broadcasts that may be live at once, their renditions, and the
/// devices. Bit rates are rates of counters.
/// </remarks>
internal sealed class LiveMetrics
{
    public const string MeterName = "Rivet.Live";

    private readonly Func<LiveStats> _stats;

    // Kept alive, and told apart from those of other servers in the same process, by this.
    private readonly Meter _meter;

    /// <param name="meters">Makes the meter.</param>
    /// <param name="stats">The newest snapshot.</param>
    public LiveMetrics(IMeterFactory meters, Func<LiveStats> stats)
    {
        _stats = stats;
        _meter = meters.Create(MeterName);
        OfServer();
        OfDevices();
        OfSources();
        OfRenditions();
        OfViewers();
    }

    public Meter Meter => _meter;

    private IEnumerable<BroadcastStats> Live => _stats().Broadcasts.Where(static broadcast => broadcast.State != "ended");

    private void OfServer()
    {
        _meter.CreateObservableGauge("rivet.server.uptime", () => _stats().Server.UptimeSeconds, "s", "Since the server was started.");
        _meter.CreateObservableGauge(
            "rivet.server.accepting", () => _stats().Server.State == "running" ? 1 : 0, "{server}", "1 while publishers are let in, 0 while the server drains.");
        _meter.CreateObservableGauge(
            "rivet.broadcasts",
            () => ((string[])["starting", "live", "interrupted"]).Select(state => new Measurement<long>(Live.Count(broadcast => broadcast.State == state), Tag("state", state))),
            "{broadcast}",
            "Broadcasts in each state.");
    }

    private void OfDevices()
    {
        Device("rivet.device.slots", "{slot}", "Encoders that the device runs at once, where known.", static device => device.Slots);
        Device("rivet.device.capacity", "{pixel}/s", "What the device is trusted with, where its work is the bound.", static device => device.CapacityPixelsPerSecond);
        Device("rivet.device.load", "{pixel}/s", "What its leases ask of the device.", static device => device.Leases.Sum(static lease => lease.PixelsPerSecond));
        Device("rivet.device.leased", "{lease}", "Encoders lent.", static device => device.Leased);
        Device("rivet.device.waiting", "{rendition}", "Renditions that wait for the device.", static device => device.Waiting);
        Device("rivet.device.healthy", "{device}", "1 while the device is asked to encode, 0 while it is left alone because it failed.", static device => device.Healthy ? 1 : 0);
    }

    private void OfSources()
    {
        SourceCounter("rivet.source.fragments", "{fragment}", "Fragments received.", static track => track.FragmentsReceived);
        SourceCounter("rivet.source.io", "By", "Bytes of media received.", static track => track.BytesReceived);
        SourceCounter("rivet.source.gaps", "s", "Media that did not come, told to players as a gap.", static track => track.GapSeconds);
        Gauge("rivet.source.fragment.age", "s", "Since the newest fragment.", Sources, static track => track.LastFragmentAgeSeconds);
        Gauge("rivet.source.fragment.duration", "s", "Median length of fragments.", Sources, static track => track.FragmentSecondsP50);
        Gauge("rivet.source.keyframe.interval", "s", "Median distance of keyframes.", Sources, static track => track.KeyframeSecondsP50);
    }

    private void OfRenditions()
    {
        RenditionCounter("rivet.rendition.fragments", "{fragment}", "Fragments of the source that reached the transcoder.", static one => one.FragmentsSeen);
        RenditionCounter("rivet.rendition.fragments.skipped", "{fragment}", "Fragments that the transcoder was too slow for.", static one => one.FragmentsSkipped);
        RenditionCounter("rivet.rendition.panics", "{exception}", "Exceptions caught in the transcoder.", static one => one.Panics);
        RenditionCounter("rivet.rendition.frames.decoded", "{frame}", "Pictures decoded.", static one => one.FramesDecoded);
        RenditionCounter("rivet.rendition.frames.encoded", "{frame}", "Pictures encoded.", static one => one.FramesEncoded);
        RenditionCounter("rivet.rendition.frames.dropped", "{frame}", "Pictures left out.", static one => one.FramesDropped);
        RenditionCounter("rivet.rendition.frames.duplicated", "{frame}", "Pictures published again.", static one => one.FramesDuplicated);
        RenditionCounter("rivet.rendition.chunks.encoded", "{chunk}", "Chunks encoded.", static one => one.ChunksEncoded);
        RenditionCounter("rivet.rendition.chunks.helped", "{chunk}", "Chunks that a helper encoded.", static one => one.ChunksHelped);
        RenditionCounter("rivet.rendition.chunks.requeued", "{chunk}", "Chunks encoded again, since an encoder failed.", static one => one.ChunksRequeued);
        RenditionCounter("rivet.rendition.encoder.restarts", "{restart}", "Encoders given up before their time.", static one => one.EncoderRestarts);
        RenditionCounter("rivet.rendition.failovers", "{failover}", "Times another device took over from one that failed.", static one => one.Failovers);
        RenditionCounter("rivet.rendition.lease.wait", "s", "Time spent waiting for a device that had room.", static one => one.LeaseWaitSeconds);
        RenditionCounter("rivet.rendition.gaps", "s", "Media told to players as a gap.", static one => one.GapSeconds);
        RenditionCounter("rivet.rendition.io", "By", "Bytes of media published.", static one => one.BytesPublished);
        Gauge("rivet.rendition.up", "{rendition}", "1 while the rendition is encoded, else 0.", Renditions, static one => one is { State: "running", Shed: false } ? 1 : 0);
        Gauge("rivet.rendition.lag", "s", "Behind the publisher.", Renditions, static one => one.LagSeconds);
        Gauge("rivet.rendition.realtime", "1", "Seconds of media per second spent encoding.", Renditions, static one => one.RealtimeRatio);
        Gauge("rivet.rendition.queue", "{chunk}", "Chunks of the source behind the one at hand.", Renditions, static one => one.QueuedChunks);
        Percentiles("rivet.rendition.encode", "Per picture, in scaler and encoder.", static one => one.EncodeMilliseconds);
        Percentiles("rivet.rendition.receive", "From the first byte of the publisher's fragment to its last.", static one => one.Stages?.ReceiveMilliseconds);
        Percentiles("rivet.rendition.decode", "From there to the picture.", static one => one.Stages?.DecodeMilliseconds);
        Percentiles("rivet.rendition.ingest_to_publish", "From the publisher's last byte to the encoded sample.", static one => one.IngestToPublishMilliseconds);
        Percentiles("rivet.rendition.package", "From the encoded sample to the part as it is sent.", static one => one.Stages?.PackageMilliseconds);
        Percentiles("rivet.rendition.list", "From there to the part in the playlist.", static one => one.Stages?.ListMilliseconds);
        Percentiles("rivet.rendition.first_byte_to_playlist", "All of that together.", static one => one.Stages?.FirstByteToPlaylistMilliseconds);
        Percentiles("rivet.rendition.part.interval", "Between two parts listed one after the other.", static one => one.PartIntervalMilliseconds);
    }

    private void OfViewers()
    {
        Broadcast("rivet.viewer.requests.held", "{request}", "Requests of players that wait for media.", static one => one.Viewers.BlockedNow);
        Broadcast("rivet.window.duration", "s", "How far players can go back.", static one => one.Window.Seconds);
        Broadcast("rivet.window.memory", "By", "Media kept in memory.", static one => one.Window.MemoryBytes);
        Broadcast("rivet.window.disk", "By", "Media kept on disk.", static one => one.Window.DiskBytes);
        BroadcastCounter("rivet.viewer.requests", "{request}", "Requests of players that had to wait.", static one => one.Viewers.BlockedRequests);
        BroadcastCounter("rivet.viewer.io", "By", "Bytes sent to players.", static one => one.Viewers.BytesSent);
    }

    private IEnumerable<(SourceStats Of, KeyValuePair<string, object?>[] Tags)> Sources() =>
        Live.SelectMany(static broadcast => broadcast.Source.Select(track => (track, (KeyValuePair<string, object?>[])[Tag("broadcast", broadcast.Broadcast), Tag("track", track.Track)])));

    private IEnumerable<(RenditionStats Of, KeyValuePair<string, object?>[] Tags)> Renditions() =>
        Live.SelectMany(static broadcast => broadcast.Renditions.Select(one => (one, (KeyValuePair<string, object?>[])[Tag("broadcast", broadcast.Broadcast), Tag("rendition", one.Rendition)])));

    private IEnumerable<(BroadcastStats Of, KeyValuePair<string, object?>[] Tags)> Broadcasts() =>
        Live.Select(static broadcast => (broadcast, (KeyValuePair<string, object?>[])[Tag("broadcast", broadcast.Broadcast)]));

    private IEnumerable<(DeviceStats Of, KeyValuePair<string, object?>[] Tags)> Devices() =>
        _stats().Devices.Select(static device => (device, (KeyValuePair<string, object?>[])[Tag("device", device.Device), Tag("vendor", device.Vendor)]));

    private void Device(string name, string unit, string description, Func<DeviceStats, double?> value) => Gauge(name, unit, description, Devices, value);

    private void Broadcast(string name, string unit, string description, Func<BroadcastStats, double?> value) => Gauge(name, unit, description, Broadcasts, value);

    private void BroadcastCounter(string name, string unit, string description, Func<BroadcastStats, double?> value) =>
        _meter.CreateObservableCounter(name, () => Measure(Broadcasts(), value), unit, description);

    private void SourceCounter(string name, string unit, string description, Func<SourceStats, double?> value) =>
        _meter.CreateObservableCounter(name, () => Measure(Sources(), value), unit, description);

    private void RenditionCounter(string name, string unit, string description, Func<RenditionStats, double?> value) =>
        _meter.CreateObservableCounter(name, () => Measure(Renditions(), value), unit, description);

    private void Gauge<T>(string name, string unit, string description, Func<IEnumerable<(T Of, KeyValuePair<string, object?>[] Tags)>> all, Func<T, double?> value) =>
        _meter.CreateObservableGauge(name, () => Measure(all(), value), unit, description);

    private void Percentiles(string name, string description, Func<RenditionStats, PercentileStats?> read) => _meter.CreateObservableGauge(
        $"{name}.duration",
        () => Renditions().SelectMany(one => read(one.Of) is { } known
            ? (Measurement<double>[])
            [
                new(known.P50 / 1000, [.. one.Tags, Tag("percentile", "50")]),
                new(known.P95 / 1000, [.. one.Tags, Tag("percentile", "95")]),
                new(known.P99 / 1000, [.. one.Tags, Tag("percentile", "99")]),
            ]
            : []),
        "s",
        description);

    private static IEnumerable<Measurement<double>> Measure<T>(IEnumerable<(T Of, KeyValuePair<string, object?>[] Tags)> all, Func<T, double?> value)
    {
        foreach ((T of, KeyValuePair<string, object?>[] tags) in all)
        {
            if (value(of) is { } known)
            {
                yield return new Measurement<double>(known, tags);
            }
        }
    }

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
