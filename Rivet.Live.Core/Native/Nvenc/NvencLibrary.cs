using System.Runtime.InteropServices;

namespace Rivet.Live.Core.Native.Nvenc;

/// <summary>NVIDIA's driver as encoders need it: CUDA's library, NVENC's library, and the API version that both sides know.</summary>
/// <remarks>Both libraries come with the driver and are opened at run time; a machine without them loses nothing else.</remarks>
internal sealed unsafe class NvencLibrary
{
    public const string CudaFile = "libcuda.so.1";
    public const string EncodeFile = "libnvidia-encode.so.1";

    private readonly CudaFunctions _cuda;
    private readonly delegate* unmanaged<nint, NvencStatus> _createInstance;

    // A monitor, since it is waited for with a limit. Guards what is below and, for the process, every session's beginning: drivers have crashed without that.
    private readonly object _openLock = new();
    private readonly NvencLayout[] _layouts;
    private readonly NvencFunctions?[] _functions;
    private int _current;

    private NvencLibrary(Func<string, nint> cuda, Func<string, nint> encode)
    {
        _cuda = new CudaFunctions(cuda);
        _createInstance = (delegate* unmanaged<nint, NvencStatus>)encode("NvEncodeAPICreateInstance");
        uint newest;
        NvencStatus status = ((delegate* unmanaged<uint*, NvencStatus>)encode("NvEncodeAPIGetMaxSupportedVersion"))(&newest);
        if (status != NvencStatus.Success)
        {
            throw new NvencException("NvEncodeAPIGetMaxSupportedVersion", status);
        }

        DriverVersion = NvencVersion.OfDriver(newest);
        _layouts = [.. NvencLayout.All.Where(layout => layout.Version.IsAtMost(DriverVersion))];
        _functions = new NvencFunctions?[_layouts.Length];
    }

    /// <summary>The newest API version that the driver knows.</summary>
    public NvencVersion DriverVersion { get; }

    /// <summary>Opens the driver's libraries.</summary>
    /// <exception cref="DllNotFoundException">One is missing; the message names it.</exception>
    /// <exception cref="EntryPointNotFoundException">One lacks a function.</exception>
    /// <exception cref="NvencException">NVENC's does not say which version it knows.</exception>
    public static NvencLibrary Load()
    {
        nint cuda = NativeLibrary.Load(CudaFile);
        nint encode = NativeLibrary.Load(EncodeFile);
        return new NvencLibrary(name => NativeLibrary.GetExport(cuda, name), name => NativeLibrary.GetExport(encode, name));
    }

    /// <summary>The same over functions that come from elsewhere.</summary>
    internal static NvencLibrary Of(Func<string, nint> cuda, Func<string, nint> encode) => new(cuda, encode);

    /// <summary>Keeps a device's context alive.</summary>
    /// <exception cref="CudaException">The device has none for us.</exception>
    public CudaContextHandle Hold(int ordinal) => new(_cuda, ordinal);

    /// <summary>
    /// Opens a session on a device and makes it ready, one at a time in the process. Where the driver knows an API version less well than it
    /// says, the next older one is tried, now and from then on.
    /// </summary>
    /// <param name="ordinal">CUDA's number of the device.</param>
    /// <param name="prepare">Everything up to the first picture.</param>
    /// <param name="patience">How long to wait for another session that is being opened.</param>
    /// <exception cref="NvencException">The driver refused: the call, the status and its words.</exception>
    /// <exception cref="CudaException">The device has no context for us.</exception>
    /// <exception cref="TimeoutException">Another session's opening took too long.</exception>
    public T Open<T>(int ordinal, Func<NvencSession, T> prepare, TimeSpan patience)
    {
        if (!Monitor.TryEnter(_openLock, patience))
        {
            throw new TimeoutException($"Another session has been opening for {patience.TotalSeconds:0.#} s.");
        }

        try
        {
            for (int at = _current; ; at++)
            {
                try
                {
                    T opened = OpenOnce(at, ordinal, prepare);
                    _current = at;
                    return opened;
                }
                catch (NvencException failed) when (failed.Status == NvencStatus.InvalidVersion && at + 1 < _layouts.Length)
                {
                    // By design: the next older version is tried.
                }
            }
        }
        finally
        {
            Monitor.Exit(_openLock);
        }
    }

    private T OpenOnce<T>(int at, int ordinal, Func<NvencSession, T> prepare)
    {
        if (_layouts.Length == 0)
        {
            throw new NvencException(
                "NvEncodeAPIGetMaxSupportedVersion", NvencStatus.InvalidVersion, $"the driver knows NVENC {DriverVersion}, and {NvencLayout.All[^1].Version} is the oldest known here");
        }

        NvencFunctions functions = _functions[at] ??= FunctionsOf(_layouts[at]);
        NvencSession session = NvencSession.Open(functions, _layouts[at], _cuda, ordinal);
        try
        {
            return prepare(session);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private NvencFunctions FunctionsOf(NvencLayout layout)
    {
        NvencBlock list = layout.Allocate("NV_ENCODE_API_FUNCTION_LIST");
        NvencStatus status = _createInstance(list.Pointer);
        return status == NvencStatus.Success ? new NvencFunctions(list.View) : throw new NvencException("NvEncodeAPICreateInstance", status);
    }
}
