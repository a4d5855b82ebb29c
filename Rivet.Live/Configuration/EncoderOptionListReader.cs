using System.Text.RegularExpressions;

namespace Rivet.Live.Configuration;

/// <summary>Reads <c>Encoding:Options</c>: entries such as <c>libx264:aq-mode=3</c>.</summary>
internal static partial class EncoderOptionListReader
{
    private const string Key = "Encoding:Options";

    private static readonly string[] Encoders =
    [
        "libx264", "libx265", "libaom-av1", "h264_nvenc", "hevc_nvenc", "av1_nvenc", "h264_qsv", "hevc_qsv", "av1_qsv", "h264_vaapi", "hevc_vaapi", "av1_vaapi",
    ];

    public static IReadOnlyList<EncoderOptionSettings> Read(SettingsReader reader)
    {
        List<EncoderOptionSettings> options = [];
        foreach (ListEntry entry in reader.List(Key) ?? [])
        {
            Match match = Shape().Match(entry.Text ?? "");
            if (!match.Success || !Encoders.Contains(match.Groups["encoder"].Value))
            {
                reader.Report(
                    entry.Key,
                    entry.Text is null ? "an empty entry" : $"'{entry.Text}'",
                    $"ENCODER:OPTION=VALUE, where ENCODER is one of {string.Join(", ", Encoders)}, such as libx264:aq-mode=3");
                continue;
            }

            options.Add(new EncoderOptionSettings(match.Groups["encoder"].Value, match.Groups["name"].Value, match.Groups["value"].Value));
        }

        return options;
    }

    [GeneratedRegex(@"\A(?<encoder>[a-z0-9_-]+):(?<name>[a-z0-9_-]+)=(?<value>\S+)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
