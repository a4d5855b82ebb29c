using System.Buffers;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Demuxing;
using Rivet.Live.Core.Media;
using Xunit;



namespace Rivet.Live.Tests.Demuxing;

/// <summary>Everything that a reader made of some bytes. Disposing it gives the fragments back.</summary>
internal sealed class ReadStream : IDisposable
{
    private ReadStream()
    {
    }

    public PayloadPool Pool { get; } = new();

    public List<IngestEvent> Events { get; } = [];

    public bool IsBetweenFragments { get; private set; }

    /// <summary>The last init's tracks.</summary>
    public IReadOnlyList<IngestTrack> Tracks => Events.OfType<IngestEvent.Init>().Last().Tracks;

    public IEnumerable<IngestEvent.Media> Media => Events.OfType<IngestEvent.Media>();

    public static ReadStream Of(byte[] bytes) => Of([bytes]);

    /// <summary>Reads pieces one after another, each in a call of its own.</summary>
    public static ReadStream Of(IEnumerable<ReadOnlyMemory<byte>> pieces, IngestLimits? limits = null)
    {
        ReadStream stream = new();
        using FragmentReader reader = new(stream.Pool, limits ?? IngestLimits.Default);
        try
        {
            foreach (ReadOnlyMemory<byte> piece in pieces)
            {
                ReadOnlySequence<byte> sequence = new(piece);
                reader.Accept(sequence, receivedAt: 7, stream.Events);
            }
        }
        catch (IngestRejectedException)
        {
            reader.Dispose();
            stream.Dispose();
            Assert.Equal(0, stream.Pool.LentPayloads);
            throw;
        }

        stream.IsBetweenFragments = reader.IsBetweenFragments;
        return stream;
    }

    /// <summary>All samples of a track, in order, with the fragment that has their bytes.</summary>
    public List<(Sample Sample, Fragment Fragment)> SamplesOf(uint trackId) =>
        [.. Media.Where(media => media.TrackId == trackId).SelectMany(static media => media.Fragment.Samples.Select(sample => (sample, media.Fragment)))];

    public void AssertSameAs(ReadStream other)
    {
        Assert.Equal(other.Events.Count, Events.Count);
        for (int index = 0; index < Events.Count; index++)
        {
            AssertSame(other.Events[index], Events[index]);
        }
    }

    public void Dispose()
    {
        foreach (IngestEvent.Media media in Media)
        {
            media.Fragment.Dispose();
        }
    }

    private static void AssertSame(IngestEvent expected, IngestEvent actual)
    {
        if (expected is IngestEvent.Init expectedInit)
        {
            IngestEvent.Init init = Assert.IsType<IngestEvent.Init>(actual);
            Assert.Equal(expectedInit.Tracks.Select(Shown), init.Tracks.Select(Shown));
            return;
        }

        if (expected is IngestEvent.Clock)
        {
            Assert.Equal(expected, actual);
            return;
        }

        if (expected is IngestEvent.Message expectedMessage)
        {
            IngestEvent.Message message = Assert.IsType<IngestEvent.Message>(actual);
            Assert.Equal((expectedMessage.Start, expectedMessage.Emsg.Id), (message.Start, message.Emsg.Id));
            return;
        }

        IngestEvent.Media expectedMedia = Assert.IsType<IngestEvent.Media>(expected);
        IngestEvent.Media media = Assert.IsType<IngestEvent.Media>(actual);
        Assert.Equal(expectedMedia.TrackId, media.TrackId);
        Assert.True(expectedMedia.Fragment.Samples.AsSpan().SequenceEqual(media.Fragment.Samples), "The sample tables differ.");
        foreach (Sample sample in media.Fragment.Samples)
        {
            Assert.True(expectedMedia.Fragment.BytesOf(sample).SequenceEqual(media.Fragment.BytesOf(sample)), $"The bytes of {sample} differ.");
        }
    }

    private static string Shown(IngestTrack track) =>
        $"{track.TrackId} {track.Description.Codec} {track.Description.Timescale} {Convert.ToHexString(track.Description.SampleEntry.Span)}";
}
