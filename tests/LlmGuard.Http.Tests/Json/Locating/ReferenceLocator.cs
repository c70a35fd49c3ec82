using System.Text.Json;
using System.Text.Unicode;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Tests.Json.Locating;

/// <summary>
/// What a locator has to find, told by <see cref="Utf8JsonReader"/> and the checks it leaves out: UTF-8, halves of surrogate pairs, keys
/// that are there twice.
/// </summary>
internal sealed class ReferenceLocator
{
    // More than any text of a test is nested.
    private const int AnyDepth = 1 << 20;

    private readonly List<ReferenceToken> _tokens = [];
    private readonly Stack<(int Token, HashSet<string> Names)> _open = new();

    private ReferenceLocator()
    {
    }

    public IReadOnlyList<ReferenceToken> Tokens => _tokens;

    public int Depth { get; private set; }

    public int EscapedBytes { get; private set; }

    public bool IsMalformed { get; private set; }

    public bool IsAmbiguous { get; private set; }

    public static ReferenceLocator Of(ReadOnlySpan<byte> json)
    {
        var found = new ReferenceLocator { IsMalformed = !Utf8.IsValid(json) };
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = AnyDepth });
        try
        {
            while (reader.Read())
            {
                found.Add(ref reader);
            }
        }
        catch (JsonException)
        {
            // The reader's only way to say "malformed".
            found.IsMalformed = true;
        }

        return found;
    }

    /// <summary>Whether a locator may answer so: with anything that is wrong, but ambiguous only if nothing else is.</summary>
    public bool Allows(JsonLocateStatus status, int maxDepth, int maxTokens) => status switch
    {
        JsonLocateStatus.Ok => !IsMalformed && !IsAmbiguous && Depth <= maxDepth && _tokens.Count <= maxTokens,
        JsonLocateStatus.Ambiguous => IsAmbiguous && !IsMalformed && Depth <= maxDepth && _tokens.Count <= maxTokens,
        JsonLocateStatus.TooDeep => Depth > maxDepth,
        JsonLocateStatus.TooManyTokens => _tokens.Count > maxTokens,
        _ => IsMalformed,
    };

    private void Add(ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        var next = _tokens.Count + 1;
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                Depth = Math.Max(Depth, reader.CurrentDepth + 1);
                _open.Push((_tokens.Count, []));
                _tokens.Add(new ReferenceToken { Kind = reader.TokenType == JsonTokenType.StartObject ? JsonTokenKind.Object : JsonTokenKind.Array,
                    Start = start });
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                var at = _open.Pop().Token;
                _tokens[at] = _tokens[at] with { Length = start + 1 - _tokens[at].Start, Next = _tokens.Count };
                break;
            case JsonTokenType.PropertyName or JsonTokenType.String:
                var kind = reader.TokenType == JsonTokenType.String ? JsonTokenKind.String : JsonTokenKind.Key;
                _tokens.Add(new ReferenceToken { Kind = kind, Start = start + 1, Length = reader.ValueSpan.Length, Next = next,
                    HasEscapes = reader.ValueIsEscaped });
                EscapedBytes += reader.ValueIsEscaped ? reader.ValueSpan.Length : 0;
                IsAmbiguous |= TextOf(ref reader) is not { } text || (kind == JsonTokenKind.Key && !_open.Peek().Names.Add(text));
                break;
            case JsonTokenType.Number:
                _tokens.Add(new ReferenceToken { Kind = JsonTokenKind.Number, Start = start, Length = reader.ValueSpan.Length, Next = next });
                break;
            default:
                var literal = reader.TokenType switch
                {
                    JsonTokenType.True => JsonTokenKind.True,
                    JsonTokenType.False => JsonTokenKind.False,
                    _ => JsonTokenKind.Null,
                };
                _tokens.Add(new ReferenceToken { Kind = literal, Start = start, Length = reader.ValueSpan.Length, Next = next });
                break;
        }
    }

    /// <summary>The text, or null if it has none that everybody reads alike.</summary>
    private static string? TextOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, or bytes that are not UTF-8.
            return null;
        }
    }
}

/// <summary>A value or key, told by the framework's reader: of a container the length is that of all its bytes.</summary>
internal readonly record struct ReferenceToken
{
    public JsonTokenKind Kind { get; init; }

    public int Start { get; init; }

    public int Length { get; init; }

    public int Next { get; init; }

    public bool HasEscapes { get; init; }
}
