using System.Net;

namespace Rivet.Live.Bench.Publishing;

/// <summary>A publisher's request body: the init, then each fragment when it would have been encoded.</summary>
internal sealed class RealTimeBody(PublisherSource source, CancellationToken stop) : HttpContent
{
    private readonly long[] _writes = new long[source.Fragments.Count];
    private long _lastWrite;

    /// <summary>When the newest fragment had been written, in timestamps of the system's clock.</summary>
    public long LastWrite => Volatile.Read(ref _lastWrite);

    /// <summary>When a fragment had been written; 0 before.</summary>
    public long WrittenAt(int fragment) => Volatile.Read(ref _writes[fragment]);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SendAsync(stream);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    private async Task SendAsync(Stream stream)
    {
        TimeProvider time = TimeProvider.System;
        long began = time.GetTimestamp();
        await stream.WriteAsync(source.Init, CancellationToken.None);
        for (int index = 0; index < source.Fragments.Count && !stop.IsCancellationRequested; index++)
        {
            TimeSpan early = TimeSpan.FromSeconds((index + 1) * source.FragmentSeconds) - time.GetElapsedTime(began);
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early, time, CancellationToken.None);
            }

            await stream.WriteAsync(source.Fragments[index], CancellationToken.None);
            await stream.FlushAsync(CancellationToken.None);
            Volatile.Write(ref _writes[index], time.GetTimestamp());
            Volatile.Write(ref _lastWrite, _writes[index]);
        }
    }
}
