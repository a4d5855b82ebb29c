using System.Runtime.InteropServices;

namespace Rivet.Live.Core.Native.Nvenc;

/// <summary>The right to a device's CUDA context: the process has one on each device, shared with FFmpeg.</summary>
internal sealed class CudaContextHandle : SafeHandle
{
    private readonly CudaFunctions _cuda;
    private readonly int _device;

    /// <exception cref="CudaException">The device is not there, or has no memory left.</exception>
    public CudaContextHandle(CudaFunctions cuda, int ordinal)
        : base(0, ownsHandle: true)
    {
        _cuda = cuda;
        (_device, nint context) = cuda.Retain(ordinal);
        SetHandle(context);
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>The CUcontext.</summary>
    public nint Context => handle;

    /// <summary>Makes it the calling thread's until what comes back is disposed.</summary>
    /// <exception cref="CudaException">The device is lost.</exception>
    public Current Enter()
    {
        _cuda.Push(handle);
        return new Current(_cuda);
    }

    protected override bool ReleaseHandle()
    {
        _cuda.Release(_device);
        return true;
    }

    /// <summary>The time during which the context is the calling thread's.</summary>
    internal readonly ref struct Current(CudaFunctions cuda)
    {
        public void Dispose() => cuda.Pop();
    }
}
