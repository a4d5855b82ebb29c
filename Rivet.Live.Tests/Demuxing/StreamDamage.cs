using System.Buffers;
using System.Buffers.Binary;
using Rivet.Live.Core.Boxes;

namespace Rivet.Live.Tests.Demuxing;

/// <summary>Gives one stream again and again, each time damaged otherwise, in the same memory: ten millions of them fit into a night.</summary>
internal sealed class StreamDamage
{
    private const int FragmentsMax = 3;

    private const int PieceBytesMax = 64;

    private const int DamagesMax = 3;

    private static readonly uint[] Fields = [0, 1, 7, 8, 16, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x00010000];

    private readonly byte[] _original;
    private readonly int[] _headers;
    private readonly Random _random;
    private readonly byte[] _bytes;

    /// <param name="stream">Of which the beginning is taken: what comes later is alike.</param>
    /// <param name="random">Decides about all of it.</param>
    public StreamDamage(byte[] stream, Random random)
    {
        _random = random;
        (_original, _headers) = Beginning(stream);
        _bytes = new byte[_original.Length + (DamagesMax * PieceBytesMax)];
    }

    /// <summary>The next one; valid until the one after it.</summary>
    public ReadOnlySpan<byte> Next()
    {
        _original.CopyTo(_bytes, 0);
        int length = _original.Length;
        for (int count = _random.Next(1, DamagesMax + 1); count > 0 && length >= 16; count--)
        {
            int at = _random.Next(8) == 0 ? _random.Next(length) : _headers[_random.Next(_headers.Length)];
            length = Damage(Math.Min(at, length - 5), length);
        }

        return _bytes.AsSpan(0, length);
    }

    /// <summary>How many bytes come next: seldom a few, so that everything is cut everywhere once.</summary>
    public int NextPieceBytes() => _random.Next(8) == 0 ? _random.Next(1, 16) : _random.Next(1, 9000);

    /// <returns>How long it is then.</returns>
    private int Damage(int at, int length)
    {
        int some = Math.Min(_random.Next(1, PieceBytesMax), length - at);
        switch (_random.Next(6))
        {
            case 0:
                _bytes[at] = (byte)_random.Next(256);
                return length;
            case 1:
                _bytes[at] ^= (byte)(1 << _random.Next(8));
                return length;
            case 2:
                int field = _random.Next(Fields.Length + 1);
                BinaryPrimitives.WriteUInt32BigEndian(_bytes.AsSpan(at), field < Fields.Length ? Fields[field] : (uint)_random.Next());
                return length;
            case 3:
                _bytes.AsSpan((at + some)..length).CopyTo(_bytes.AsSpan(at));
                return length - some;
            case 4:
                _bytes.AsSpan(at..length).CopyTo(_bytes.AsSpan(at + some));
                return length + some;
            default:
                return _random.Next(4) == 0 ? at : length - 1;
        }
    }

    /// <summary>Also where everything is but pictures and sound: damage there is worth more.</summary>
    private static (byte[] Bytes, int[] Headers) Beginning(byte[] stream)
    {
        List<int> headers = [];
        BoxReader boxes = new(stream);
        int fragments = 0;
        while (fragments < FragmentsMax && boxes.Consumed is var start && boxes.TryReadBox(out BoxHeader header, out _) == OperationStatus.Done)
        {
            // Parameter sets are in front of a keyframe.
            int length = header.Type == BoxType.Mdat ? (int)Math.Min(header.BoxBytes, 8 + PieceBytesMax) : (int)header.BoxBytes;
            headers.AddRange(Enumerable.Range(start, length));
            fragments += header.Type == BoxType.Mdat ? 1 : 0;
        }

        return (stream[..boxes.Consumed], [.. headers]);
    }
}
