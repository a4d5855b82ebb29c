using System.Globalization;
using System.Runtime.InteropServices;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Encoding.Nvenc;
using Rivet.Live.Core.Native.Nvenc;
using Rivet.Live.Tests.Support;

namespace Rivet.Live.Tests.Nvsim;

/// <summary>The simulated driver loaded into this process for one test: a copy under names of its own, so that nobody else finds it.</summary>
internal sealed class NvsimDriver : IDisposable
{
    private const string Cuda = "libcuda.so.1";
    private const string Encode = "libnvidia-encode.so.1";

    private static int lastNumber;

    private readonly TemporaryFolder _folder = new();

    private NvsimDriver(NvsimMachine machine)
    {
        Machine = machine;
        string number = (Interlocked.Increment(ref lastNumber) % 1000).ToString("D3", CultureInfo.InvariantCulture);
        string cuda = Copy(Cuda, number);
        string encode = Copy(Encode, number);
        File.WriteAllLines(_folder.PathOf("environment"), machine.Environment.Select(static one => $"{one.Key}={one.Value}"));
        Driver = new NvencDriver(() =>
        {
            nint cudaLibrary = NativeLibrary.Load(cuda);
            nint encodeLibrary = NativeLibrary.Load(encode);
            return NvencLibrary.Of(name => NativeLibrary.GetExport(cudaLibrary, name), name => NativeLibrary.GetExport(encodeLibrary, name));
        });
    }

    /// <summary>Its cards, what goes wrong with them, and what they logged.</summary>
    public NvsimMachine Machine { get; }

    /// <summary>What drives it.</summary>
    public NvencDriver Driver { get; }

    /// <inheritdoc cref="NvsimMachine.BuildAsync"/>
    public static async Task<NvsimDriver> LoadAsync(string cards = "l4", params (string Name, string Value)[] more) =>
        new(await NvsimMachine.BuildAsync(cards, more));

    /// <summary>One of its cards, for encoders without FFmpeg.</summary>
    public static HardwareNode Node(int ordinal = 0) => CudaNodes.Of("A card", ordinal, isNvencDirect: true);

    public void Dispose()
    {
        Machine.Dispose();
        _folder.Dispose();
    }

    /// <summary>A copy with another name, inside and outside, of the same length.</summary>
    private string Copy(string file, string number)
    {
        string bytes = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(Path.Combine(NvsimMachine.Folder, "build", file)))
            .Replace(Cuda, Renamed(Cuda, number), StringComparison.Ordinal)
            .Replace(Encode, Renamed(Encode, number), StringComparison.Ordinal);
        string path = _folder.PathOf(Renamed(file, number));
        File.WriteAllBytes(path, System.Text.Encoding.Latin1.GetBytes(bytes));
        return path;
    }

    private static string Renamed(string file, string number)
    {
        int dot = file.IndexOf('.', StringComparison.Ordinal);
        return file[..(dot - number.Length)] + number + file[dot..];
    }
}
