using System.Diagnostics.CodeAnalysis;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Encoding;

namespace Rivet.Live.Core.Ladder;

/// <summary>What a rendition does with one lease, from its grant until it is given back: at least one chunk.</summary>
internal sealed class EncoderTurn(EncoderLease lease) : IDisposable
{
    private readonly Queue<PictureInEncoder> _inside = new();

    public EncoderLease Lease => lease;

    /// <summary>Null until the turn's first picture.</summary>
    public IVideoEncoder? Encoder { get; private set; }

    public VideoEncoderSettings? Settings { get; private set; }

    /// <summary>Media encoded so far, in seconds.</summary>
    public double Seconds { get; private set; }

    /// <summary>The first picture that was not published.</summary>
    public bool TryPeek(out PictureInEncoder oldest) => _inside.TryPeek(out oldest);

    /// <summary>Notes a picture before it is encoded: whatever happens from here on, it is known that it was not published.</summary>
    public void Enter(PictureInEncoder picture)
    {
        _inside.Enqueue(picture);
        Seconds += (double)picture.Ticks / picture.Picture.Source.Timescale;
    }

    /// <summary>The turn's encoder, from now on.</summary>
    public void Use(IVideoEncoder encoder, VideoEncoderSettings settings)
    {
        Encoder = encoder;
        Settings = settings;
    }

    /// <summary>The encoder was drained and takes no more: the next picture needs another.</summary>
    public void Discard() => Encoder = null;

    /// <summary>Takes the next sample with the picture that it was.</summary>
    /// <param name="check">Looks at the encoder that gave it, and throws where it will not do.</param>
    /// <param name="picture">Has left the turn.</param>
    /// <param name="sample">The caller's.</param>
    /// <exception cref="CodecException">The encoder failed, or gave back another picture than was due.</exception>
    public bool TryReceive(Action check, out PictureInEncoder picture, [NotNullWhen(true)] out EncodedSample? sample)
    {
        picture = default;
        sample = null;
        if (Encoder?.TryReceive(out EncodedSample? received) != true)
        {
            return false;
        }

        try
        {
            check();
            if (!_inside.TryPeek(out picture) || picture.Picture.PresentationTime != received!.PresentationTime)
            {
                // Rule 1: a rendition carries the source picture's time; an encoder that reorders or renumbers must not go unnoticed.
                throw new CodecException(
                    $"The encoder gave back the picture of time {received!.PresentationTime} where {picture.Picture?.PresentationTime} was due.");
            }
        }
        catch
        {
            received!.Dispose();
            throw;
        }

        _inside.Dequeue();
        sample = received;
        return true;
    }

    /// <summary>The encoder was drained, and its samples were received.</summary>
    /// <exception cref="CodecException">It kept some.</exception>
    public void RequireEmpty()
    {
        if (_inside.TryPeek(out PictureInEncoder kept))
        {
            throw new CodecException($"The encoder was drained and kept the picture of time {kept.Picture.PresentationTime}.");
        }
    }

    public void Dispose() => lease.Dispose();
}

/// <summary>A picture that an encoder has and nobody else has yet.</summary>
/// <param name="Picture">Without its pixels.</param>
/// <param name="Ticks">How long it is shown.</param>
/// <param name="Mark">Where the rendition's cap of the frame rate stood before it.</param>
internal readonly record struct PictureInEncoder(LadderPicture Picture, int Ticks, double Mark);
