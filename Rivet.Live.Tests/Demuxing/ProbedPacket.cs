using System.Globalization;

namespace Rivet.Live.Tests.Demuxing;

/// <summary>A packet as ffprobe prints it.</summary>
internal sealed record ProbedPacket(int Stream, long Pts, long Dts, long Duration, int Size, bool IsKey)
{
    public static ProbedPacket Parse(string line)
    {
        Dictionary<string, string> fields = line.Split('|').Skip(1).Select(static field => field.Split('=', 2)).ToDictionary(static field => field[0], static field => field[1]);
        long dts = Number(fields["dts"], 0);
        return new ProbedPacket(
            (int)Number(fields["stream_index"], 0),
            Number(fields["pts"], dts),
            dts,
            Number(fields["duration"], 0),
            (int)Number(fields["size"], 0),
            fields["flags"].Contains('K', StringComparison.Ordinal));
    }

    private static long Number(string text, long otherwise) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : otherwise;
}
