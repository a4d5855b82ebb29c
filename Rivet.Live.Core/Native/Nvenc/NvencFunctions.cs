using System.Runtime.InteropServices;

namespace Rivet.Live.Core.Native.Nvenc;

/// <summary>NVENC's functions, as the driver filled their list in. Each answers with a status and throws nothing.</summary>
internal sealed unsafe class NvencFunctions
{
    private readonly delegate* unmanaged<nint, nint*, NvencStatus> _openSession;
    private readonly delegate* unmanaged<nint, uint*, NvencStatus> _codecCount;
    private readonly delegate* unmanaged<nint, Guid*, uint, uint*, NvencStatus> _codecs;
    private readonly delegate* unmanaged<nint, Guid, nint, int*, NvencStatus> _capability;
    private readonly delegate* unmanaged<nint, Guid, Guid, uint, nint, NvencStatus> _presetConfig;
    private readonly delegate* unmanaged<nint, byte*> _lastError;
    private readonly Dictionary<string, nint> _addresses;

    /// <param name="list">NV_ENCODE_API_FUNCTION_LIST, filled in.</param>
    public NvencFunctions(NvencView list)
    {
        _addresses = list.Fields
            .Where(static field => field.StartsWith("nvEnc", StringComparison.Ordinal))
            .ToDictionary(static field => field, field => (nint)list.Get(field));
        _openSession = (delegate* unmanaged<nint, nint*, NvencStatus>)_addresses["nvEncOpenEncodeSessionEx"];
        _codecCount = (delegate* unmanaged<nint, uint*, NvencStatus>)_addresses["nvEncGetEncodeGUIDCount"];
        _codecs = (delegate* unmanaged<nint, Guid*, uint, uint*, NvencStatus>)_addresses["nvEncGetEncodeGUIDs"];
        _capability = (delegate* unmanaged<nint, Guid, nint, int*, NvencStatus>)_addresses["nvEncGetEncodeCaps"];
        _presetConfig = (delegate* unmanaged<nint, Guid, Guid, uint, nint, NvencStatus>)_addresses["nvEncGetEncodePresetConfigEx"];
        _lastError = (delegate* unmanaged<nint, byte*>)_addresses["nvEncGetLastErrorString"];
    }

    /// <param name="parameters">NV_ENC_OPEN_ENCODE_SESSION_EX_PARAMS.</param>
    /// <param name="session">May be one even where the call failed: it is to be destroyed all the same.</param>
    public NvencStatus OpenSession(NvencBlock parameters, out nint session)
    {
        nint opened = 0;
        NvencStatus status = _openSession(parameters.Pointer, &opened);
        GC.KeepAlive(parameters);
        session = opened;
        return status;
    }

    /// <summary>The codecs that the device encodes.</summary>
    public NvencStatus Codecs(nint session, out Guid[] codecs)
    {
        codecs = [];
        uint count;
        NvencStatus status = _codecCount(session, &count);
        if (status != NvencStatus.Success || count == 0)
        {
            return status;
        }

        Guid[] found = new Guid[count];
        fixed (Guid* first = found)
        {
            status = _codecs(session, first, count, &count);
        }

        codecs = found[..(int)Math.Min(count, (uint)found.Length)];
        return status;
    }

    /// <param name="session">An open session.</param>
    /// <param name="codec">Whose capability.</param>
    /// <param name="parameters">NV_ENC_CAPS_PARAM.</param>
    /// <param name="value">The answer.</param>
    public NvencStatus Capability(nint session, Guid codec, NvencBlock parameters, out int value)
    {
        int answer = 0;
        NvencStatus status = _capability(session, codec, parameters.Pointer, &answer);
        GC.KeepAlive(parameters);
        value = answer;
        return status;
    }

    /// <param name="session">An open session.</param>
    /// <param name="codec">For which codec.</param>
    /// <param name="preset">Which preset.</param>
    /// <param name="tuning">NV_ENC_TUNING_INFO.</param>
    /// <param name="config">NV_ENC_PRESET_CONFIG, to be filled in.</param>
    public NvencStatus PresetConfig(nint session, Guid codec, Guid preset, uint tuning, NvencBlock config)
    {
        NvencStatus status = _presetConfig(session, codec, preset, tuning, config.Pointer);
        GC.KeepAlive(config);
        return status;
    }

    /// <summary>Calls a function that takes the session and a struct.</summary>
    /// <param name="name">As the list calls it.</param>
    /// <param name="session">An open session.</param>
    /// <param name="parameters">Its struct.</param>
    public NvencStatus Call(string name, nint session, NvencBlock parameters)
    {
        NvencStatus status = Call(name, session, parameters.Pointer);
        GC.KeepAlive(parameters);
        return status;
    }

    /// <summary>Calls a function that takes the session and a buffer that it made.</summary>
    public NvencStatus Call(string name, nint session, nint buffer) =>
        ((delegate* unmanaged<nint, nint, NvencStatus>)_addresses[name])(session, buffer);

    /// <summary>Ends a session; nothing of it may be used any more.</summary>
    public NvencStatus Destroy(nint session) => ((delegate* unmanaged<nint, NvencStatus>)_addresses["nvEncDestroyEncoder"])(session);

    /// <summary>The driver's own words for the session's last error; empty where it has none.</summary>
    public string LastError(nint session) => session == 0 || _lastError is null ? "" : Marshal.PtrToStringUTF8((nint)_lastError(session)) ?? "";
}
