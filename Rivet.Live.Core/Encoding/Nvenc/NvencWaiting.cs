using Rivet.Live.Core.Native;
using Rivet.Live.Core.Native.Nvenc;

namespace Rivet.Live.Core.Encoding.Nvenc;

/// <summary>Calls that answer that the encoder is busy are made again, for so long.</summary>
/// <param name="patience">What is longer is no wait but a device that hangs.</param>
internal sealed class NvencWaiting(TimeSpan patience)
{
    /// <summary>A picture takes an engine a few milliseconds.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    public TimeSpan Patience => patience;

    /// <summary>Calls until the answer is another one, or patience is over: then the last answer is that one.</summary>
    public NvencStatus While(NvencStatus busy, Func<NvencStatus> call)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            NvencStatus status = call();
            if (status != busy || TimeProvider.System.GetElapsedTime(began) >= patience)
            {
                return status;
            }

            NativeThread.Pause(Pause);
        }
    }
}
