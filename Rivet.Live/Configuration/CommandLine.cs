namespace Rivet.Live.Configuration;

/// <summary>The command line, taken apart: a verb, the options, and configuration keys.</summary>
/// <param name="Verb">What to do; a command line without one runs the server.</param>
/// <param name="ConfigFile">From <c>--config</c>; null when none was named.</param>
/// <param name="Json">Whether <c>--json</c> was given: doctor and validate print JSON.</param>
/// <param name="DevTls">Whether <c>--dev-tls</c> was given.</param>
/// <param name="Values">Configuration keys and their values, <c>urls</c> among them.</param>
/// <param name="Mistakes">What could not be understood.</param>
internal sealed record CommandLine(
    LiveVerb Verb,
    string? ConfigFile,
    bool Json,
    bool DevTls,
    IReadOnlyDictionary<string, string?> Values,
    IReadOnlyList<SettingMistake> Mistakes)
{
    /// <summary>How to call the program.</summary>
    public const string Usage = """
        Rivet.Live: fragmented MP4 in over HTTP, a ladder of low-latency HLS out.

        Rivet.Live [verb] [options]
          (no verb)                 run the server
          validate                  check the configuration, say every mistake, exit 0 or 2
          doctor                    say what this machine offers

          --urls URL[;URL]          where to listen, default http://127.0.0.1:8080
          --config FILE             a JSON file over appsettings.json
          --dev-tls                 https with a certificate made at start
          --json                    validate and doctor print JSON
          --Section:Key=value       any key of appsettings.json (also RIVET_Section__Key in the environment)
        """;

    private const string Allowed =
        "the verbs doctor and validate, --urls URL, --config FILE, --dev-tls, --json (with a verb), --help and --Section:Key=value";

    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        LiveVerb? verb = null;
        string? configFile = null;
        bool json = false;
        bool devTls = false;
        Dictionary<string, string?> values = new(StringComparer.OrdinalIgnoreCase);
        List<SettingMistake> mistakes = [];
        for (int index = 0; index < arguments.Count; index++)
        {
            string argument = arguments[index];
            if (verb is null && TryReadVerb(argument, out LiveVerb named))
            {
                verb = named;
                continue;
            }

            if (argument == "--json")
            {
                json = true;
                continue;
            }

            if (argument == "--dev-tls")
            {
                devTls = true;
                continue;
            }

            int equals = argument.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? argument : argument[..equals];
            if (!IsOption(name))
            {
                mistakes.Add(new SettingMistake("command line", $"'{argument}'", Allowed));
                continue;
            }

            bool hasNext = index + 1 < arguments.Count && !arguments[index + 1].StartsWith("--", StringComparison.Ordinal);
            string? value = equals >= 0 ? argument[(equals + 1)..] : hasNext ? arguments[++index] : null;
            if (value is null)
            {
                mistakes.Add(new SettingMistake(name, "no value", $"{name}=VALUE or {name} VALUE"));
            }
            else if (name == "--config")
            {
                configFile = value;
            }
            else
            {
                values[name[2..]] = value;
            }
        }

        if (json && verb is null)
        {
            mistakes.Add(new SettingMistake("--json", "no verb", "--json together with doctor or validate"));
        }

        return new CommandLine(verb ?? LiveVerb.Run, configFile, json, devTls, values, mistakes);
    }

    private static bool IsOption(string name) => name is "--config" or "--urls"
        || (name.StartsWith("--", StringComparison.Ordinal) && name.IndexOf(':', StringComparison.Ordinal) > 2);

    private static bool TryReadVerb(string argument, out LiveVerb verb)
    {
        verb = argument switch
        {
            "validate" => LiveVerb.Validate,
            "doctor" => LiveVerb.Doctor,
            Core.Isolation.LadderChild.Verb => LiveVerb.LadderChild,
            "--help" or "-h" => LiveVerb.Help,
            _ => LiveVerb.Run,
        };
        return verb != LiveVerb.Run;
    }
}
