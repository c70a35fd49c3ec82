using System.Buffers;

namespace LlmGuard.Http.Json;

/// <summary>All tokens of a JSON text in document order, in a pooled array.</summary>
internal sealed class JsonTape : IDisposable
{
    private JsonToken[] _tokens = ArrayPool<JsonToken>.Shared.Rent(256);

    public int Count { get; private set; }

    /// <summary>Deepest nesting; 1 is a flat object, 0 a lone scalar.</summary>
    public int Depth { get; set; }

    /// <summary>Raw bytes of all strings and keys with escapes: an upper bound of what unescaping them takes.</summary>
    public int EscapedBytes { get; set; }

    /// <summary>Tokens are written through the reference, so none may be added while it is held.</summary>
    public ref JsonToken this[int index] => ref _tokens[index];

    public int Add(JsonTokenKind kind, int start, int length)
    {
        if (Count == _tokens.Length)
        {
            var larger = ArrayPool<JsonToken>.Shared.Rent(Count * 2);
            _tokens.AsSpan(0, Count).CopyTo(larger);
            ArrayPool<JsonToken>.Shared.Return(_tokens);
            _tokens = larger;
        }

        _tokens[Count] = new JsonToken { Kind = kind, Start = start, Length = length, Next = Count + 1 };
        return Count++;
    }

    public void Dispose()
    {
        // Offsets only, no content: returned without clearing. A second call finds an empty array.
        var tokens = _tokens;
        _tokens = [];
        Count = 0;
        if (tokens.Length > 0)
        {
            ArrayPool<JsonToken>.Shared.Return(tokens);
        }
    }
}
