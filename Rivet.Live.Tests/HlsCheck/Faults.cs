namespace Rivet.Live.Tests.HlsCheck;

/// <summary>An answer before it is sent.</summary>
/// <param name="Status">Of HTTP.</param>
/// <param name="Body">All of it.</param>
/// <param name="Headers">Beside the length.</param>
/// <param name="Delay">Before the first byte.</param>
/// <param name="Trickle">Between the body's first and second half.</param>
internal sealed record SyntheticAnswer(int Status, byte[] Body, Dictionary<string, string> Headers, TimeSpan Delay = default, TimeSpan Trickle = default)
{
    public static SyntheticAnswer Empty(int status) => new(status, [], []);

    public SyntheticAnswer With(string header, string? value)
    {
        Dictionary<string, string> headers = new(Headers);
        headers.Remove(header);
        if (value is not null)
        {
            headers[header] = value;
        }

        return this with { Headers = headers };
    }
}

/// <summary>What an origin does wrong; by default nothing.</summary>
internal sealed class Faults
{
    public Func<string, string> Master { get; init; } = static text => text;

    /// <summary>Rendition, parts that exist, text.</summary>
    public Func<string, int, string, string> Playlist { get; init; } = static (_, _, text) => text;

    /// <summary>Of deltas only, behind <see cref="Playlist"/>.</summary>
    public Func<string, string> Delta { get; init; } = static text => text;

    /// <summary>The place that a reload waits for; null for none.</summary>
    public Func<(int Sequence, int? Part), (int Sequence, int? Part)?> Waits { get; init; } = static wanted => wanted;

    /// <summary>Path and query, seconds since the start, the right answer.</summary>
    public Func<string, double, SyntheticAnswer, SyntheticAnswer> Answer { get; init; } = static (_, _, answer) => answer;

    /// <summary>Seconds since the start to parts since the start.</summary>
    public Func<double, int> Parts { get; init; } = static seconds => (int)(seconds / SyntheticBroadcast.PartSeconds);

    /// <summary>Parts after which the broadcast ends.</summary>
    public int EndsAfter { get; init; } = int.MaxValue;
}
