namespace Rivet.Live.Core.Recording;

/// <summary>Where a recording is in its life.</summary>
internal enum RecordingState
{
    /// <summary>Media is added to it.</summary>
    Growing,

    /// <summary>Nothing more comes; it waits for its index.</summary>
    Finishing,

    /// <summary>A plain MP4 with its index in front.</summary>
    Finished,

    /// <summary>It could not get its index, and stays as it grew: in fragments, which play all the same.</summary>
    Left,
}
