namespace Rivet.Live.Core.Native.Nvenc;

/// <summary>The functions of CUDA's driver that an encoder needs: a context on a device, current while NVENC is called.</summary>
/// <remarks>Found in a library that was opened at run time, so that tests can bring their own.</remarks>
internal sealed unsafe class CudaFunctions
{
    /// <summary>CU_CTX_SCHED_BLOCKING_SYNC, as FFmpeg wants it: it refuses a context that was begun otherwise.</summary>
    private const uint BlockingSync = 4;

    private readonly delegate* unmanaged<uint, int> _init;
    private readonly delegate* unmanaged<int*, int, int> _deviceGet;
    private readonly delegate* unmanaged<int, uint*, int*, int> _primaryContextState;
    private readonly delegate* unmanaged<int, uint, int> _primaryContextSetFlags;
    private readonly delegate* unmanaged<nint*, int, int> _primaryContextRetain;
    private readonly delegate* unmanaged<int, int> _primaryContextRelease;
    private readonly delegate* unmanaged<nint, int> _contextPush;
    private readonly delegate* unmanaged<nint*, int> _contextPop;

    /// <param name="addressOf">A function's address by its name.</param>
    /// <exception cref="EntryPointNotFoundException">The library lacks one.</exception>
    public CudaFunctions(Func<string, nint> addressOf)
    {
        _init = (delegate* unmanaged<uint, int>)addressOf("cuInit");
        _deviceGet = (delegate* unmanaged<int*, int, int>)addressOf("cuDeviceGet");
        _primaryContextState = (delegate* unmanaged<int, uint*, int*, int>)addressOf("cuDevicePrimaryCtxGetState");
        _primaryContextSetFlags = (delegate* unmanaged<int, uint, int>)addressOf("cuDevicePrimaryCtxSetFlags");
        _primaryContextRetain = (delegate* unmanaged<nint*, int, int>)addressOf("cuDevicePrimaryCtxRetain");
        _primaryContextRelease = (delegate* unmanaged<int, int>)addressOf("cuDevicePrimaryCtxRelease_v2");
        _contextPush = (delegate* unmanaged<nint, int>)addressOf("cuCtxPushCurrent_v2");
        _contextPop = (delegate* unmanaged<nint*, int>)addressOf("cuCtxPopCurrent_v2");
    }

    /// <summary>The process's one context on a device, for one more user.</summary>
    /// <exception cref="CudaException">The device is not there, or has no memory left.</exception>
    public (int Device, nint Context) Retain(int ordinal)
    {
        Check(_init(0), "cuInit");
        int device;
        Check(_deviceGet(&device, ordinal), "cuDeviceGet");
        uint flags;
        int isActive;
        Check(_primaryContextState(device, &flags, &isActive), "cuDevicePrimaryCtxGetState");
        if (isActive == 0)
        {
            Check(_primaryContextSetFlags(device, BlockingSync), "cuDevicePrimaryCtxSetFlags");
        }

        nint context;
        Check(_primaryContextRetain(&context, device), "cuDevicePrimaryCtxRetain");
        return (device, context);
    }

    /// <summary>The last user's goodbye destroys the context, so that a device that was lost begins anew.</summary>
    public void Release(int device) => _ = _primaryContextRelease(device);

    /// <exception cref="CudaException">The device is lost.</exception>
    public void Push(nint context) => Check(_contextPush(context), "cuCtxPushCurrent");

    public void Pop()
    {
        nint popped;
        _ = _contextPop(&popped);
    }

    private static void Check(int error, string call)
    {
        if (error != 0)
        {
            throw new CudaException(call, error);
        }
    }
}
