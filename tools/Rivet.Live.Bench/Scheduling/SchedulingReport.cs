using System.Globalization;
using Rivet.Live.Bench.Measuring;

namespace Rivet.Live.Bench.Scheduling;

/// <summary>One way to encode the same pictures.</summary>
internal sealed record OverheadSide(string Name, List<double> PicturesPerSecond);

/// <summary>The same pictures by one encoder and by one encoder per chunk.</summary>
internal sealed record SeamQuality(PictureQuality Open, PictureQuality Chunked);

/// <summary>One ladder on so many devices.</summary>
internal sealed record ScalingRow(int Devices, List<ScalingRun> Runs);

/// <param name="MediaSeconds">Seconds of media per second, over all renditions.</param>
/// <param name="Cores">Cores that this process used.</param>
/// <param name="OthersCores">Cores that others used.</param>
internal sealed record ScalingRun(double MediaSeconds, double Cores, double OthersCores);

/// <summary>What the scheduling benchmark found.</summary>
internal sealed record SchedulingReport(IReadOnlyList<OverheadSide> Overhead, SeamQuality Seams, IReadOnlyList<ScalingRow> Scaling)
{
    private const double OverheadTarget = 0.98;
    private const double ScalingTarget = 0.95;

    public IReadOnlyList<Verdict> Verdicts =>
    [
        .. Overhead.Skip(1).Select(side => new Verdict(
            $"{side.Name}: {OverheadTarget} of one encoder's throughput", TextTable.Range(Ratio(side), 3), Ratio(side).Median >= OverheadTarget)),
        .. Scaling.Skip(1).Select(row => new Verdict(
            $"{row.Devices} devices: {ScalingTarget} of linear", TextTable.Range(Efficiency(row), 3), Efficiency(row).Median >= ScalingTarget)),
    ];

    public override string ToString()
    {
        TextTable overhead = new("one rendition, 1080p30 to 480p, one thread", "pictures/s", "of one encoder's");
        foreach (OverheadSide side in Overhead)
        {
            overhead.Add(side.Name, TextTable.Range(Spread.Of(side.PicturesPerSecond)), side == Overhead[0] ? "" : TextTable.Range(Ratio(side), 3));
        }

        TextTable seams = new("PSNR of luma, dB", "first pictures of a chunk", "pictures in its middle");
        seams.Add("one encoder, always open", TextTable.Range(Seams.Open.Seams, 2), TextTable.Range(Seams.Open.Middles, 2));
        seams.Add("an encoder per chunk", TextTable.Range(Seams.Chunked.Seams, 2), TextTable.Range(Seams.Chunked.Middles, 2));

        TextTable scaling = new("five renditions, simulated devices of one slot", "media s/s", "of linear", "our cores", "others' cores");
        foreach (ScalingRow row in Scaling)
        {
            scaling.Add(
                row.Devices.ToString(CultureInfo.InvariantCulture),
                TextTable.Range(Spread.Of(row.Runs.Select(static run => run.MediaSeconds)), 2),
                row == Scaling[0] ? "" : TextTable.Range(Efficiency(row), 3),
                TextTable.Range(Spread.Of(row.Runs.Select(static run => run.Cores)), 2),
                TextTable.Range(Spread.Of(row.Runs.Select(static run => run.OthersCores)), 2));
        }

        return $"{overhead}\n{seams}\n{scaling}\n{string.Join('\n', Verdicts)}\n";
    }

    private Spread Ratio(OverheadSide side) => Spread.OfRatios(side.PicturesPerSecond, Overhead[0].PicturesPerSecond);

    private Spread Efficiency(ScalingRow row)
    {
        double[] linear = [.. Scaling[0].Runs.Select(run => run.MediaSeconds * row.Devices / Scaling[0].Devices)];
        return Spread.OfRatios([.. row.Runs.Select(static run => run.MediaSeconds)], linear);
    }
}
