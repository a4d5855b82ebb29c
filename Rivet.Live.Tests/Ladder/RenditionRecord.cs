using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Ladder;

/// <summary>What one rendition published, in order.</summary>
internal sealed class RenditionRecord
{
    private readonly Lock _samplesLock = new();
    private readonly List<RecordedSample> _samples = [];
    private readonly List<(MediaTime Start, MediaTime End)> _absences = [];

    public IReadOnlyList<RecordedSample> Samples
    {
        get
        {
            lock (_samplesLock)
            {
                return [.. _samples];
            }
        }
    }

    /// <summary>Media told as absent.</summary>
    public IReadOnlyList<(MediaTime Start, MediaTime End)> Absences
    {
        get
        {
            lock (_samplesLock)
            {
                return [.. _absences];
            }
        }
    }

    public IEnumerable<long> Times => Samples.Select(static sample => sample.Sample.PresentationTime);

    public void Add(Fragment fragment)
    {
        lock (_samplesLock)
        {
            if (fragment.IsAbsence)
            {
                _absences.Add((fragment.Start, fragment.End));
                return;
            }

            Sample sample = Assert.Single(fragment.Samples);
            _samples.Add(new RecordedSample(fragment.Track, sample, fragment.BytesOf(sample).ToArray(), fragment.IsDiscontinuity));
        }
    }

    /// <summary>Decodes everything as a player does, and reads the numbers off the pictures: damage anywhere would show.</summary>
    public IReadOnlyList<(long Time, int Number)> Decode()
    {
        List<(long Time, int Number)> numbers = [];
        VideoDecoder? decoder = null;
        TrackDescription? track = null;
        foreach (RecordedSample recorded in Samples)
        {
            if (track?.IsSameStreamAs(recorded.Track) != true)
            {
                Receive();
                decoder?.Dispose();
                track = recorded.Track;
                decoder = TestCodecs.Shared.OpenDecoder(track, threads: 1, "record");
            }

            decoder!.Send(recorded.Bytes, recorded.Sample.DecodeTime, recorded.Sample.PresentationTime, recorded.Sample.IsSync);
            Receive();
        }

        decoder?.Drain();
        Receive();
        decoder?.Dispose();
        return numbers;

        void Receive()
        {
            while (decoder is not null && decoder.TryReceive(out Picture? picture))
            {
                using (picture)
                {
                    Assert.False(picture.IsDamaged);
                    numbers.Add((picture.PresentationTime, IndexPattern.Read(picture)));
                }
            }
        }
    }
}

/// <summary>One sample with the init it needs.</summary>
internal sealed record RecordedSample(TrackDescription Track, Sample Sample, byte[] Bytes, bool IsDiscontinuity);
