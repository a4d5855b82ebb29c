namespace Rivet.Live.HlsCheck.Media;

/// <summary>What a part or segment holds of one track.</summary>
/// <param name="Track">Whose.</param>
/// <param name="Start">Decode time of the first sample, ticks.</param>
/// <param name="End">Where the last sample ends, ticks.</param>
/// <param name="Presented">The earliest presentation time, ticks, behind the edit list.</param>
/// <param name="Samples">How many.</param>
/// <param name="BeginsWithSync">The first sample is one that a decoder can start at.</param>
/// <param name="FirstHole">Where a moof does not follow the one before, ticks between them; 0 where all do.</param>
internal sealed record TrackRun(InitTrack Track, long Start, long End, long Presented, int Samples, bool BeginsWithSync, long FirstHole)
{
    private const uint NonSync = 0x00010000;

    public double Seconds => (double)(End - Start) / Track.Timescale;

    public double PresentedSeconds => (double)Presented / Track.Timescale;

    /// <summary>One entry per track that has samples.</summary>
    public static IReadOnlyList<TrackRun> Parse(IReadOnlyList<InitTrack> tracks, ReadOnlyMemory<byte> media)
    {
        Dictionary<uint, TrackRun> runs = [];
        foreach ((string type, ReadOnlyMemory<byte> moof) in BoxWalk.Boxes(media))
        {
            foreach ((string inner, ReadOnlyMemory<byte> traf) in type == "moof" ? BoxWalk.Boxes(moof) : [])
            {
                if (inner == "traf" && ParseFragment(tracks, traf) is { } run)
                {
                    runs[run.Track.Id] = runs.TryGetValue(run.Track.Id, out TrackRun? before) ? before.Then(run) : run;
                }
            }
        }

        return [.. runs.Values];
    }

    private TrackRun Then(TrackRun next) => this with
    {
        End = next.End,
        Presented = Math.Min(Presented, next.Presented),
        Samples = Samples + next.Samples,
        FirstHole = FirstHole != 0 ? FirstHole : next.Start - End,
    };

    private static TrackRun? ParseFragment(IReadOnlyList<InitTrack> tracks, ReadOnlyMemory<byte> traf)
    {
        ReadOnlyMemory<byte> tfhd = BoxWalk.Find(traf, "tfhd");
        ReadOnlyMemory<byte> tfdt = BoxWalk.Find(traf, "tfdt");
        if (tfhd.Length < 8 || tfdt.Length < 8 || tracks.FirstOrDefault(track => track.Id == BoxWalk.UInt32(tfhd, 4)) is not { } track)
        {
            return null;
        }

        uint fields = BoxWalk.UInt32(tfhd, 0) & 0xffffff;
        int at = 8 + ((fields & 1) != 0 ? 8 : 0) + ((fields & 2) != 0 ? 4 : 0);
        uint Default(uint field, uint otherwise)
        {
            if ((fields & field) == 0)
            {
                return otherwise;
            }

            at += 4;
            return BoxWalk.UInt32(tfhd, at - 4);
        }

        uint duration = Default(0x8, track.DefaultDuration);
        Default(0x10, 0);
        uint flags = Default(0x20, track.DefaultFlags);
        long start = tfdt.Span[0] == 1 ? BoxWalk.UInt64(tfdt, 4) : BoxWalk.UInt32(tfdt, 4);
        (long end, long presented, int samples, bool? sync) = (start, long.MaxValue, 0, null);
        foreach ((string type, ReadOnlyMemory<byte> trun) in BoxWalk.Boxes(traf))
        {
            if (type == "trun")
            {
                ReadRun(trun, duration, flags, ref end, ref presented, ref samples, ref sync);
            }
        }

        return samples == 0 ? null : new TrackRun(track, start, end, presented - track.EditStart, samples, sync == true, FirstHole: 0);
    }

    private static void ReadRun(ReadOnlyMemory<byte> trun, uint duration, uint flags, ref long end, ref long presented, ref int samples, ref bool? sync)
    {
        uint fields = BoxWalk.UInt32(trun, 0) & 0xffffff;
        bool isSigned = trun.Span[0] == 1;
        int count = (int)BoxWalk.UInt32(trun, 4);
        int at = 8 + ((fields & 1) != 0 ? 4 : 0);
        uint? firstFlags = (fields & 4) != 0 ? BoxWalk.UInt32(trun, at) : null;
        at += (fields & 4) != 0 ? 4 : 0;
        int entry = 4 * System.Numerics.BitOperations.PopCount(fields & 0xf00);
        for (int index = 0; index < count && at + entry <= trun.Length; index++, at += entry)
        {
            int field = at;
            uint Next(uint flag, uint otherwise)
            {
                if ((fields & flag) == 0)
                {
                    return otherwise;
                }

                field += 4;
                return BoxWalk.UInt32(trun, field - 4);
            }

            uint lasts = Next(0x100, duration);
            Next(0x200, 0);
            uint sampleFlags = Next(0x400, flags);
            uint offset = Next(0x800, 0);
            sync ??= ((index == 0 ? firstFlags ?? sampleFlags : sampleFlags) & NonSync) == 0;
            presented = Math.Min(presented, end + (isSigned ? (int)offset : offset));
            end += lasts;
            samples++;
        }
    }
}
