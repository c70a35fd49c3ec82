using System.Globalization;
using System.Text;

namespace LlmGuard.Http.Tests.Json;

/// <summary>
/// A generated JSON text that remembers how each of its characters is written, so that the outcome of any edit is known beforehand.
/// </summary>
internal sealed class JsonSample
{
    private static readonly string[] Numbers = ["0", "-0", "1.0e400", "-12.50", "1E+5", "12345678901234567890", "4111111111111111", "0.10", "2e-7"];
    private static readonly string[] Spaces = ["", "", "", " ", "\n  ", "\t", "\r\n", "   "];
    private static readonly int[] Unusual =
        [0, 1, 8, 9, 10, 12, 13, 0x1F, '"', '\\', '/', 0x7F, 0xE9, 0x2028, 0xFEFF, 0xFFFF, 0x1F600, 0x10FFFF, '_'];

    private readonly Random _random;
    private readonly List<Piece> _pieces = [];
    private int _keys;

    public JsonSample(int seed, int size)
    {
        _random = new Random(seed);
        Value(size, 0);
        _pieces.Insert(0, Piece.Literal(Space()));
        _pieces.Add(Piece.Literal(Space()));
    }

    public string Json => Render([]);

    /// <summary>The strings, keys and numbers that become segments, in order.</summary>
    public IReadOnlyList<Piece> Segments => [.. _pieces.Where(p => p.IsSegment)];

    /// <summary>Random edits of some strings and numbers, at most two to a string; the first segment of the sample has the given index.</summary>
    public List<SampleEdit> Edits(int firstSegment)
    {
        var edits = new List<SampleEdit>();
        var index = firstSegment;
        foreach (var piece in Segments)
        {
            if (piece.Kind == PieceKind.Number && _random.Next(4) == 0)
            {
                edits.Add(new SampleEdit(piece, index, 0, piece.Units.Count, Replacement()));
            }
            else if (piece.Kind == PieceKind.Text && _random.Next(3) == 0)
            {
                var start = _random.Next(piece.Units.Count);
                var count = 1 + _random.Next(piece.Units.Count - start);
                edits.Add(new SampleEdit(piece, index, start, count, Replacement()));
                if (start + count < piece.Units.Count && _random.Next(2) == 0)
                {
                    edits.Add(new SampleEdit(piece, index, start + count, piece.Units.Count - start - count, Replacement()));
                }
            }

            index++;
        }

        return edits;
    }

    /// <summary>The text as it must be after the edits.</summary>
    public string Render(IReadOnlyList<SampleEdit> edits) => Render(edits, (_, raw) => raw, escaped => escaped);

    /// <summary>The text as it must be inside a string of another text.</summary>
    /// <param name="edits">The edits.</param>
    /// <param name="kept">How the outer string writes the unit of a number.</param>
    /// <param name="replaced">How it writes a replacement that is already escaped once.</param>
    public string Render(IReadOnlyList<SampleEdit> edits, Func<int, string, string> kept, Func<string, string> replaced)
    {
        var text = new StringBuilder();
        var number = 0;
        foreach (var piece in _pieces)
        {
            var own = edits.Where(e => e.Piece == piece).ToList();
            var isReplacedNumber = piece.Kind == PieceKind.Number && own.Count == 1;
            for (var unit = 0; unit < piece.Units.Count; unit++, number++)
            {
                if (own.Find(e => unit >= e.Start && unit < e.Start + e.Count) is not { } edit)
                {
                    text.Append(kept(number, piece.Units[unit].Raw));
                }
                else if (unit == edit.Start)
                {
                    text.Append(replaced(isReplacedNumber ? "\"" + Escape(edit.Replacement) + "\"" : Escape(edit.Replacement)));
                }
            }
        }

        return text.ToString();
    }

