using Rivet.Live.Core.Boxes;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Demuxing;

/// <summary>
/// Reads the samples that a moov has in its own tables: muxers that do not write an empty one (ffmpeg without <c>empty_moov</c>) have their first
/// fragment there. ISO/IEC 14496-12 §8.6, §8.7.
/// </summary>
internal ref struct SampleTableReader
{
    private readonly BoxCursor _moov;
    private readonly IngestLimits _limits;
    private int _samplesLeft;

    /// <param name="moov">The whole box.</param>
    /// <param name="limits">How many samples there may be.</param>
    public SampleTableReader(BoxCursor moov, IngestLimits limits)
    {
        _moov = moov;
        _limits = limits;
        _samplesLeft = limits.MaxSamplesPerFragment;
    }

    /// <summary>Adds the samples of each track that has some behind the moov; what lies before it has gone by.</summary>
    /// <param name="tracks">In the order of the moov.</param>
    /// <param name="pending">Where they are added.</param>
    public void Read(List<IngestTrackState> tracks, List<PendingFragment> pending)
    {
        BoxCursor children = _moov;
        int index = 0;
        while (children.TryNextChild(out BoxCursor child))
        {
            if (child.Type == BoxType.Trak)
            {
                ReadTrack(child, tracks[index++], pending);
            }
        }
    }

    private void ReadTrack(BoxCursor trak, IngestTrackState track, List<PendingFragment> pending)
    {
        BoxCursor table = trak.Find(BoxType.Mdia).Find(BoxType.Minf).Find(BoxType.Stbl);
        int count = CountSamples(table);
        ChunkTable chunks = new(table);
        if (count == 0 || chunks.IsEmpty || chunks.FirstOffset < _moov.Offset + _moov.Box.Length)
        {
            return;
        }

        BoxCursor sizes = table.Find(BoxType.Stsz);
        SizeTable size = new(sizes);
        RunTable duration = new(table.Find(BoxType.Stts));
        RunTable offset = table.TryFind(BoxType.Ctts, out BoxCursor ctts) ? new RunTable(ctts) : default;
        SyncTable sync = table.TryFind(BoxType.Stss, out BoxCursor stss) ? new SyncTable(stss) : default;
        Sample[] samples = new Sample[count];
        long decodeTime = 0;
        for (int index = 0; index < count; index++)
        {
            uint bytes = size.Next();
            TrunEntry entry = new(duration.Next(), bytes, sync.Next() ? SampleFlags.Sync : SampleFlags.NonSync, (int)offset.Next());
            samples[index] = MoofReader.ToSample(sizes, track, entry, decodeTime, chunks.Next(bytes) - _moov.Offset, _limits);
            decodeTime += samples[index].Duration;
            MoofReader.RequireLength(sizes, track, decodeTime, _limits);
        }

        track.NextDecodeTime = decodeTime;
        ArraySegment<Sample> kept = MoofReader.WithoutPriming(track, samples);
        if (kept.Count > 0)
        {
            pending.Add(new PendingFragment(track, kept, PendingFragment.OfMoov, trak.Offset));
        }
    }

    private int CountSamples(BoxCursor table)
    {
        if (!table.TryFind(BoxType.Stsz, out BoxCursor stsz))
        {
            return 0;
        }

        uint count = new SizeTable(stsz).Count;
        if (count > _samplesLeft)
        {
            throw stsz.Reject(
                IngestRejectReason.FragmentTooLarge,
                $"the moov's own tables have {count} samples, so its tracks together more than the {_limits.MaxSamplesPerFragment} that are allowed. " +
                "Let the publisher write fragments from the start (ffmpeg: -movflags +empty_moov).");
        }

        _samplesLeft -= (int)count;
        return (int)count;
    }

    /// <summary>stsz: each sample's size, or one for all.</summary>
    private ref struct SizeTable
    {
        private readonly BoxCursor _box;
        private readonly uint _ofAll;
        private FieldReader _fields;

        public SizeTable(BoxCursor stsz)
        {
            _box = stsz;
            _fields = FieldReader.OfFullBox(stsz.Payload, out _, out _);
            _ofAll = _fields.UInt32();
            Count = _fields.UInt32();
            _box.Require(_fields.Status);
        }

        public uint Count { get; }

        public uint Next()
        {
            uint size = _ofAll > 0 ? _ofAll : _fields.UInt32();
            _box.Require(_fields.Status);
            return size;
        }
    }

    /// <summary>stts and ctts: runs of samples with one value. Where the box is absent every value is 0.</summary>
    private ref struct RunTable
    {
        private readonly BoxCursor _box;
        private readonly bool _isThere;
        private FieldReader _fields;
        private uint _left;
        private uint _value;

        public RunTable(BoxCursor box)
        {
            _box = box;
            _isThere = true;
            _fields = FieldReader.OfFullBox(box.Payload, out _, out _);
            _fields.UInt32(); // entries: the samples are counted
        }

        public uint Next()
        {
            while (_isThere && _left == 0)
            {
                _left = _fields.UInt32();
                _value = _fields.UInt32();
                _box.Require(_fields.Status);
            }

            _left--;
            return _value;
        }
    }

    /// <summary>stss: the numbers of the samples that a decoder can start at. Where the box is absent all are such.</summary>
    private ref struct SyncTable
    {
        private readonly bool _isThere;
        private FieldReader _fields;
        private uint _number;
        private uint _nextSync;

        public SyncTable(BoxCursor stss)
        {
            _isThere = true;
            _fields = FieldReader.OfFullBox(stss.Payload, out _, out _);
            _fields.UInt32(); // entries
            _nextSync = _fields.UInt32();
        }

        public bool Next()
        {
            bool isSync = !_isThere || ++_number == _nextSync;
            if (isSync)
            {
                // 0 behind the last one.
                _nextSync = _fields.UInt32();
            }

            return isSync;
        }
    }

    /// <summary>stsc with stco or co64: where each sample lies, counted from the body's first byte.</summary>
    private ref struct ChunkTable
    {
        private readonly BoxCursor _map;
        private readonly BoxCursor _offsets;
        private FieldReader _mapFields;
        private FieldReader _offsetFields;
        private readonly bool _isWide;
        private uint _chunk;
        private uint _perChunk;
        private uint _nextPerChunk;
        private uint _nextFirst;
        private uint _left;
        private long _position;

        public ChunkTable(BoxCursor table)
        {
            _isWide = !table.TryFind(BoxType.Stco, out _offsets) && table.TryFind(BoxType.Co64, out _offsets);
            if (_offsets.Type == default || !table.TryFind(BoxType.Stsc, out _map))
            {
                IsEmpty = true;
                return;
            }

            _offsetFields = FieldReader.OfFullBox(_offsets.Payload, out _, out _);
            IsEmpty = _offsetFields.UInt32() == 0;
            FieldReader first = _offsetFields;
            FirstOffset = IsEmpty ? 0 : ReadOffset(ref first);
            _mapFields = FieldReader.OfFullBox(_map.Payload, out _, out _);
            _mapFields.UInt32(); // entries
            ReadMap();
        }

        public bool IsEmpty { get; }

        /// <summary>Where the first chunk lies.</summary>
        public long FirstOffset { get; }

        /// <summary>Where the next sample lies.</summary>
        public long Next(uint bytes)
        {
            while (_left == 0)
            {
                _chunk++;
                if (_chunk == _nextFirst)
                {
                    _perChunk = _nextPerChunk;
                    ReadMap();
                }

                _left = _perChunk;
                _position = ReadOffset(ref _offsetFields);
            }

            _left--;
            long position = _position;
            _position += bytes;
            return position;
        }

        /// <summary>The next run of chunks; behind the last there is none.</summary>
        private void ReadMap()
        {
            _nextFirst = _mapFields.UInt32();
            _nextPerChunk = _mapFields.UInt32();
            _mapFields.Skip(4); // sample entry
        }

        private long ReadOffset(ref FieldReader fields)
        {
            long offset = _isWide ? (long)Math.Min(fields.UInt64(), int.MaxValue) : fields.UInt32();
            _offsets.Require(fields.Status);
            return offset;
        }
    }
}
