namespace Rivet.Live.Core.Devices;

/// <summary>What a simulated device has been told to do wrong, and has yet to do.</summary>
internal sealed record ToldFaults
{
    /// <inheritdoc cref="SimulatedFaults.Slow"/>
    public double? Speed { get; init; }

    /// <inheritdoc cref="SimulatedFaults.Share"/>
    public (int Count, double PixelsPerSecond)? Engines { get; init; }

    /// <inheritdoc cref="SimulatedFaults.Fill"/>
    public int? SessionsMax { get; init; }

    /// <inheritdoc cref="SimulatedFaults.FillDecoders"/>
    public int? DecodersMax { get; init; }

    /// <summary>Encoders to be opened until one fails, and it; null where none is to.</summary>
    public int? OpensToFailure { get; init; }

    /// <summary>As <see cref="OpensToFailure"/>, of pictures.</summary>
    public int? PicturesToFailure { get; init; }

    /// <summary>As <see cref="OpensToFailure"/>, of samples that are decoded.</summary>
    public int? SamplesToFailure { get; init; }

    public bool IsBusy { get; init; }

    public bool IsHanging { get; init; }

    public bool IsLost { get; init; }

    /// <inheritdoc cref="SimulatedFaults.Disagree"/>
    public string? Profile { get; init; }
}
