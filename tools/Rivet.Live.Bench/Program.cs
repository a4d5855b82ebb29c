using System.Text.Json;
using Rivet.Live.Bench;
using Rivet.Live.Bench.Hostile;
using Rivet.Live.Bench.Ladder;
using Rivet.Live.Bench.Viewers;

// tools/bench: side by side with the references, one table each. Exit 0 whatever the figures say: they are for people to judge.
BenchOptions options;
try
{
    options = new BenchOptions(args);
}
catch (FormatException mistake)
{
    await Console.Error.WriteLineAsync($"{mistake.Message}\n{BenchOptions.Usage}");
    return 2;
}

if (options.Benchmark == LadderBench.RunVerb)
{
    await Console.Out.WriteLineAsync(JsonSerializer.Serialize(await LadderRun.RunAsync(options.Text("source")!, options.Number("warm-up", 0), options.Text("write"))));
    return 0;
}

if (options.Benchmark == HostileCrowd.Verb)
{
    await Console.Out.WriteLineAsync(JsonSerializer.Serialize(await HostileCrowd.RunAsync(options)));
    return 0;
}

if (options.Benchmark == BareKestrel.Verb)
{
    await BareKestrel.RunAsync(options.Text("folder")!);
    return 0;
}

return await Benchmarks.RunAsync(options);
