namespace LlmGuard.Planning;

/// <summary>What an entry's verdict does; the policy's <c>mode</c>.</summary>
internal enum EntryMode
{
    /// <summary>The verdict is carried out.</summary>
    Enforce,

    /// <summary>The verdict is recorded, off the request path, and changes nothing.</summary>
    Monitor,
}
