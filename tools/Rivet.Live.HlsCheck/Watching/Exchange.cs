namespace Rivet.Live.HlsCheck.Watching;

/// <summary>One request and its answer. Times are since the watch began.</summary>
internal sealed record Exchange
{
    public required Uri Uri { get; init; }

    public required TimeSpan Asked { get; init; }

    /// <summary>When the first byte of the body came; the last one's time where there is no body.</summary>
    public required TimeSpan FirstByte { get; init; }

    public required TimeSpan LastByte { get; init; }

    /// <summary>0 where there was no answer.</summary>
    public required int Status { get; init; }

    /// <summary>Why there was no answer; null where there was one.</summary>
    public string? Failure { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public ReadOnlyMemory<byte> Body { get; init; }

    public bool IsOk => Status is 200 or 206;

    public TimeSpan Took => LastByte - Asked;

    public string Text => System.Text.Encoding.UTF8.GetString(Body.Span);

    /// <summary>For people: the status, or why there is none.</summary>
    public string Outcome => Failure ?? Status.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public string? Header(string name) => Headers.GetValueOrDefault(name);
}
