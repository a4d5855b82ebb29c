using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace Rivet.Live.Core.Native;

/// <summary>The end of a pipe that is written to, by one thread at a time: nobody has to wait for whoever reads the other end.</summary>
internal sealed class WritingEnd : IDisposable
{
    private readonly PipeStream _pipe;

    /// <param name="pipe">Nobody else writes to it; closed at the end.</param>
    public WritingEnd(PipeStream pipe)
    {
        _pipe = pipe;
        int flags = LibC.fcntl(Descriptor, LibC.F_GETFL, 0);
        if (flags < 0 || LibC.fcntl(Descriptor, LibC.F_SETFL, flags | LibC.O_NONBLOCK) < 0)
        {
            throw new IOException($"A pipe cannot be written to without waiting: {Marshal.GetLastPInvokeErrorMessage()}.");
        }
    }

    private int Descriptor => (int)_pipe.SafePipeHandle.DangerousGetHandle();

    /// <summary>Writes as much as there is room for, and says how many bytes that were; 0 where the pipe is full.</summary>
    /// <exception cref="IOException">Nobody reads the other end any more.</exception>
    public int Write(ReadOnlySpan<byte> bytes)
    {
        nint written;
        while ((written = LibC.write(Descriptor, bytes, (nuint)bytes.Length)) < 0)
        {
            switch (Marshal.GetLastPInvokeError())
            {
                case LibC.EAGAIN:
                    return 0;
                case LibC.EINTR:
                    continue;
                default:
                    throw new IOException($"A pipe cannot be written to: {Marshal.GetLastPInvokeErrorMessage()}.");
            }
        }

        return (int)written;
    }

    /// <summary>Waits until the pipe has room, or nobody reads the other end any more. No other thread may close it meanwhile.</summary>
    public void WaitForRoom()
    {
        PollEntry entry = new() { Descriptor = Descriptor, Events = LibC.POLLOUT };
        _ = LibC.poll(ref entry, 1, timeout: -1);
    }

    public void Dispose() => _pipe.Dispose();
}
