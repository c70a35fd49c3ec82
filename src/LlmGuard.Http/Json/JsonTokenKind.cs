namespace LlmGuard.Http.Json;

/// <summary>What a token is. Keys stand directly before their values.</summary>
internal enum JsonTokenKind : byte
{
    Object,
    Array,
    Key,
    String,
    Number,
    True,
    False,
    Null,
}
