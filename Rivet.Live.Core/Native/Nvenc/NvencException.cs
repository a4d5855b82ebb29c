namespace Rivet.Live.Core.Native.Nvenc;

/// <summary>A call into NVENC answered with an error: which call, the status, and the driver's own words where it has any.</summary>
internal sealed class NvencException : Exception
{
    public NvencException(string call, NvencStatus status, string words = "")
        : base($"{call} failed with {(int)status} ({NameOf(status)}){(words.Length > 0 ? $": {words}" : "")}")
    {
        Call = call;
        Status = status;
    }

    public NvencException()
    {
    }

    public NvencException(string message)
        : base(message)
    {
    }

    public NvencException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The function that failed.</summary>
    public string Call { get; } = "";

    public NvencStatus Status { get; }

    /// <summary>As the header writes it, without its prefix: <c>OUT_OF_MEMORY</c>.</summary>
    private static string NameOf(NvencStatus status) =>
        string.Concat(status.ToString().Select(static (letter, at) => at > 0 && char.IsUpper(letter) ? $"_{letter}" : $"{char.ToUpperInvariant(letter)}"));
}
