using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Rivet.Live.Endpoints;

/// <summary>Whether a viewer takes gzip (RFC 9110 12.5.3).</summary>
internal static class AcceptedEncoding
{
    /// <param name="accepted">Accept-Encoding: codings between commas, each with a weight perhaps; a weight of 0 refuses.</param>
    public static bool TakesGzip(StringValues accepted)
    {
        bool? others = null;
        foreach (string? list in accepted)
        {
            foreach (Range item in list.AsSpan().Split(','))
            {
                ReadOnlySpan<char> coding = list.AsSpan()[item];
                int end = coding.IndexOf(';');
                ReadOnlySpan<char> name = (end < 0 ? coding : coding[..end]).Trim();
                bool isTaken = end < 0 || !IsZero(coding[(end + 1)..].Trim());
                if (name.Equals("gzip", StringComparison.OrdinalIgnoreCase) || name.Equals("x-gzip", StringComparison.OrdinalIgnoreCase))
                {
                    return isTaken;
                }

                others = name is "*" ? isTaken : others;
            }
        }

        return others == true;
    }

    private static bool IsZero(ReadOnlySpan<char> weight) =>
        weight.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
        && double.TryParse(weight[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double quality)
        && quality == 0;
}
