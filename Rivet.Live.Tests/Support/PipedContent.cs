using System.Buffers;
using System.IO.Pipelines;
using System.Net;

namespace Rivet.Live.Tests.Support;

/// <summary>A request body that a test writes while it is sent; each write goes out at once, as an encoder's does.</summary>
internal sealed class PipedContent(PipeReader reader) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        // An encoder's head goes out before it has a byte.
        await stream.FlushAsync();
        while (true)
        {
            ReadResult read = await reader.ReadAsync();
            await stream.WriteAsync(read.Buffer.ToArray());
            await stream.FlushAsync();
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
