using Microsoft.AspNetCore.Http;
using Rivet.Live.Endpoints;
using Xunit;

namespace Rivet.Live.Tests.Endpoints;

/// <summary>Which bytes of a hundred a Range header means (RFC 9110 14).</summary>
public sealed class ByteRangeTests
{
    private const string Tag = "\"this\"";

    [Theory]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=10-19", 10, 10)]
    [InlineData("Bytes= 10-19 ", 10, 10)]
    [InlineData("bytes=90-", 90, 10)]
    [InlineData("bytes=99-99", 99, 1)]
    [InlineData("bytes=40-9007199254740991", 40, 60)]
    [InlineData("bytes=40-99999999999999999999999", 40, 60)]
    [InlineData("bytes=-1", 99, 1)]
    [InlineData("bytes=-500", 0, 100)]
    public void Range_WithinTheBytes_IsThatPart(string range, long offset, long count) => Assert.Equal(new ByteRange(offset, count), Of(range));

    [Theory]
    [InlineData("bytes=100-")]
    [InlineData("bytes=100-200")]
    [InlineData("bytes=9223372036854775808-")]
    [InlineData("bytes=-0")]
    public void Range_OfNoByte_IsUnsatisfied(string range) => Assert.Equal(0, Of(range)!.Value.Count);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("bytes=")]
    [InlineData("bytes=-")]
    [InlineData("bytes=1")]
    [InlineData("bytes=5-4")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=+1-2")]
    [InlineData("bytes=1--2")]
    [InlineData("bytes=0-1,5-6")]
    [InlineData("seconds=0-1")]
    public void Range_ThatCannotBeReadOrIsSeveral_IsTheWhole(string? range) => Assert.Null(Of(range));

    [Theory]
    [InlineData("GET", Tag, true)]
    [InlineData("GET", "\"other\"", false)]
    [InlineData("GET", "W/\"this\"", false)]
    [InlineData("GET", "Sat, 21 Nov 2026 11:00:00 GMT", false)]
    [InlineData("HEAD", null, false)]
    public void Range_OfAnotherVersionOrMethod_IsTheWhole(string method, string? condition, bool isPart) =>
        Assert.Equal(isPart, Of("bytes=0-9", method, condition) is not null);

    [Fact]
    public void Range_InAnAnswer_SaysWhereItIsInTheWhole()
    {
        Assert.Equal("bytes 10-19/100", new ByteRange(10, 10).Of(100));
        Assert.Equal("bytes */100", ByteRange.Unsatisfied(100));
    }

    private static ByteRange? Of(string? range, string method = "GET", string? condition = null)
    {
        DefaultHttpContext context = new();
        context.Request.Method = method;
        context.Request.Headers.Range = range;
        context.Request.Headers.IfRange = condition;
        return ByteRange.Of(context.Request, Tag, 100);
    }
}
