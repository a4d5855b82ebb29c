using System.Runtime.InteropServices;

namespace Rivet.Live.Core.Native.Nvenc;

/// <summary>An open encode session on a device, and the buffers that it made. Disposing it gives everything back in reverse. For one caller at a time.</summary>
internal sealed class NvencSession : SafeHandle
{
    private const int CudaDevice = 1;

    private readonly NvencFunctions _functions;
    private readonly CudaContextHandle _context;
    private readonly Stack<(string Destroy, nint Buffer)> _buffers = new();

    private NvencSession(NvencFunctions functions, NvencLayout layout, CudaContextHandle context)
        : base(0, ownsHandle: true)
    {
        _functions = functions;
        _context = context;
        Layout = layout;
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>What all of its structs look like.</summary>
    public NvencLayout Layout { get; }

    /// <exception cref="NvencException">The driver refused.</exception>
    /// <exception cref="CudaException">The device has no context for us.</exception>
    internal static NvencSession Open(NvencFunctions functions, NvencLayout layout, CudaFunctions cuda, int ordinal)
    {
        NvencSession session = new(functions, layout, new CudaContextHandle(cuda, ordinal));
        try
        {
            NvencBlock parameters = layout.Allocate("NV_ENC_OPEN_ENCODE_SESSION_EX_PARAMS");
            parameters.View.Set("deviceType", CudaDevice);
            parameters.View.Set("device", session._context.Context);
            parameters.View.Set("apiVersion", layout.Version.Word);
            using (session._context.Enter())
            {
                NvencStatus status = functions.OpenSession(parameters, out nint opened);
                session.Own(opened);
                session.Check("nvEncOpenEncodeSessionEx", status);
            }

            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>The context stays until the session is gone, in whichever order they are let go of.</summary>
    private void Own(nint session)
    {
        SetHandle(session);
        if (!IsInvalid)
        {
            bool isHeld = false;
            _context.DangerousAddRef(ref isHeld);
        }
    }

    /// <summary>The codecs that the device encodes.</summary>
    /// <exception cref="NvencException">The driver refused.</exception>
    public IReadOnlyList<Guid> Codecs()
    {
        using (_context.Enter())
        {
            Check("nvEncGetEncodeGUIDs", _functions.Codecs(handle, out Guid[] codecs));
            return codecs;
        }
    }

    /// <summary>One of a codec's limits or abilities.</summary>
    /// <param name="codec">One of <see cref="Codecs"/>.</param>
    /// <param name="number">NV_ENC_CAPS.</param>
    /// <exception cref="NvencException">The driver refused.</exception>
    public int Capability(Guid codec, int number)
    {
        NvencBlock parameters = Layout.Allocate("NV_ENC_CAPS_PARAM");
        parameters.View.Set("capsToQuery", number);
        using (_context.Enter())
        {
            Check("nvEncGetEncodeCaps", _functions.Capability(handle, codec, parameters, out int value));
            return value;
        }
    }

    /// <summary>A preset's configuration, to be changed and used.</summary>
    /// <param name="codec">For which codec.</param>
    /// <param name="preset">Which preset.</param>
    /// <param name="tuning">NV_ENC_TUNING_INFO.</param>
    /// <exception cref="NvencException">The driver refused.</exception>
    public NvencBlock PresetConfig(Guid codec, Guid preset, int tuning)
    {
        NvencBlock answer = Layout.Allocate("NV_ENC_PRESET_CONFIG");
        NvencBlock config = Layout.Allocate("NV_ENC_CONFIG");
        NvencView presetConfig = answer.View.Inside("presetCfg", "NV_ENC_CONFIG");
        presetConfig.CopyFrom(config.View);
        using (_context.Enter())
        {
            Check("nvEncGetEncodePresetConfigEx", _functions.PresetConfig(handle, codec, preset, (uint)tuning, answer));
        }

        config.View.CopyFrom(presetConfig);
        return config;
    }

    /// <summary>Calls a function that takes a struct.</summary>
    /// <exception cref="NvencException">The driver refused.</exception>
    /// <exception cref="CudaException">The device is lost.</exception>
    public void Call(string name, NvencBlock parameters) => Check(name, TryCall(name, parameters));

    /// <summary>The same, and the status is the caller's to judge.</summary>
    /// <exception cref="CudaException">The device is lost.</exception>
    public NvencStatus TryCall(string name, NvencBlock parameters)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        using (_context.Enter())
        {
            return _functions.Call(name, handle, parameters);
        }
    }

    /// <summary>Calls a function that takes a buffer of this session.</summary>
    /// <exception cref="NvencException">The driver refused.</exception>
    /// <exception cref="CudaException">The device is lost.</exception>
    public void Call(string name, nint buffer)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        using (_context.Enter())
        {
            Check(name, _functions.Call(name, handle, buffer));
        }
    }

    /// <summary>Has a buffer made that lives as long as the session.</summary>
    /// <param name="create">The function that makes it.</param>
    /// <param name="destroy">The one that ends it.</param>
    /// <param name="parameters">Its struct.</param>
    /// <param name="field">Where that has the buffer afterwards.</param>
    /// <exception cref="NvencException">The driver refused.</exception>
    public nint Create(string create, string destroy, NvencBlock parameters, string field)
    {
        Call(create, parameters);
        nint buffer = (nint)parameters.View.Get(field);
        _buffers.Push((destroy, buffer));
        return buffer;
    }

    /// <summary>Memory of the driver, while a buffer is locked.</summary>
    public static unsafe Span<byte> MemoryOf(NvencBlock locked, string field, int bytes) => new((void*)(nint)locked.View.Get(field), bytes);

    /// <exception cref="NvencException">The status is not success: the driver's own words are in it.</exception>
    public void Check(string call, NvencStatus status)
    {
        if (status != NvencStatus.Success)
        {
            throw new NvencException(call, status, _functions.LastError(handle));
        }
    }

    protected override bool ReleaseHandle()
    {
        try
        {
            using (_context.Enter())
            {
                Destroy();
            }
        }
        catch (CudaException)
        {
            // By design: a lost device has no context to enter, and what it held is given back all the same.
            Destroy();
        }

        _context.DangerousRelease();
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            _context.Dispose();
        }
    }

    private void Destroy()
    {
        while (_buffers.TryPop(out (string Destroy, nint Buffer) one))
        {
            _ = _functions.Call(one.Destroy, handle, one.Buffer);
        }

        _ = _functions.Destroy(handle);
    }
}
