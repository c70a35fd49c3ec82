using System.Buffers;
using System.Runtime.CompilerServices;

namespace LlmGuard.Http.Json;

/// <summary>All tokens of a JSON text in document order. Lent from a small stock of the thread and given back when disposed.</summary>
/// <remarks>
/// Eight bytes a token, as many as an ordinary body has; what a larger one has beyond those is packed as soon as a chunk of the text has been read,
/// so that a body of next to nothing but brackets takes little more than its own bytes here.
/// </remarks>
internal sealed class JsonTape : IDisposable
{
    // A body, a text nested in it, and one more for what they call.
    private const int Stock = 3;

    // What is never packed, and all that a tape keeps: 64 KB.
    private const int MostPlain = 8 * 1024;
    private const int FirstTokens = 256;

    // Where those begin that take turns once others are packed.
    private const int Head = 4000;
    private const int FirstDepth = 64;
    private const int KeptDepth = 1024;

    [ThreadStatic]
    private static JsonTape? _stock;

    [ThreadStatic]
    private static int _stocked;

    private JsonTape? _next;
    private ulong[] _tokens = [];
    private int[] _positions = [];
    private OpenContainer[] _open = new OpenContainer[FirstDepth];
    private PackedTokens? _packed;

    // How many tokens stand where their number says.
    private int _plain;
    private int _shift;
    private bool _isLent;

    private JsonTape()
    {
    }

    public int Count { get; set; }

    /// <summary>Deepest nesting; 1 is a flat object, 0 a lone scalar.</summary>
    public int Depth { get; set; }

    /// <summary>Raw bytes of all strings and keys with escapes: an upper bound of what unescaping them takes.</summary>
    public int EscapedBytes { get; set; }

    /// <summary>How far the room of <see cref="Reserve"/> is behind the tokens' numbers.</summary>
    public int Shift => _shift;

    public JsonToken this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var tokens = _tokens;
            return new JsonToken(index < _plain && (uint)index < (uint)tokens.Length ? tokens[index] : Behind(index), index);
        }
    }

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

    /// <summary>Room for more tokens; those that are there stay.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="more">How many may come: at most those of two chunks.</param>
    /// <returns>The room, in which a token stands <see cref="Shift"/> before its number.</returns>
    public Span<ulong> Reserve(int count, int more)
    {
        if (count - _shift + more > _tokens.Length)
        {
            Grow(count, more);
        }

        return _tokens;
    }

    /// <summary>Says how many tokens a container has, the innermost one first.</summary>
    public void Close(int container, int next)
    {
        if (container < Head || container >= Head + _shift)
        {
            ref var token = ref _tokens[container < Head ? container : container - _shift];
            token = JsonToken.Closed(token, next - container);
        }
        else
        {
            _packed!.Close(container - Head, next - container);
        }
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

    /// <summary>Scratch for a locator: room for containers around the one that is read, deeper than some depth.</summary>
    public Span<OpenContainer> Open(int depth)
    {
        if (_open.Length <= depth)
        {
            Array.Resize(ref _open, depth * 2);
        }

        return _open;
    }

    /// <summary>Number of bytes of any value: of a string or key without the quotes, of a container with both brackets.</summary>
    /// <param name="json">The text.</param>
    /// <param name="token">The value.</param>
    public int LengthOf(ReadOnlySpan<byte> json, int token)
    {
        var value = this[token];
        if (value.Kind > JsonTokenKind.Array)
        {
            return value.Length;
        }

        // Behind the last token in it stand the brackets of all that end with it, and white space.
        var (open, last) = (0, this[value.Next - 1]);
        for (var i = token; i < value.Next; i++)
        {
            var inner = this[i];
            open += inner.Kind <= JsonTokenKind.Array && inner.Next == value.Next ? 1 : 0;
        }

        var at = last.Kind <= JsonTokenKind.Array ? last.Start + 1 : last.Start + last.Length + (last.Kind <= JsonTokenKind.String ? 1 : 0);
        for (; open > 0; at++)
        {
            open -= json[at] is (byte)'}' or (byte)']' ? 1 : 0;
        }

        return at - value.Start;
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
        if (_shift > 0)
        {
            _packed!.Clear();
            (_shift, _plain) = (0, _tokens.Length);
        }

        if (_open.Length > KeptDepth)
        {
            _open = new OpenContainer[FirstDepth];
        }

        if (_stocked < Stock)
        {
            (_next, _stock) = (_stock, this);
            _stocked++;
        }
        else
        {
            ReturnTokens();
            (_tokens, _plain) = ([], 0);
        }
    }

    private ulong Behind(int index) => _shift > 0 && index < Head + _shift ? _packed![index - Head] : _tokens[index - _shift];

    private void Grow(int count, int more)
    {
        var needed = count - _shift + more;
        if (needed > MostPlain)
        {
            Pack(count);
            needed = count - _shift + more;

            // Locators write there unchecked, so the sizes above are held to what they say.
            ArgumentOutOfRangeException.ThrowIfGreaterThan(needed, MostPlain, nameof(more));
        }

        if (needed > _tokens.Length)
        {
            var larger = ArrayPool<ulong>.Shared.Rent(Math.Min(MostPlain, Math.Max(FirstTokens, Math.Max(needed, _tokens.Length * 2))));
            _tokens.CopyTo(larger, 0);
            ReturnTokens();
            _tokens = larger;
            _plain = _shift > 0 ? Head : larger.Length;
        }
    }

    /// <summary>Packs what stands behind the head, in whole blocks.</summary>
    private void Pack(int count)
    {
        var (at, end) = (Head, count - _shift);
        if (end - at < PackedTokens.BlockSize)
        {
            return;
        }

        _packed ??= new PackedTokens();
        for (; end - at >= PackedTokens.BlockSize; at += PackedTokens.BlockSize)
        {
            _packed.Add(_tokens.AsSpan(at, PackedTokens.BlockSize));
        }

        _tokens.AsSpan(at, end - at).CopyTo(_tokens.AsSpan(Head));
        _shift += at - Head;
        _plain = Head;
    }

    private void ReturnTokens()
    {
        if (_tokens.Length > 0)
        {
            ArrayPool<ulong>.Shared.Return(_tokens);
        }
    }
}
