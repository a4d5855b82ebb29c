using System.Runtime.InteropServices;

namespace Rivet.Live.Core.Native;

/// <summary>What NVIDIA's driver says of its devices. Its library comes with the driver, so that a machine without one has none of it.</summary>
internal static unsafe partial class CudaDriver
{
    private const string Library = "libcuda.so.1";
    private const int NameBytes = 256;

    /// <summary>True where the driver's library is there to be asked.</summary>
    public static bool IsInstalled
    {
        get
        {
            bool isThere = NativeLibrary.TryLoad(Library, out nint library);
            if (isThere)
            {
                NativeLibrary.Free(library);
            }

            return isThere;
        }
    }

    /// <summary>The names of the devices that this process may use, in the driver's order; may take seconds, or hang.</summary>
    /// <param name="error">The driver's CUresult where it has no answer; otherwise 0.</param>
    public static IReadOnlyList<string> DeviceNames(out int error)
    {
        int count = 0;
        error = cuInit(0);
        if (error == 0)
        {
            error = cuDeviceGetCount(&count);
        }

        List<string> names = [];
        byte* name = stackalloc byte[NameBytes];
        for (int ordinal = 0; ordinal < count && error == 0; ordinal++)
        {
            int device;
            error = cuDeviceGet(&device, ordinal);
            if (error == 0)
            {
                error = cuDeviceGetName(name, NameBytes, device);
            }

            if (error == 0)
            {
                names.Add(AvUtilFunctions.Text(name));
            }
        }

        return names;
    }

    [LibraryImport(Library)]
    private static partial int cuInit(uint flags);

    [LibraryImport(Library)]
    private static partial int cuDeviceGetCount(int* count);

    [LibraryImport(Library)]
    private static partial int cuDeviceGet(int* device, int ordinal);

    [LibraryImport(Library)]
    private static partial int cuDeviceGetName(byte* name, int length, int device);
}
