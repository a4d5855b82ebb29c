using System.Globalization;
using Rivet.Live.Core.Native;

namespace Rivet.Live.Core.Encoding;

/// <summary>Where a GPU is, and what reaches its encoders.</summary>
/// <param name="Api">What reaches them; never <see cref="EncoderApi.Software"/>.</param>
/// <param name="Vendor"><c>nvidia</c>, <c>intel</c> or <c>amd</c>.</param>
/// <param name="Name">For people; null where the system does not say.</param>
/// <param name="Address">As FFmpeg takes it: CUDA's number of the device, or the file of a render node.</param>
internal sealed record HardwareNode(EncoderApi Api, string Vendor, string? Name, string Address)
{
    /// <summary>What it encodes without FFmpeg, through NVIDIA's driver alone.</summary>
    public IReadOnlyList<VideoCodec> DirectCodecs { get; init; } = [];

    /// <summary>CUDA's number of the device.</summary>
    public int Ordinal => int.Parse(Address, CultureInfo.InvariantCulture);

    /// <summary>What may be missing where it cannot be used.</summary>
    public string Cure => Api switch
    {
        EncoderApi.Nvenc => "Install the driver with its encoder library (libnvidia-encode1); in a container, NVIDIA_DRIVER_CAPABILITIES needs video",
        EncoderApi.Qsv => $"Install intel-media-va-driver and libmfx-gen1.2 (before the 11th generation libmfx1), and let the server's user read and write {Address}",
        _ => $"Install the VA-API driver (mesa-va-drivers or intel-media-va-driver), and let the server's user read and write {Address}",
    };

    /// <summary>The same GPU as its decoders are reached: FFmpeg's decoders know CUDA and VA-API.</summary>
    public HardwareNode ForDecoding => this with { Api = Api == EncoderApi.Qsv ? EncoderApi.Vaapi : Api, DirectCodecs = [] };

    /// <summary>Opens it; may take seconds, or hang. The caller disposes what it gets.</summary>
    /// <exception cref="CodecException">It cannot be opened: the message says what to do.</exception>
    public AVHWDeviceContextHandle Open()
    {
        try
        {
            return Api switch
            {
                // One context for all encoders of the process, which goes when the last of them does: so a device that was lost begins anew.
                EncoderApi.Nvenc => AVHWDeviceContextHandle.Open("cuda", Address, AvUtilFunctions.AV_CUDA_USE_PRIMARY_CONTEXT),
                EncoderApi.Qsv => OpenQuickSync(),
                _ => AVHWDeviceContextHandle.Open("vaapi", Address),
            };
        }
        catch (FFmpegException failed)
        {
            throw new CodecException(EncoderFault.Lost, $"{this} cannot be opened: {failed.Message}. {Cure}.", failed);
        }
    }

    public override string ToString() => $"{Vendor} device {Address} ({(Name is null ? "" : $"{Name}, ")}{Api.ToString().ToUpperInvariant()})";

    /// <summary>Through VA-API, whose addresses say which device is meant.</summary>
    private AVHWDeviceContextHandle OpenQuickSync()
    {
        using AVHWDeviceContextHandle node = AVHWDeviceContextHandle.Open("vaapi", Address);
        return node.Derive("qsv");
    }
}
