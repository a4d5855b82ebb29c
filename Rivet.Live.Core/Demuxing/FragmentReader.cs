using System.Buffers;

using Rivet.Live.Core.Boxes;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Demuxing;

/// <summary>Turns a publisher's bytes, however they are split, into inits and fragments. Does no I/O and keeps its own state.</summary>
/// <remarks>
/// Every byte given is consumed. A moov or moof is gathered and read whole; an mdat goes straight into the payload that its
/// fragments share; anything else is counted past. After an <see cref="IngestRejectedException"/> the reader can only be disposed.
/// </remarks>
/// <param name="pool">Lends the memory for samples.</param>
/// <param name="limits">What the publisher may make us hold.</param>
internal sealed class FragmentReader(PayloadPool pool, IngestLimits limits) : IDisposable
{
    /// <summary>A gathered box this small keeps its memory for the next one: moofs of a few seconds are smaller.</summary>
    private const int KeptBoxBytes = 64 * 1024;

    private readonly byte[] _headerBytes = new byte[BoxHeader.BytesMax];
    private readonly List<PendingFragment> _pending = [];
    private readonly HeldMessages _messages = new(limits);
    private List<IngestTrackState> _tracks = [];
    private BoxGatherer _gathered;
    private FragmentReaderState _state;
    private BoxHeader _header;
    private int _headerCount;
    private long _boxOffset;
    private long _boxBeganAt;
    private long _moofBeganAt;
    private Prft? _clock;
    private long _moofOffset;
    private long _payloadLeft;
    private bool _hasSeenBox;
    private MdatFiller? _mdat;

    /// <summary>Bytes of this body so far.</summary>
    public long Offset { get; private set; }

    /// <summary>Bytes of all bodies so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>Fragments given out so far, each track's on its own; of tracks that are neither video nor audio there are none.</summary>
    public long Fragments { get; private set; }

    /// <summary>The publisher said that nothing follows: an mfra, or a segment of brand <c>lmsg</c> (DASH-IF Ingest 6.3).</summary>
    public bool HasSaidLast { get; private set; }

    /// <summary>True where the body may end cleanly: no box is half read and no moof waits for its mdat.</summary>
    public bool IsBetweenFragments => _state == FragmentReaderState.Header && _headerCount == 0 && _pending.Count == 0;

    /// <summary>The next bytes come from a new request: offsets count from its first byte. Tracks stay known.</summary>
    public void BeginBody()
    {
        if (!IsBetweenFragments)
        {
            throw new InvalidOperationException("A new body cannot begin inside a fragment: drop that first.");
        }

        Offset = 0;
        _hasSeenBox = false;
        HasSaidLast = false;
    }

    /// <summary>The rest of what is half read will not come.</summary>
    public void DropHalfRead()
    {
        Dispose();
        _pending.Clear();
        _messages.Clear();
        _gathered.End(KeptBoxBytes);
        _headerCount = 0;
        _payloadLeft = 0;
        _clock = null;
        _state = FragmentReaderState.Header;
    }

    /// <summary>Reads on.</summary>
    /// <param name="bytes">What arrived; all of it is consumed.</param>
    /// <param name="receivedAt">When, as <see cref="TimeProvider.GetTimestamp"/>.</param>
    /// <param name="events">Where what is now complete is added. The caller owns the fragments, also those before a refusal.</param>
    /// <exception cref="IngestRejectedException">The bytes are no stream that can be ingested.</exception>
    public void Accept(in ReadOnlySequence<byte> bytes, long receivedAt, List<IngestEvent> events)
    {
        foreach (ReadOnlyMemory<byte> segment in bytes)
        {
            Accept(segment.Span, receivedAt, events);
        }
    }

