using System.Buffers;

using Rivet.Live.Core.Boxes;

namespace Rivet.Live.Core.Demuxing;

/// <summary>One box inside a moov or moof that is in hand whole. Turns what is wrong with it into a refusal that says where.</summary>
internal ref struct BoxCursor
{
    private readonly ReadOnlySpan<byte> _top;
    private readonly long _topOffset;
    private readonly BoxHeader _header;
    private readonly int _start;
    private int _next;

    private BoxCursor(ReadOnlySpan<byte> top, long topOffset, BoxHeader header, int start)
    {
        _top = top;
        _topOffset = topOffset;
        _header = header;
        _start = start;
        _next = start + header.HeaderBytes;
    }

    public readonly BoxType Type => _header.Type;

    public readonly Guid UserType => _header.UserType;

    /// <summary>Where the box begins, counted from the first byte of the body.</summary>
    public readonly long Offset => _topOffset + _start;

    /// <summary>The box with its header.</summary>
    public readonly ReadOnlySpan<byte> Box => _top[_start..End];

    public readonly ReadOnlySpan<byte> Payload => _top[(_start + _header.HeaderBytes)..End];

    private readonly int End => _start + (int)_header.BoxBytes;

    /// <param name="box">The whole top-level box.</param>
    /// <param name="header">Its header.</param>
    /// <param name="offset">Where it begins in the body.</param>
    public static BoxCursor OfTopLevel(ReadOnlySpan<byte> box, BoxHeader header, long offset) => new(box, offset, header, 0);

    /// <summary>Steps over fields that stand before the child boxes.</summary>
    public void SkipFields(int bytes)
    {
        Require(bytes <= End - _next ? OperationStatus.Done : OperationStatus.NeedMoreData);
        _next += bytes;
    }

    /// <summary>The next child, or false at the end.</summary>
    public bool TryNextChild(out BoxCursor child)
    {
        child = default;
        if (_next == End)
        {
            return false;
        }

        BoxReader reader = new(_top[_next..End]);
        OperationStatus status = reader.TryReadBox(out BoxHeader header, out _);
        if (status != OperationStatus.Done)
        {
            throw BrokenChild(status, header);
        }

        child = new BoxCursor(_top, _topOffset, header, _next);
        _next += reader.Consumed;
        return true;
    }

    /// <summary>The first child of a type from here on; this cursor stays where it is.</summary>
    public readonly bool TryFind(BoxType type, out BoxCursor found)
    {
        BoxCursor walker = this;
        while (walker.TryNextChild(out found))
        {
            if (found.Type == type)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The first child of a type, without which the box makes no sense.</summary>
    public readonly BoxCursor Find(BoxType type) => TryFind(type, out BoxCursor found)
        ? found
        : throw Reject(
            IngestRejectReason.MalformedBox,
            $"'{Type}' has no '{type}' box, which it must have. The publisher's muxer is broken or the bytes were damaged on the way.");

    /// <summary>Refuses the box unless its fields were all there.</summary>
    public readonly void Require(OperationStatus status)
    {
        switch (status)
        {
            case OperationStatus.Done:
                return;
            case OperationStatus.NeedMoreData:
                throw Reject(
                    IngestRejectReason.MalformedBox,
                    $"'{Type}' ends before its fields do: its payload of {_header.PayloadBytes} bytes is too short for what it declares. " +
                    "The publisher's muxer is broken or the bytes were damaged on the way.");
            default:
                throw Reject(
                    IngestRejectReason.MalformedBox,
                    $"'{Type}' holds values that its specification does not know (an unknown version or a missing descriptor). " +
                    "Update the publisher's muxer, or choose another one.");
        }
    }

    public readonly IngestRejectedException Reject(IngestRejectReason reason, string detail) =>
        new(reason, detail, Offset, BoxPath.Of(_top, _start, Type));

    private readonly IngestRejectedException BrokenChild(OperationStatus status, in BoxHeader header)
    {
        int left = End - _next;
        string seen = header.BoxBytes > left
            ? $"a '{header.Type}' box of {header.BoxBytes} bytes begins"
            : status == OperationStatus.InvalidData
                ? "a box with an impossible size (0, or less than its own header) begins"
                : "something shorter than a box header lies";
        return new IngestRejectedException(
            IngestRejectReason.MalformedBox,
            $"{seen} where '{Type}' has {left} bytes left. A box must lie inside its parent: " +
            "the publisher's muxer is broken or the bytes were damaged on the way.",
            _topOffset + _next,
            BoxPath.Of(_top, _start, Type) + (header.BoxBytes > 0 ? $"/{header.Type}" : string.Empty));
    }
}
