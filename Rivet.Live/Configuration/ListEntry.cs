namespace Rivet.Live.Configuration;

/// <summary>One entry of a configured list.</summary>
/// <param name="Key">The entry's own key, for mistakes.</param>
/// <param name="Text">Its value; null for an object and for an empty entry.</param>
/// <param name="IsObject">True when the entry has keys of its own.</param>
internal sealed record ListEntry(string Key, string? Text, bool IsObject);