    /// <inheritdoc cref="Accept(in ReadOnlySequence{byte}, long, List{IngestEvent})"/>
    public void Accept(ReadOnlySpan<byte> bytes, long receivedAt, List<IngestEvent> events)
    {
        while (!bytes.IsEmpty)
        {
            if (_state == FragmentReaderState.Header && _headerCount == 0)
            {
                _boxBeganAt = receivedAt;
            }

            int taken = _state == FragmentReaderState.Header ? TakeHeader(bytes) : TakePayload(bytes);
            bytes = bytes[taken..];
            Offset += taken;
            Bytes += taken;
            if (_state != FragmentReaderState.Header && _payloadLeft == 0)
            {
                EndBox(receivedAt, events);
            }
        }
    }

    public void Dispose()
    {
        _mdat?.Dispose();
        _mdat = null;
    }

    private int TakeHeader(ReadOnlySpan<byte> bytes)
    {
        int taken = 0;
        while (true)
        {
            OperationStatus status = BoxHeader.TryRead(_headerBytes.AsSpan(0, _headerCount), out BoxHeader header);
            if (status == OperationStatus.NeedMoreData && taken < bytes.Length)
            {
                _headerBytes[_headerCount++] = bytes[taken++];
                continue;
            }

            if (_headerCount >= 8)
            {
                _boxOffset = Offset + taken - _headerCount;
                TopLevelBoxes.RequireType(_headerBytes.AsSpan(0, _headerCount), status, isFirst: !_hasSeenBox, _boxOffset);
            }

            if (status == OperationStatus.Done)
            {
                _header = header;
                BeginBox();
            }

            return taken;
        }
    }

    private void BeginBox()
    {
        _hasSeenBox = true;
        _payloadLeft = _header.PayloadBytes;
        if (_header.Type == BoxType.Moov || _header.Type == BoxType.Moof)
        {
            TopLevelBoxes.RequireMoovBefore(_header, _tracks.Count > 0, _boxOffset);
            RequireNothingPending();
            TopLevelBoxes.RequireSize(_header, limits, _boxOffset);
            _gathered.Begin(_headerBytes.AsSpan(0, _headerCount), (int)_header.BoxBytes);
            _state = FragmentReaderState.Gathering;
        }
        else if (IsNote())
        {
            _gathered.Begin(_headerBytes.AsSpan(0, _headerCount), (int)_header.BoxBytes);
            _state = FragmentReaderState.Gathering;
        }
        else if (_header.Type == BoxType.Mdat && _pending.Count > 0)
        {
            _mdat = MdatFiller.Begin(pool, limits, _pending, _header, _boxOffset, _moofOffset);
            _state = FragmentReaderState.Filling;
        }
        else
        {
            _state = FragmentReaderState.Skipping;
        }

        _headerCount = 0;
    }

    private bool IsNote() => _header.Type == BoxType.Emsg
        ? _messages.HasRoomFor(_header)
        : (_header.Type == BoxType.Styp || _header.Type == BoxType.Prft) && _header.BoxBytes <= limits.MaxNoteBytes;

    private int TakePayload(ReadOnlySpan<byte> bytes)
    {
        int taken = (int)Math.Min(bytes.Length, _payloadLeft);
        if (_state == FragmentReaderState.Gathering)
        {
            _gathered.Add(bytes[..taken]);
        }
        else if (_state == FragmentReaderState.Filling)
        {
            _mdat!.Add(bytes[..taken]);
        }

        _payloadLeft -= taken;
        return taken;
    }

    private void EndBox(long receivedAt, List<IngestEvent> events)
    {
        FragmentReaderState ended = _state;
        _state = FragmentReaderState.Header;
        if (ended == FragmentReaderState.Filling)
        {
            EndMdat(receivedAt, events);
        }
        else if (ended == FragmentReaderState.Gathering)
        {
            EndGathered(BoxCursor.OfTopLevel(_gathered.Bytes, _header, _boxOffset), events);
            _gathered.End(KeptBoxBytes);
        }

        HasSaidLast |= _header.Type == BoxType.Mfra;
    }

