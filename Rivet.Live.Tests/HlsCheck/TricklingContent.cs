using System.Net;

namespace Rivet.Live.Tests.HlsCheck;

/// <summary>A body in two halves with a pause between, so that it can be sent at less than full speed.</summary>
internal sealed class TricklingContent(SyntheticAnswer answer, TimeProvider time) : HttpContent
{
    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(new Halves(answer, time));

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => throw new NotSupportedException();

    protected override bool TryComputeLength(out long length)
    {
        length = answer.Body.Length;
        return true;
    }

    private sealed class Halves(SyntheticAnswer answer, TimeProvider time) : MemoryStream(answer.Body)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int half = (int)Length / 2;
            if (Position >= half && Position < Length && answer.Trickle > TimeSpan.Zero)
            {
                await Task.Delay(answer.Trickle, time, cancellationToken);
            }

            int most = Position < half ? half - (int)Position : buffer.Length;
            return Read(buffer.Span[..Math.Min(most, buffer.Length)]);
        }
    }
}
