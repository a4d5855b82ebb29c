using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Live;

/// <summary>Every picture of the source comes out of every rendition once, in order, at the source's time to the tick.</summary>
[Collection(LiveTests.Name)]
public sealed class FidelityTests(NumberedBroadcasts broadcasts) : IClassFixture<NumberedBroadcasts>
{
    public static TheoryData<string> Names => NumberedBroadcasts.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Pictures_OfANumberedSource_ComeOutOfEveryRenditionOnceAndOnTime(string name)
    {
        string sent = broadcasts.SentOf(name);
        int count = NumberedBroadcasts.CountOf(name);
        IReadOnlyList<DecodedFrame> truth = await MediaFile.FramesAsync(sent);
        Assert.Equal(Enumerable.Range(0, count), await IndexPattern.ReadAsync(sent));
        Assert.Equal(count, truth.Select(static picture => picture.Time).Distinct().Count());
        foreach (string track in (string[])["source", "180p", "120p"])
        {
            string received = await broadcasts.ReceivedAsync(name, track);
            Assert.Equal(await MediaFile.TimescaleAsync(sent), await MediaFile.TimescaleAsync(received));
            Assert.Equal(Enumerable.Range(0, count), await IndexPattern.ReadAsync(received));
            IReadOnlyList<DecodedFrame> pictures = await MediaFile.FramesAsync(received);
            Assert.Equal(truth.Select(static picture => picture.Time), pictures.Select(static picture => picture.Time));
        }
    }
}
