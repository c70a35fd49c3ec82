namespace LlmGuard.Http.Json;

/// <summary>What a locator found.</summary>
internal enum JsonLocateStatus
{
    Ok,

    /// <summary>Not a JSON text (RFC 8259), or not UTF-8.</summary>
    Malformed,

    /// <summary>A JSON text that readers understand differently: a key twice in an object, half of a surrogate pair.</summary>
    Ambiguous,

    TooDeep,

    TooManyTokens,
}
