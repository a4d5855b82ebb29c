using System.Globalization;
using System.Text;

namespace Rivet.Live.Bench.Measuring;

/// <summary>Rows under a header, as Markdown that also reads well in a terminal.</summary>
internal sealed class TextTable(params string[] header)
{
    private readonly List<string[]> _rows = [header];

    public void Add(params string[] cells)
    {
        if (cells.Length != header.Length)
        {
            throw new ArgumentException($"A row of {cells.Length} cells does not fit a table of {header.Length} columns.", nameof(cells));
        }

        _rows.Add(cells);
    }

    public override string ToString()
    {
        int[] widths = [.. Enumerable.Range(0, header.Length).Select(column => _rows.Max(row => row[column].Length))];
        var text = new StringBuilder();
        for (int row = 0; row < _rows.Count; row++)
        {
            Write(text, [.. _rows[row].Select((cell, column) => cell.PadRight(widths[column]))]);
            if (row == 0)
            {
                Write(text, [.. widths.Select(static width => new string('-', width))]);
            }
        }

        return text.ToString();
    }

    /// <summary>A number with so many decimals, whatever the machine's language.</summary>
    public static string Number(double value, int decimals = 1) =>
        value.ToString($"F{decimals.ToString(CultureInfo.InvariantCulture)}", CultureInfo.InvariantCulture);

    /// <summary><c>median [min–max]</c>.</summary>
    public static string Range(Spread spread, int decimals = 1) =>
        $"{Number(spread.Median, decimals)} [{Number(spread.Min, decimals)}–{Number(spread.Max, decimals)}]";

    private static void Write(StringBuilder text, string[] cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
