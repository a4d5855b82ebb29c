using Rivet.Live.Bench.Measuring;
using Xunit;

namespace Rivet.Live.Tests.Bench;

public sealed class TextTableTests
{
    [Fact]
    public void Table_CellsOfAnyLength_StandInColumns()
    {
        TextTable table = new("a", "long header");
        table.Add("a long cell", "1");

        Assert.Equal("| a           | long header |\n| ----------- | ----------- |\n| a long cell | 1           |\n", table.ToString());
    }

    [Fact]
    public void Add_RowOfAnotherWidth_Refuses()
    {
        Assert.Throws<ArgumentException>(static () => new TextTable("a", "b").Add("1"));
    }

    [Fact]
    public void Range_OfASpread_ShowsMedianAndEnds()
    {
        Assert.Equal("1.50 [1.00–2.25]", TextTable.Range(new Spread(1.5, 1, 2.25), 2));
    }
}