    private void EndGathered(BoxCursor box, List<IngestEvent> events)
    {
        if (_header.Type == BoxType.Moov)
        {
            _moofOffset = _boxOffset;
            _moofBeganAt = _boxBeganAt;
            EndMoov(MoovReader.Read(box, limits), events);
            new SampleTableReader(box, limits).Read(_tracks, _pending);
        }
        else if (_header.Type == BoxType.Moof)
        {
            _moofOffset = _boxOffset;
            _moofBeganAt = _boxBeganAt;
            new MoofReader(box, _tracks, limits).Read(_pending);
        }
        else if (_header.Type == BoxType.Styp && Ftyp.TryRead(box.Payload, out Ftyp styp) == OperationStatus.Done)
        {
            HasSaidLast |= styp.Has(BoxType.Lmsg);
            if (styp.Has(BoxType.Slat))
            {
                events.Add(new IngestEvent.Filler());
            }
        }
        else if (_header.Type == BoxType.Prft && Prft.TryRead(box.Payload, out Prft prft) == OperationStatus.Done)
        {
            _clock = prft;
            events.Add(new IngestEvent.Clock(prft));
        }
        else if (_header.Type == BoxType.Emsg && Emsg.TryRead(box.Payload, out Emsg? emsg) == OperationStatus.Done)
        {
            _messages.Add(emsg!);
        }
    }

    private void EndMoov(List<IngestTrackState> tracks, List<IngestEvent> events)
    {
        foreach (IngestTrackState track in tracks)
        {
            if (_tracks.Find(earlier => earlier.TrackId == track.TrackId) is { } earlier)
            {
                track.Continue(earlier);
            }
        }

        _tracks = tracks;
        events.Add(new IngestEvent.Init(tracks.ConvertAll(static track => track.Track)));
    }

    private void EndMdat(long receivedAt, List<IngestEvent> events)
    {
        MdatFiller mdat = _mdat!;
        foreach (PendingFragment pending in _pending)
        {
            Sample[] samples = mdat.Place(pending.Samples);
            if (pending.Track.Description.Kind != TrackKind.Other)
            {
                MakeFragments(pending.Track, samples, mdat.Payload, receivedAt, events);
            }
            else if (EventSamples.AreOf(pending.Track.Description))
            {
                EventSamples.Tell(pending.Track.Description, samples, mdat.Payload.Memory.Span, limits, events);
            }
        }

        _messages.Tell(_pending, events);
        _clock = null;
        _pending.Clear();
        mdat.Dispose();
        _mdat = null;
    }

    /// <summary>One fragment, or more where a keyframe brings other parameter sets along.</summary>
    private void MakeFragments(IngestTrackState track, Sample[] samples, PayloadHold payload, long receivedAt, List<IngestEvent> events)
    {
        int begin = 0;
        TrackDescription description = track.Description;
        for (int index = 0; index < samples.Length && description.Kind == TrackKind.Video; index++)
        {
            Sample sample = samples[index];
            if (!sample.IsSync || !track.Follow(payload.Memory.Span.Slice(sample.Offset, sample.Bytes)))
            {
                continue;
            }

            if (index > begin)
            {
                Add(samples[begin..index]);
            }

            begin = index;
            description = track.Description;
        }

        Add(begin == 0 ? samples : samples[begin..]);

        void Add(Sample[] some)
        {
            events.Add(new IngestEvent.Media(track.TrackId, new Fragment(
                description, some, payload.Share(), new FragmentArrival(_moofBeganAt, receivedAt, _clock is { } clock && clock.TrackId == track.TrackId ? clock.WallClock : null))));
            Fragments++;
        }
    }

    private void RequireNothingPending()
    {
        if (_pending.Count > 0)
        {
            throw new IngestRejectedException(
                IngestRejectReason.SampleOutsideMdat,
                $"a '{_header.Type}' begins while the samples of the box before still have no mdat. Each moof's mdat must " +
                "follow it directly: " +
                "the publisher's muxer is broken or bytes were lost on the way.",
                _boxOffset,
                _header.Type.ToString());
        }
    }
}
