using System.Globalization;
using Rivet.Live.Core.Hls;

namespace Rivet.Live.Endpoints;

/// <summary>What a player asks for with <c>_HLS_msn</c>, <c>_HLS_part</c> and <c>_HLS_skip</c> (RFC 8216bis 6.2.5).</summary>
/// <param name="MediaSequence">Segment to wait for.</param>
/// <param name="Part">Part of it to wait for; null waits for the whole segment.</param>
/// <param name="Skips">
/// It knows the segments before the Skip Boundary. <c>v2</c> also allows date ranges to be left out, of which there are none; words of later
/// drafts are no mistake, and are answered with the whole playlist.
/// </param>
/// <param name="Unreadable">A directive that is no number; null where all are.</param>
internal sealed record DeliveryDirectives(long? MediaSequence, int? Part, bool Skips, string? Unreadable)
{
    public static DeliveryDirectives Read(IQueryCollection query)
    {
        long? mediaSequence = Number(query, "_HLS_msn", out string? badSequence);
        long? part = Number(query, "_HLS_part", out string? badPart);
        int? index = part is { } number ? (int)Math.Min(number, int.MaxValue) : null;
        bool skips = query["_HLS_skip"].ToString() is "YES" or "v2";
        return new DeliveryDirectives(mediaSequence, index, skips, badSequence ?? badPart);
    }

    /// <summary>Why a live playlist cannot answer this; null where it can.</summary>
    public string? Mistake(PlaylistSnapshot playlist, HlsPlan plan)
    {
        if (Unreadable is not null)
        {
            return $"'{Unreadable}' is not a whole number from 0.";
        }

        if (MediaSequence is not { } wanted)
        {
            return Part is null ? null : "_HLS_part needs _HLS_msn beside it.";
        }

        long newest = Math.Max(playlist.Last?.MediaSequence ?? 0, playlist.LastCompleteSegment ?? 0);
        if (wanted > newest + 2)
        {
            return $"_HLS_msn={wanted} is more than two segments ahead of the newest, {newest}.";
        }

        // A part past the end of a complete segment is the first of the next one, however far past.
        int newestPart = wanted == playlist.Last?.MediaSequence ? playlist.Last.Value.Part : -1;
        bool isOpen = wanted > (playlist.LastCompleteSegment ?? -1);
        return isOpen && Part > (long)newestPart + plan.AdvancePartLimit
            ? $"_HLS_part={Part} is more than {plan.AdvancePartLimit} parts ahead of what segment {wanted} has."
            : null;
    }

    private static long? Number(IQueryCollection query, string name, out string? bad)
    {
        bad = null;
        if (!query.TryGetValue(name, out Microsoft.Extensions.Primitives.StringValues text))
        {
            return null;
        }

        if (long.TryParse(text.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out long number))
        {
            return number;
        }

        bad = $"{name}={text}";
        return null;
    }
}
