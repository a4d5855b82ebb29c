namespace Rivet.Live.Core.Broadcast;

/// <summary>Something that holds for a time of a broadcast: an ad break, a programme's title. EXT-X-DATERANGE, RFC 8216bis 4.4.5.1.</summary>
public sealed record DateRange
{
    private const double OpenSecondsMax = 3600;

    /// <summary>Never used for anything else in the same broadcast.</summary>
    public required string Id { get; init; }

    /// <summary>What the attributes mean; null where they say it themselves.</summary>
    public string? Class { get; init; }

    public required DateTimeOffset Start { get; init; }

    /// <summary>How long it lasts; null while that is not known.</summary>
    public double? DurationSeconds { get; init; }

    /// <summary>How long it is meant to last.</summary>
    public double? PlannedSeconds { get; init; }

    /// <summary>Further attributes: text in quotes, or <c>0x…</c>, as they stand in a playlist.</summary>
    public IReadOnlyList<(string Name, string Value)> Attributes { get; init; } = [];

    /// <summary>When it ends will be told: whoever begins to play in the middle of it has to know of it.</summary>
    public bool IsOpen { get; init; }

    /// <summary>The last instant that it holds for, as far as that is known; of an open one it is expected within an hour.</summary>
    public DateTimeOffset End => Start.AddSeconds(DurationSeconds ?? PlannedSeconds ?? (IsOpen ? OpenSecondsMax : 0));
}
