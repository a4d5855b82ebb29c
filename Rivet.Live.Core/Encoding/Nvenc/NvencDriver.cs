using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Native.Nvenc;

namespace Rivet.Live.Core.Encoding.Nvenc;

/// <summary>NVIDIA's driver: opens encoders without FFmpeg, and says what a device is able to. Its libraries are opened when they are first needed.</summary>
internal sealed class NvencDriver
{
    /// <summary>One picture goes in and one sample comes out; more are for callers that do not take samples at once.</summary>
    private const int RingSize = 4;

    /// <summary>The first session on a driver takes seconds; whoever waits longer behind another one takes another device.</summary>
    private static readonly TimeSpan OpenPatience = TimeSpan.FromSeconds(5);

    private readonly Lazy<NvencLibrary> _library;

    public NvencDriver()
        : this(NvencLibrary.Load)
    {
    }

    /// <param name="load">Opens the libraries.</param>
    internal NvencDriver(Func<NvencLibrary> load) => _library = new Lazy<NvencLibrary>(load);

    /// <summary>Opens an encoder; may take seconds, or hang.</summary>
    /// <param name="settings">Sizes, rates and colours; their node says which device.</param>
    /// <param name="payloads">Lends the memory that samples are written to.</param>
    /// <param name="label">What errors call it.</param>
    /// <exception cref="CodecException">It could not be opened: the message has the call, the status and what to do.</exception>
    public NvencEncoder Open(VideoEncoderSettings settings, PayloadPool payloads, string label)
    {
        HardwareNode node = settings.Node ?? throw new ArgumentException("NVENC encodes on a device, and none is named.", nameof(settings));
        return OnDevice(node, session =>
        {
            NvencLimits limits = NvencLimits.Of(session, settings.Codec);
            if (limits.WhyNot(settings) is { } why)
            {
                throw new CodecException(EncoderFault.Refused, $"{node}: {why}.");
            }

            NvencBlock config = NvencConfiguration.ConfigOf(session, settings);
            NvencBlock parameters = session.Layout.Allocate("NV_ENC_INITIALIZE_PARAMS");
            NvencConfiguration.Initialize(parameters.View, settings, config);
            session.Call("nvEncInitializeEncoder", parameters);
            GC.KeepAlive(config);
            NvencBuffers[] ring = [.. Enumerable.Range(0, RingSize).Select(_ => BuffersOf(session, settings))];
            return new NvencEncoder(session, config, ring, settings, payloads, label);
        });
    }

    /// <summary>Keeps a device's context while it is used several times; may take seconds, or hang.</summary>
    /// <exception cref="CodecException">It has none for us: the message says what to do.</exception>
    public IDisposable Hold(HardwareNode node) => Explained(node, () => _library.Value.Hold(node.Ordinal));

    /// <summary>What a device encodes by its own words; may take seconds, or hang.</summary>
    /// <exception cref="CodecException">It does not say.</exception>
    public NvencReport Report(HardwareNode node) => OnDevice(node, session =>
    {
        using (session)
        {
            return NvencReport.Of(session, _library.Value.DriverVersion);
        }
    });

    private T OnDevice<T>(HardwareNode node, Func<NvencSession, T> use) => Explained(node, () => _library.Value.Open(node.Ordinal, use, OpenPatience));

    private static T Explained<T>(HardwareNode node, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (NvencException failed)
        {
            throw NvencVerdicts.Explain($"{node}", failed, isOpening: true);
        }
        catch (CudaException failed)
        {
            throw NvencVerdicts.Explain($"{node}", failed);
        }
        catch (TimeoutException busy)
        {
            throw new CodecException(EncoderFault.Busy, $"{node}: {busy.Message}", busy);
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
        {
            throw new CodecException(EncoderFault.Refused, $"{node}: {missing.Message} {node.Cure}.", missing);
        }
    }

    private static NvencBuffers BuffersOf(NvencSession session, VideoEncoderSettings settings)
    {
        NvencBlock input = session.Layout.Allocate("NV_ENC_CREATE_INPUT_BUFFER");
        input.View.Set("width", settings.Width);
        input.View.Set("height", settings.Height);
        input.View.Set("bufferFmt", NvencPixels.FormatOf(settings.BitDepth));
        NvencBlock bitstream = session.Layout.Allocate("NV_ENC_CREATE_BITSTREAM_BUFFER");
        return new NvencBuffers(
            session.Create("nvEncCreateInputBuffer", "nvEncDestroyInputBuffer", input, "inputBuffer"),
            session.Create("nvEncCreateBitstreamBuffer", "nvEncDestroyBitstreamBuffer", bitstream, "bitstreamBuffer"));
    }
}
