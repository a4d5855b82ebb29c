using System.Globalization;
using Rivet.Live.Bench.Measuring;

namespace Rivet.Live.Bench.Viewers;

/// <summary>What the viewers benchmark found.</summary>
internal sealed record ViewersReport(WaitingFigures Waiting, MediaFigures Media)
{
    private const double Target = 0.6;

    public override string ToString() => string.Join('\n', WaitingTable(), MediaTable(), string.Join('\n', Verdicts()), "");

    private TextTable WaitingTable()
    {
        WaitingFigures w = Waiting;
        TextTable table = new("waiting viewers", "");
        table.Add("viewers, part target", $"{w.Viewers.ToString(CultureInfo.InvariantCulture)}, {TextTable.Number(w.PartSeconds, 2)} s");
        table.Add("answers, errors", $"{w.Answers.ToString(CultureInfo.InvariantCulture)} in {TextTable.Number(w.Seconds, 0)} s, {w.Failed.ToString(CultureInfo.InvariantCulture)}");
        table.Add("parts that the least lucky viewer was told of", w.FewestAnswers.ToString(CultureInfo.InvariantCulture));
        table.Add("publisher's last byte to viewer's, ms p50 / p99 / max",
            $"{TextTable.Number(w.P50Milliseconds, 0)} / {TextTable.Number(w.P99Milliseconds, 0)} / {TextTable.Number(w.MaxMilliseconds, 0)}");
        table.Add("server, cores", TextTable.Number(w.ServerCores, 2));
        table.Add("server, µs of CPU per answer", TextTable.Number(w.ServerCores * w.Seconds * 1e6 / w.Answers, 0));
        table.Add("memory per viewer, KiB", TextTable.Number(w.KibibytesEach));
        table.Add("bare Kestrel, memory per idle connection, KiB", TextTable.Number(w.BareKibibytesEach));
        table.Add("answered with the end at shutdown", w.SawTheEnd.ToString(CultureInfo.InvariantCulture));
        return table;
    }

    private TextTable MediaTable()
    {
        TextTable table = new($"parts of about {Media.PartBytes.ToString(CultureInfo.InvariantCulture)} bytes", "requests/s", "against nginx", "server CPU µs/request", "errors", "allocated B/request");
        foreach (MediaSide side in Media.Sides)
        {
            table.Add(
                side.Name,
                TextTable.Range(Spread.Of(Rates(side)), 0),
                TextTable.Range(AgainstNginx(side), 2),
                TextTable.Range(Spread.Of(side.Runs.Select(static run => run.CpuMicroseconds))),
                side.Runs.Sum(static run => run.Errors).ToString(CultureInfo.InvariantCulture),
                side == Media.Sides[0] ? TextTable.Number(Media.AllocatedBytes, 0) : side == Media.Sides[2] ? TextTable.Number(Media.BareAllocatedBytes, 0) : "");
        }

        return table;
    }

    private IEnumerable<Verdict> Verdicts()
    {
        yield return new Verdict("every waiting viewer answered, no error", Waiting.Error ?? $"{Waiting.Answers} answers", Waiting.Failed == 0);
        yield return new Verdict("every viewer waiting at shutdown answered with the end", $"{Waiting.SawTheEnd} of {Waiting.Viewers}", Waiting.SawTheEnd == Waiting.Viewers);
        Spread ours = AgainstNginx(Media.Sides[0]);
        long errors = Media.Sides[0].Runs.Sum(static run => run.Errors);
        yield return new Verdict(
            "0.6 of nginx's requests per second, no error", $"{TextTable.Range(ours, 2)}, {errors} errors", ours.Median >= Target && errors == 0);
    }

    private Spread AgainstNginx(MediaSide side) => Spread.OfRatios(Rates(side), Rates(Media.Sides[1]));

    private static List<double> Rates(MediaSide side) => side.Runs.ConvertAll(static run => run.RequestsPerSecond);
}
