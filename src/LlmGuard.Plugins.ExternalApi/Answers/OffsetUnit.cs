namespace LlmGuard.Plugins.ExternalApi.Answers;

/// <summary>What a service counts offsets in.</summary>
internal enum OffsetUnit
{
    /// <summary>Bytes of the UTF-8, as Go and Rust count.</summary>
    Bytes,

    /// <summary>Unicode code points, as Python counts.</summary>
    CodePoints,

    /// <summary>UTF-16 code units, as JavaScript, Java and .NET count.</summary>
    Utf16,
}
