using Microsoft.Extensions.Primitives;
using Rivet.Live.Endpoints;
using Xunit;

namespace Rivet.Live.Tests.Endpoints;

public sealed class AcceptedEncodingTests
{
    [Theory]
    [InlineData("gzip")]
    [InlineData("GZIP")]
    [InlineData("x-gzip")]
    [InlineData("gzip, deflate, br, zstd")]
    [InlineData("br;q=1.0, gzip;q=0.5")]
    [InlineData("deflate , gzip ; q=0.001")]
    [InlineData("*")]
    [InlineData("br;q=0, *;q=0.1")]
    public void Viewer_ThatNamesGzip_TakesIt(string accepted) => Assert.True(AcceptedEncoding.TakesGzip(accepted));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("identity")]
    [InlineData("br, deflate")]
    [InlineData("gzippy")]
    [InlineData("gzip;q=0")]
    [InlineData("gzip; q=0.000, *")]
    [InlineData("*;q=0")]
    public void Viewer_ThatDoesNot_GetsThePlainBytes(string? accepted) => Assert.False(AcceptedEncoding.TakesGzip(accepted));

    [Fact]
    public void Viewer_ThatSendsTwoHeaders_IsHeardTwice() => Assert.True(AcceptedEncoding.TakesGzip(new StringValues(["br", "gzip"])));
}
