using System.Globalization;

namespace Rivet.Live.Bench;

/// <summary>The command line: a benchmark's name, then <c>--name value</c> pairs.</summary>
internal sealed class BenchOptions
{
    public const string Usage = """
        usage: tools/bench [ladder | passthrough | viewers | scheduling | isolation | hour | ingest | stats | edge | hostile] [--json FILE]
          ladder       [--runs 5] [--seconds 10]               our ladder against the ffmpeg CLI's, speed, memory and quality
          passthrough  [--broadcasts 1,10,50] [--seconds 20] [--runs 3]   CPU of broadcasts that are only repackaged
          viewers      [--viewers 10000] [--seconds 60] [--part-milliseconds 500] [--runs 5] [--wrk-seconds 8]   viewers that wait, and a part fetched beside nginx
          scheduling   [--runs 5] [--seconds 10]               leases and chunks beside one encoder that stays open, and 1, 2, 4 devices
          isolation    [--runs 5] [--seconds 10]               ladders in processes of their own beside ladders in the server's
          hour         [--minutes 60] [--device cpu | nvidia]  memory of a server and its child over an hour of media; only when named
          ingest       [--runs 5] [--publishers 50] [--steps 50,100,200,300,400]   reading publishers' bytes: MB/s and allocations; CPU beside nginx; how many are held
          hostile      [--connections 1000] [--seconds 30]     parts of a broadcast while strangers do what they can; only when named
          stats        [--runs 5]                              a snapshot of 64 broadcasts of five renditions
          edge         [--viewers 200] [--seconds 20]          caches in front, as docs/edge sets them up; only when named
        """;

    private readonly Dictionary<string, string> _values = [];

    /// <exception cref="FormatException">It cannot be read; the message says why.</exception>
    public BenchOptions(IReadOnlyList<string> arguments)
    {
        int index = 0;
        if (arguments.Count > 0 && !arguments[0].StartsWith('-'))
        {
            Benchmark = arguments[index++];
        }

        for (; index < arguments.Count; index += 2)
        {
            bool isOption = arguments[index].StartsWith("--", StringComparison.Ordinal);
            if (!isOption || index + 1 == arguments.Count)
            {
                throw new FormatException($"Saw '{arguments[index]}', expected --name value.");
            }

            _values[arguments[index][2..]] = arguments[index + 1];
        }
    }

    /// <summary>Null where none is named: all of them.</summary>
    public string? Benchmark { get; }

    public string? Text(string name) => _values.GetValueOrDefault(name);

    /// <summary>A whole number from 1 on.</summary>
    public int Number(string name, int otherwise) => Text(name) is { } text ? Parse(name, text) : otherwise;

    /// <summary>Whole numbers from 1 on, between commas.</summary>
    public int[] Numbers(string name, int[] otherwise) => Text(name) is { } text ? [.. text.Split(',').Select(item => Parse(name, item))] : otherwise;

    private static int Parse(string name, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
            ? number
            : throw new FormatException($"--{name}: saw '{text}', expected a whole number from 1 on.");
}
