using System.Globalization;
using Rivet.Live.Bench.Measuring;

namespace Rivet.Live.Bench.Viewers;

/// <summary>What the edge benchmark found.</summary>
internal sealed record EdgeReport(int Viewers, IReadOnlyList<EdgeRow> Rows)
{
    public override string ToString()
    {
        TextTable table = new(
            $"{Viewers.ToString(CultureInfo.InvariantCulture)} viewers behind", "answers", "viewers without one", "origin requests per playlist", "wait ms p50", "p99", "of a held part", "of a segment");
        foreach (EdgeRow row in Rows)
        {
            table.Add(
                row.Cache,
                row.Answers.ToString(CultureInfo.InvariantCulture),
                row.Failed.ToString(CultureInfo.InvariantCulture),
                TextTable.Number(row.OriginRequests),
                TextTable.Number(row.P50Milliseconds, 0),
                TextTable.Number(row.P99Milliseconds, 0),
                TextTable.Number(row.PartFetches),
                TextTable.Number(row.SegmentFetches));
        }

        return table.ToString();
    }
}
