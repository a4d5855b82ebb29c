using System.Globalization;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ingest;

/// <summary>Names of a publisher's own tracks in the registry: <c>video</c>, <c>video2</c>, <c>audio</c> …</summary>
internal static class TrackName
{
    /// <param name="kind">What the track's samples are.</param>
    /// <param name="number">Counted from 1 among the tracks of its kind, in the order of the moov.</param>
    public static string Of(TrackKind kind, int number)
    {
        string word = kind switch
        {
            TrackKind.Video => "video",
            TrackKind.Audio => "audio",
            _ => "other",
        };
        return number == 1 ? word : word + number.ToString(CultureInfo.InvariantCulture);
    }
}