    /// <summary>The escapes an edit writes: those that JSON demands.</summary>
    public static string Escape(string text) => string.Concat(text.Select(c => c switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\b' => "\\b",
        '\f' => "\\f",
        < ' ' => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture),
        _ => c.ToString(),
    }));

    /// <summary>One of the ways to write a character inside a JSON string.</summary>
    public static string Write(Rune rune, Random random)
    {
        var escaped =
            string.Concat(rune.ToString().Select(c => "\\u" + ((int)c).ToString(random.Next(2) == 0 ? "x4" : "X4", CultureInfo.InvariantCulture)));
        var isShort = rune.Value is '"' or '\\' or '\n' or '\r' or '\t' or '\b' or '\f';
        return random.Next(4) == 0 ? escaped
            : isShort ? Escape(rune.ToString())
            : rune.Value == '/' && random.Next(2) == 0 ? "\\/"
            : rune.Value < ' ' ? escaped
            : rune.ToString();
    }

    private void Value(int size, int depth)
    {
        switch (depth > 12 || size <= 1 ? _random.Next(3) : _random.Next(6))
        {
            case 0:
                _pieces.Add(new Piece(PieceKind.Number, [.. Numbers[_random.Next(Numbers.Length)].Select(c => (c.ToString(), c.ToString()))]));
                break;
            case 1:
                _pieces.Add(Piece.Literal(_random.Next(3) switch { 0 => "true", 1 => "false", _ => "null" }));
                break;
            case 2 or 3:
                Text(PieceKind.Text, 12, "");
                break;
            case 4:
                Items('[', ']', size, depth, isObject: false);
                break;
            default:
                Items('{', '}', size, depth, isObject: true);
                break;
        }
    }

    private void Items(char open, char close, int size, int depth, bool isObject)
    {
        _pieces.Add(Piece.Literal(open + Space()));
        var count = _random.Next(5);
        for (var i = 0; i < count; i++)
        {
            if (isObject)
            {
                // The number makes the name unique, folded too.
                Text(PieceKind.Key, 4, (_keys++).ToString(CultureInfo.InvariantCulture) + "-");
                _pieces.Add(Piece.Literal(Space() + ":" + Space()));
            }

            Value(size / count, depth + 1);
            _pieces.Add(Piece.Literal(Space() + (i + 1 < count ? "," + Space() : "")));
        }

        _pieces.Add(Piece.Literal(close.ToString()));
    }

    private void Text(PieceKind kind, int length, string prefix)
    {
        var runes = prefix.EnumerateRunes().ToList();
        for (var left = _random.Next(length); left > 0; left--)
        {
            runes.Add(_random.Next(3) == 0 ? new Rune(Unusual[_random.Next(Unusual.Length)]) : new Rune('a' + _random.Next(26)));
        }

        _pieces.Add(Piece.Literal("\""));
        _pieces.Add(new Piece(kind, [.. runes.Select(r => (Write(r, _random), r.ToString()))]));
        _pieces.Add(Piece.Literal("\""));
    }

    private string Replacement() => _random.Next(5) switch { 0 => "", 1 => "[MASKED]", 2 => "\"\\\n\u0001", 3 => "\U0001F600\u00E9", _ => "x" };

    private string Space() => Spaces[_random.Next(Spaces.Length)];
}

internal enum PieceKind
{
    Literal,
    Text,
    Key,
    Number,
}

/// <summary>A stretch of a sample: every unit is what is written and what it stands for.</summary>
internal sealed record Piece(PieceKind Kind, List<(string Raw, string Text)> Units)
{
    public bool IsSegment => Kind != PieceKind.Literal && Units.Count > 0;

    public string Text => string.Concat(Units.Select(u => u.Text));

    public static Piece Literal(string text) => new(PieceKind.Literal, [.. text.Select(c => (c.ToString(), c.ToString()))]);
}

/// <summary>An edit of a sample, counted in units.</summary>
internal sealed record SampleEdit(Piece Piece, int Segment, int Start, int Count, string Replacement)
{
    public TextEdit ToTextEdit() => new(
        Segment,
        new TextSpan(Bytes(Piece.Units.Take(Start)), Bytes(Piece.Units.Skip(Start).Take(Count))),
        Encoding.UTF8.GetBytes(Replacement));

    private static int Bytes(IEnumerable<(string Raw, string Text)> units) => units.Sum(u => Encoding.UTF8.GetByteCount(u.Text));
}
