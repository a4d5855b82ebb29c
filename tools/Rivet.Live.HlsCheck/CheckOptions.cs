using System.Globalization;
using Rivet.Live.HlsCheck.Rules;

namespace Rivet.Live.HlsCheck;

/// <summary>The command line.</summary>
internal sealed record CheckOptions
{
    public const string Usage = """
        usage: tools/hls-check URL [--seconds 20] [--slack 0.5] [--only 1,2] [--skip 9] [--json FILE] [--verbose]
          URL        a multivariant or media playlist
          --seconds  how long to watch
          --slack    seconds that the network and this machine may add to any time
          --only     check these rules; --skip leaves rules out
          --json     write the whole report here too
          --verbose  print every rule and every finding
        Exit 0: every rule holds; 1: one is broken; 2: bad usage, or no playlist at URL.
        """;

    public required Uri Url { get; init; }

    public double Seconds { get; init; } = 20;

    public TimeSpan Slack { get; init; } = TimeSpan.FromSeconds(0.5);

    public IReadOnlyList<Rule> Rules { get; init; } = RuleTable.All;

    /// <summary>A file; null for none.</summary>
    public string? Json { get; init; }

    public bool IsVerbose { get; init; }

    /// <exception cref="FormatException">It cannot be read; the message says why.</exception>
    public static CheckOptions Parse(IReadOnlyList<string> arguments)
    {
        Uri? url = null;
        var options = new CheckOptions { Url = new Uri("http://localhost") };
        for (int index = 0; index < arguments.Count; index++)
        {
            string argument = arguments[index];
            string Value() => ++index < arguments.Count ? arguments[index] : throw new FormatException($"{argument} needs a value.");
            options = argument switch
            {
                "--seconds" => options with { Seconds = Number(argument, Value()) },
                "--slack" => options with { Slack = TimeSpan.FromSeconds(Number(argument, Value())) },
                "--only" => options with { Rules = [.. Named(argument, Value())] },
                "--skip" => options with { Rules = [.. options.Rules.Except(Named(argument, Value()))] },
                "--json" => options with { Json = Value() },
                "--verbose" => options with { IsVerbose = true },
                _ when !argument.StartsWith('-') && url is null && Uri.TryCreate(argument, UriKind.Absolute, out url) && url.Scheme is "http" or "https" => options with { Url = url },
                _ => throw new FormatException($"Saw '{argument}', expected an http or https URL or an option."),
            };
        }

        return url is not null ? options : throw new FormatException("No URL.");
    }

    private static double Number(string name, string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number > 0
            ? number
            : throw new FormatException($"{name}: saw '{text}', expected a number above 0.");

    private static IEnumerable<Rule> Named(string name, string text) => text.Split(',').Select(item =>
        int.TryParse(item, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && RuleTable.All.FirstOrDefault(rule => rule.Number == number) is { } rule
            ? rule
            : throw new FormatException($"{name}: saw '{item}', expected rule numbers from 1 to {RuleTable.All[^1].Number}."));
}
