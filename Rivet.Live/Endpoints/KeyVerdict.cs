namespace Rivet.Live.Endpoints;

/// <summary>What a <see cref="KeyRing"/> says of a request.</summary>
internal enum KeyVerdict
{
    Welcome,

    /// <summary>A key is needed and none was sent: 401.</summary>
    Missing,

    /// <summary>The key is not one of ours, or the request does not come from this machine: 403.</summary>
    Wrong,

    /// <summary>The key is for other broadcasts: 403.</summary>
    WrongBroadcast,
}
