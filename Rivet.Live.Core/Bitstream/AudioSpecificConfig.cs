using System.Buffers;

namespace Rivet.Live.Core.Bitstream;

/// <summary>What an AAC track's configuration says. ISO/IEC 14496-3 §1.6.2.1.</summary>
/// <param name="ObjectType">2 is AAC-LC, 5 is HE-AAC, 29 is HE-AAC v2: what the codec string ends in.</param>
/// <param name="SampleRate">Of the decoded sound: twice the core's where SBR is signalled explicitly.</param>
/// <param name="Channels">0 where a program config element says it.</param>
internal readonly record struct AudioSpecificConfig(int ObjectType, int SampleRate, int Channels)
{
    private const int SpectralBandReplication = 5;
    private const int ParametricStereo = 29;

    public static OperationStatus TryRead(ReadOnlySpan<byte> bytes, out AudioSpecificConfig configuration)
    {
        BitReader bits = new(bytes, hasEmulationPrevention: false);
        int objectType = ReadObjectType(ref bits);
        int sampleRate = ReadSampleRate(ref bits);
        int channels = ChannelsOf(bits.Bits(4));
        if (objectType is SpectralBandReplication or ParametricStereo)
        {
            sampleRate = ReadSampleRate(ref bits);
            ReadObjectType(ref bits); // of the core
            channels = objectType == ParametricStereo ? 2 : channels;
        }

        configuration = new AudioSpecificConfig(objectType, sampleRate, channels);
        return bits.Status == OperationStatus.Done && sampleRate <= 0 ? OperationStatus.InvalidData : bits.Status;
    }

    private static int ReadObjectType(ref BitReader bits)
    {
        uint type = bits.Bits(5);
        return (int)(type == 31 ? 32 + bits.Bits(6) : type);
    }

    private static int ReadSampleRate(ref BitReader bits)
    {
        ReadOnlySpan<int> rates = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];
        uint index = bits.Bits(4);
        return index == 15 ? (int)bits.Bits(24) : index < rates.Length ? rates[(int)index] : 0;
    }

    private static int ChannelsOf(uint configuration)
    {
        ReadOnlySpan<byte> channels = [0, 1, 2, 3, 4, 5, 6, 8, 0, 0, 0, 7, 8, 24, 8, 0];
        return channels[(int)configuration];
    }
}
