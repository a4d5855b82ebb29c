namespace Rivet.Live.Core.Encoding;

/// <summary>What went wrong with an encoder, as far as it decides what to do next.</summary>
internal enum EncoderFault
{
    /// <summary>An error without a better name: a strike against the device.</summary>
    Failed,

    /// <summary>No answer within the deadline: the device is left alone for a while at once.</summary>
    Hung,

    /// <summary>The device is gone, perhaps to come back: it is left alone for a while at once.</summary>
    Lost,

    /// <summary>No more encoders fit on the device: nothing is wrong with it, and it has as many slots as encoders are open.</summary>
    Full,

    /// <summary>Not at this moment; nothing is wrong with the device.</summary>
    Busy,

    /// <summary>The device cannot do these settings; others it may.</summary>
    Refused,

    /// <summary>What came out is not what went in: the device is left alone for a while at once.</summary>
    Wrong,

    /// <summary>Its stream needs another init than the rendition's; others it may serve.</summary>
    Disagrees,
}
