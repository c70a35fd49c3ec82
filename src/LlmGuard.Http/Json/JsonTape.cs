using System.Buffers;

namespace LlmGuard.Http.Json;

/// <summary>All tokens of a JSON text in document order. Lent from a small stock of the thread and given back when disposed.</summary>
internal sealed class JsonTape : IDisposable
{
    // A body, a text nested in it, and one more for what they call.
    private const int Stock = 3;

    // What a tape may keep while nobody uses it: 256 KB, enough for bodies of several 100 KB.
    private const int KeptTokens = 16 * 1024;
    private const int FirstTokens = 256;

    [ThreadStatic]
    private static JsonTape? _stock;

    [ThreadStatic]
    private static int _stocked;

    private JsonTape? _next;
    private JsonToken[] _tokens = [];
    private int[] _positions = [];
    private bool _isLent;

    private JsonTape()
    {
    }

    public int Count { get; set; }

    /// <summary>Deepest nesting; 1 is a flat object, 0 a lone scalar.</summary>
    public int Depth { get; set; }

    /// <summary>Raw bytes of all strings and keys with escapes: an upper bound of what unescaping them takes.</summary>
    public int EscapedBytes { get; set; }

    public ref JsonToken this[int index] => ref _tokens[index];

    /// <summary>An empty tape.</summary>
    public static JsonTape Rent()
    {
        var tape = _stock;
        if (tape is null)
        {
            return new JsonTape { _isLent = true };
        }

        (_stock, tape._next, tape._isLent) = (tape._next, null, true);
        _stocked--;
        return tape;
    }

    /// <summary>Room for so many tokens from the first one on; those that are there stay.</summary>
    public Span<JsonToken> Reserve(int count)
    {
        if (count > _tokens.Length)
        {
            var doubled = (int)Math.Min(Array.MaxLength, _tokens.Length * 2L);
            var larger = ArrayPool<JsonToken>.Shared.Rent(Math.Max(FirstTokens, Math.Max(count, doubled)));
            _tokens.CopyTo(larger, 0);
            ReturnTokens();
            _tokens = larger;
        }

        return _tokens;
    }

    /// <summary>Scratch for a locator: so many positions, whatever they are.</summary>
    public Span<int> Positions(int count)
    {
        if (_positions.Length < count)
        {
            _positions = GC.AllocateUninitializedArray<int>(count);
        }

        return _positions;
    }

    public void Dispose()
    {
        if (!_isLent)
        {
            return;
        }

        // Offsets only, no content: kept without clearing.
        _isLent = false;
        (Count, Depth, EscapedBytes) = (0, 0, 0);
        if (_tokens.Length > KeptTokens)
        {
            ReturnTokens();
            _tokens = [];
        }

        if (_stocked < Stock)
        {
            (_next, _stock) = (_stock, this);
            _stocked++;
        }
        else
        {
            ReturnTokens();
            _tokens = [];
        }
    }

    private void ReturnTokens()
    {
        if (_tokens.Length > 0)
        {
            ArrayPool<JsonToken>.Shared.Return(_tokens);
        }
    }
}
