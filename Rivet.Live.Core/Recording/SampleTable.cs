using Rivet.Live.Core.Boxes;

namespace Rivet.Live.Core.Recording;

/// <summary>The samples of one track of a file, gathered from its fragments, and the tables that name them all. ISO/IEC 14496-12 §8.6, §8.7.</summary>
internal sealed class SampleTable
{
    private readonly List<TrunEntry> _samples = [];
    private readonly List<long> _decodeTimes = [];

    // A chunk is what one fragment has of this track: how many samples, and where their bytes will lie.
    private readonly List<(int Samples, long Offset)> _chunks = [];

    public int Samples => _samples.Count;

    /// <summary>Decode time of the first sample.</summary>
    public long Start => _decodeTimes.Count > 0 ? _decodeTimes[0] : 0;

    /// <summary>From the first sample's decode time to the end of the last.</summary>
    public long Duration => _samples.Count > 0 ? _decodeTimes[^1] + _samples[^1].Duration - Start : 0;

    public void Add(long decodeTime, in TrunEntry sample)
    {
        if (_decodeTimes is [.., long before] && decodeTime - before is < 0 or > uint.MaxValue)
        {
            throw new InvalidDataException("Its times run backwards, or have a gap of half a day, which tables cannot say.");
        }

        _decodeTimes.Add(decodeTime);
        _samples.Add(sample);
    }

    /// <summary>The samples that were added last lie together.</summary>
    public void AddChunk(int samples, long offset) => _chunks.Add((samples, offset));

    /// <summary>Writes the boxes of stbl behind stsd.</summary>
    /// <param name="boxes">Where to.</param>
    /// <param name="shift">Added to the chunks' offsets.</param>
    public void Write(BoxWriter boxes, long shift)
    {
        WriteRuns(boxes, BoxType.Stts, version: 0, Enumerable.Range(0, Samples).Select(DurationOf));
        if (_samples.Exists(static sample => sample.CompositionOffset != 0))
        {
            byte version = _samples.Exists(static sample => sample.CompositionOffset < 0) ? (byte)1 : (byte)0;
            WriteRuns(boxes, BoxType.Ctts, version, _samples.Select(static sample => (uint)sample.CompositionOffset));
        }

        if (_samples.Exists(static sample => !SampleFlags.IsSync(sample.Flags)))
        {
            WriteSync(boxes);
        }

        WriteSizes(boxes);
        WriteChunks(boxes, shift);
    }

    /// <summary>A sample lasts until the next one: where media is absent, the last picture before it stays.</summary>
    private uint DurationOf(int index) => index + 1 < Samples
        ? (uint)(_decodeTimes[index + 1] - _decodeTimes[index])
        : _samples[index].Duration;

    private static void WriteRuns(BoxWriter boxes, BoxType type, byte version, IEnumerable<uint> values)
    {
        List<(uint Count, uint Value)> runs = [];
        foreach (uint value in values)
        {
            if (runs is [.., (uint count, uint last)] && last == value)
            {
                runs[^1] = (count + 1, value);
            }
            else
            {
                runs.Add((1, value));
            }
        }

        using (boxes.OpenFull(type, version, flags: 0))
        {
            boxes.UInt32((uint)runs.Count);
            foreach ((uint count, uint value) in runs)
            {
                boxes.UInt32(count);
                boxes.UInt32(value);
            }
        }
    }

    private void WriteSync(BoxWriter boxes)
    {
        List<uint> numbers = [];
        for (int index = 0; index < Samples; index++)
        {
            if (SampleFlags.IsSync(_samples[index].Flags))
            {
                numbers.Add((uint)index + 1);
            }
        }

        using (boxes.OpenFull(BoxType.Stss, version: 0, flags: 0))
        {
            boxes.UInt32((uint)numbers.Count);
            numbers.ForEach(boxes.UInt32);
        }
    }

    private void WriteSizes(BoxWriter boxes)
    {
        using (boxes.OpenFull(BoxType.Stsz, version: 0, flags: 0))
        {
            boxes.UInt32(0); // each its own
            boxes.UInt32((uint)Samples);
            _samples.ForEach(sample => boxes.UInt32(sample.Size));
        }
    }

    private void WriteChunks(BoxWriter boxes, long shift)
    {
        List<(uint First, uint Samples)> runs = [];
        for (int index = 0; index < _chunks.Count; index++)
        {
            if (runs is not [.., (_, uint samples)] || samples != _chunks[index].Samples)
            {
                runs.Add(((uint)index + 1, (uint)_chunks[index].Samples));
            }
        }

        using (boxes.OpenFull(BoxType.Stsc, version: 0, flags: 0))
        {
            boxes.UInt32((uint)runs.Count);
            foreach ((uint first, uint samples) in runs)
            {
                boxes.UInt32(first);
                boxes.UInt32(samples);
                boxes.UInt32(1); // sample description
            }
        }

        using (boxes.OpenFull(BoxType.Co64, version: 0, flags: 0))
        {
            boxes.UInt32((uint)_chunks.Count);
            _chunks.ForEach(chunk => boxes.UInt64((ulong)(chunk.Offset + shift)));
        }
    }
}
