namespace Rivet.Live.Core.Boxes;

/// <summary>Reads the samples of a <see cref="Trun"/> that was read whole before.</summary>
internal ref struct TrunEntryReader
{
    private readonly Trun _trun;
    private readonly TrunEntry _defaults;
    private FieldReader _fields;
    private bool _isFirst = true;

    /// <param name="trun">What <see cref="Trun.TryRead"/> gave.</param>
    /// <param name="payload">What it was read from.</param>
    /// <param name="defaults">Of fields that the run leaves out.</param>
    public TrunEntryReader(in Trun trun, ReadOnlySpan<byte> payload, TrunEntry defaults)
    {
        _trun = trun;
        _defaults = defaults;
        _fields = new FieldReader(payload[trun.PrefixBytes..]);
    }

    /// <summary>The next sample; the caller counts them.</summary>
    public TrunEntry Next()
    {
        uint duration = Has(TrunFields.Duration) ? _fields.UInt32() : _defaults.Duration;
        uint size = Has(TrunFields.Size) ? _fields.UInt32() : _defaults.Size;
        uint flags = Has(TrunFields.Flags) ? _fields.UInt32() : _defaults.Flags;
        int offset = Has(TrunFields.CompositionOffset) ? _fields.Int32() : _defaults.CompositionOffset;
        if (_isFirst)
        {
            flags = _trun.FirstSampleFlags ?? flags;
            _isFirst = false;
        }

        return new TrunEntry(duration, size, flags, offset);
    }

    private readonly bool Has(TrunFields field) => (_trun.Fields & field) != 0;
}
