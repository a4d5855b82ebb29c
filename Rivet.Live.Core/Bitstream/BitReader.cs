using System.Buffers;

namespace Rivet.Live.Core.Bitstream;

/// <summary>Reads bits of a NAL unit or of a codec configuration. Past the end every bit is 0 and <see cref="Status"/> says so.</summary>
internal ref struct BitReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly bool _hasEmulationPrevention;
    private int _next;
    private int _zeros;
    private int _current;
    private int _bitsLeft;

    /// <param name="bytes">What to read.</param>
    /// <param name="hasEmulationPrevention">True inside a NAL unit: the third byte of 00 00 03 is left out (ITU-T H.264 §7.4.1).</param>
    public BitReader(ReadOnlySpan<byte> bytes, bool hasEmulationPrevention)
    {
        _bytes = bytes;
        _hasEmulationPrevention = hasEmulationPrevention;
    }

    /// <summary>Whether every bit asked for so far was there, and every Exp-Golomb code was one.</summary>
    public OperationStatus Status { get; private set; } = OperationStatus.Done;

    public bool Flag() => Bits(1) != 0;

    /// <param name="count">0 to 32.</param>
    public uint Bits(int count)
    {
        uint value = 0;
        for (int index = 0; index < count; index++)
        {
            value = (value << 1) | Bit();
        }

        return value;
    }

    /// <param name="count">Bits to pass over.</param>
    public void Skip(int count)
    {
        for (int index = 0; index < count; index++)
        {
            Bit();
        }
    }

    /// <param name="count">Exp-Golomb codes to pass over, signed or not.</param>
    public void SkipGolombs(int count)
    {
        for (int index = 0; index < count; index++)
        {
            UnsignedGolomb();
        }
    }

    /// <summary>An unsigned Exp-Golomb code, <c>ue(v)</c>.</summary>
    public uint UnsignedGolomb()
    {
        int zeros = 0;
        while (Bit() == 0)
        {
            zeros++;
            if (Status != OperationStatus.Done)
            {
                return 0;
            }

            if (zeros > 31)
            {
                Status = OperationStatus.InvalidData;
                return 0;
            }
        }

        return (uint)((1ul << zeros) - 1 + Bits(zeros));
    }

    /// <summary>A signed Exp-Golomb code, <c>se(v)</c>.</summary>
    public int SignedGolomb()
    {
        uint code = UnsignedGolomb();
        long magnitude = ((long)code + 1) / 2;
        return (int)((code & 1) != 0 ? magnitude : -magnitude);
    }

    private uint Bit()
    {
        if (_bitsLeft == 0 && !NextByte())
        {
            Status = OperationStatus.NeedMoreData;
            return 0;
        }

        _bitsLeft--;
        return (uint)(_current >> _bitsLeft) & 1;
    }

    private bool NextByte()
    {
        if (_hasEmulationPrevention && _zeros >= 2 && _next < _bytes.Length && _bytes[_next] == 3)
        {
            _next++;
            _zeros = 0;
        }

        if (_next >= _bytes.Length)
        {
            return false;
        }

        _current = _bytes[_next++];
        _zeros = _current == 0 ? _zeros + 1 : 0;
        _bitsLeft = 8;
        return true;
    }
}
