namespace Rivet.Live.Configuration;

/// <summary><c>Ladder:Overload</c>: what gives way when the machine cannot keep up.</summary>
internal enum OverloadPolicy
{
    /// <summary>The most expensive rendition stops first.</summary>
    Shed,

    /// <summary>New broadcasts are refused before running ones suffer.</summary>
    Refuse,
}
