namespace Rivet.Live.Core.Media;

/// <summary>An instant on a broadcast's timeline: <c>Ticks ÷ Timescale</c> seconds since the publisher's zero.</summary>
/// <param name="Ticks">Signed: an edit list may place a picture before zero.</param>
/// <param name="Timescale">Ticks per second, greater than zero.</param>
public readonly record struct MediaTime(long Ticks, int Timescale) : IComparable<MediaTime>
{
    public double Seconds => (double)Ticks / Timescale;

    /// <summary>The same instant on another scale, rounded toward the past: never later than the truth.</summary>
    public MediaTime FloorTo(int timescale)
    {
        (Int128 whole, Int128 rest) = Int128.DivRem((Int128)Ticks * timescale, Timescale);
        return new MediaTime(checked((long)(rest < 0 ? whole - 1 : whole)), timescale);
    }

    /// <summary>The same instant on another scale, rounded toward the future: never earlier than the truth.</summary>
    public MediaTime CeilingTo(int timescale)
    {
        MediaTime floor = FloorTo(timescale);
        return floor < this ? floor with { Ticks = floor.Ticks + 1 } : floor;
    }

    public int CompareTo(MediaTime other) => ((Int128)Ticks * other.Timescale).CompareTo((Int128)other.Ticks * Timescale);

    public static bool operator <(MediaTime left, MediaTime right) => left.CompareTo(right) < 0;

    public static bool operator >(MediaTime left, MediaTime right) => left.CompareTo(right) > 0;

    public static bool operator <=(MediaTime left, MediaTime right) => left.CompareTo(right) <= 0;

    public static bool operator >=(MediaTime left, MediaTime right) => left.CompareTo(right) >= 0;

    public override string ToString() => $"{Ticks}/{Timescale}";
}
