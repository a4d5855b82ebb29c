using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Hls;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Packaging;

namespace Rivet.Live.Tests.Hls;

/// <summary>Plays the packager's part towards one board: segments of two seconds, parts of half a second, each part its number in bytes.</summary>
internal sealed class BoardDriver(MediaPlaylistBoard board, PayloadPool pool)
{
    public const int Timescale = 90000;

    private long _number;
    private long _sequence = -1;
    private int _index;
    private int _init;
    private double _start;

    public MediaPlaylistBoard Board => board;

    public static byte[] BytesOf(long number) => [.. Enumerable.Repeat((byte)number, 100 + (int)(number % 7))];

    public BoardDriver Init(TrackDescription track, int number = 0)
    {
        board.InitMade(number, track, new byte[] { (byte)number, 1, 2, 3 });
        return this;
    }

    /// <summary>Begins the next segment.</summary>
    public BoardDriver Segment(bool isDiscontinuity = false, int? initNumber = null)
    {
        _init = initNumber ?? _init;
        board.SegmentBegun(Head(isDiscontinuity));
        return this;
    }

    /// <summary>Parts of the segment that began last.</summary>
    public BoardDriver Parts(int count, int samples = 15, double seconds = 0.5)
    {
        for (int made = 0; made < count; made++)
        {
            long ticks = (long)(seconds * Timescale);
            board.PartMade(new Part(
                _number, _sequence, _index, new MediaTime((long)(_start * Timescale), Timescale), ticks, samples, _index == 0, pool.Copy(BytesOf(_number))));
            _number++;
            _index++;
            _start += seconds;
        }

        return this;
    }

    /// <summary>Whole segments of four parts.</summary>
    public BoardDriver Segments(int count)
    {
        for (int made = 0; made < count; made++)
        {
            Segment().Parts(4);
        }

        return this;
    }

    public BoardDriver Lost()
    {
        board.SegmentLost(Head(isDiscontinuity: false), 2);
        _start += 2;
        return this;
    }

    public BoardDriver End()
    {
        board.Ended();
        return this;
    }

    private SegmentHead Head(bool isDiscontinuity)
    {
        _sequence++;
        _index = 0;
        return new SegmentHead(
            _sequence, new MediaTime((long)(_start * Timescale), Timescale), DateTimeOffset.UnixEpoch.AddYears(56).AddSeconds(_start), _init, isDiscontinuity);
    }
}
