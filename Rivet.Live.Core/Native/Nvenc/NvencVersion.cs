using System.Globalization;

namespace Rivet.Live.Core.Native.Nvenc;

/// <summary>A version of NVENC's API. Every struct of a session carries the same one.</summary>
internal readonly record struct NvencVersion(int Major, int Minor)
{
    /// <summary>As <c>apiVersion</c> is written, and as the low bits of each struct's version word.</summary>
    public uint Word => (uint)(Major | (Minor << 24));

    /// <summary>Reads <c>12.1</c>.</summary>
    public static NvencVersion Parse(string text)
    {
        string[] parts = text.Split('.');
        return new(int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    /// <summary>As <c>NvEncodeAPIGetMaxSupportedVersion</c> answers.</summary>
    public static NvencVersion OfDriver(uint answer) => new((int)(answer >> 4), (int)(answer & 0xF));

    public bool IsAtMost(NvencVersion other) => (Major, Minor).CompareTo((other.Major, other.Minor)) <= 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}");
}
