using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Devices;

/// <summary>Says where sources are decoded: on the device that the operator chose, as far as that goes, and otherwise on the CPU.</summary>
/// <remarks>
/// A budget of its own: a device that encodes as much as it can may decode on, and one that only decodes may be chosen. Scaling reads pictures in
/// memory, so that what a device decodes has to be downloaded; that is why nothing but the CPU decodes unless somebody says so.
/// </remarks>
internal sealed partial class DecoderDesk
{
    /// <summary>After a failure nobody asks the device for so long.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    private readonly Codecs _codecs;
    private readonly EncoderDeadlines _deadlines;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly EncoderDevice? _device;

    // Guards everything below.
    private readonly Lock _deskLock = new();
    private DateTimeOffset _restsUntil;

    /// <param name="codecs">Opens the CPU's decoders.</param>
    /// <param name="device">The device that was chosen; null for the CPU.</param>
    /// <param name="budget">Says whether it may run one more.</param>
    /// <param name="deadlines">How long its decoders may take.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Hears of what is decoded on the CPU instead.</param>
    public DecoderDesk(Codecs codecs, EncoderDevice? device, IDecoderBudget budget, EncoderDeadlines deadlines, TimeProvider time, ILogger logger)
    {
        _codecs = codecs;
        _device = device;
        Budget = budget;
        _deadlines = deadlines;
        _time = time;
        _logger = logger;
    }

    /// <summary>The id of the device that was chosen; null for the CPU.</summary>
    public string? Device => _device?.Id;

    /// <summary>How many decoders the device may still open.</summary>
    public IDecoderBudget Budget { get; }

    /// <summary>Opens a decoder for a track.</summary>
    /// <param name="track">Its sample entry names the codec, its configuration is the decoder's.</param>
    /// <param name="threads">Of the CPU.</param>
    /// <param name="label">What errors and logs call it.</param>
    /// <exception cref="CodecException">Not even the CPU has a decoder for it.</exception>
    public IVideoDecoder Open(TrackDescription track, int threads, string label) => TryLease(track, label) is { } lease
        ? new PinnedDecoder(lease, () => _codecs.OpenDecoder(track, threads, label))
        : _codecs.OpenDecoder(track, threads, label);

    internal void Failed(string label, CodecException failure)
    {
        lock (_deskLock)
        {
            _restsUntil = _time.GetUtcNow() + Rest;
        }

        LogFellBack(_logger, label, Device!, failure.Message);
    }

    internal void Return(WatchedDecoder decoder)
    {
        if (decoder.Closed.IsCompleted)
        {
            Budget.Free(isFull: false);
            return;
        }

        _ = decoder.Closed.ContinueWith(_ => Budget.Free(isFull: false), TaskScheduler.Default);
    }

    private DecoderLease? TryLease(TrackDescription track, string label)
    {
        // One that encoders wait for in vain is not waited for here as well; whether that is so may be a moment old.
        if (_device is not { IsHealthy: true } || !CanDecode(track, _device.Backend.Decodes))
        {
            return null;
        }

        lock (_deskLock)
        {
            if (_time.GetUtcNow() < _restsUntil)
            {
                return null;
            }
        }

        if (!Budget.TryTake())
        {
            return null;
        }

        try
        {
            return new DecoderLease(this, WatchedDecoder.Open(_device.Backend, track, label, _deadlines), label);
        }
        catch (CodecException failed) when (failed.Fault == EncoderFault.Full)
        {
            // Nothing is wrong with it: it has as many places as decoders are open.
            Budget.Free(isFull: true);
        }
        catch (CodecException failed)
        {
            Budget.Free(isFull: false);
            Failed(label, failed);
        }

        return null;
    }

    private static bool CanDecode(TrackDescription track, CodecAbilities abilities) =>
        Codecs.TryCodecOf(track.SampleEntryType, out VideoCodec codec) && abilities.Has(codec, SourceDepth.Of(track));

    [LoggerMessage(6106, LogLevel.Warning, "{Label}: the CPU takes over, since device {Device} failed: {Failure}")]
    private static partial void LogFellBack(ILogger logger, string label, string device, string failure);
}
