using System.Globalization;
using System.Text;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Secrets.Keys;

/// <summary>The documented shape of a vendor's credential.</summary>
/// <remarks>
/// A pattern is literal text and classes in braces, each with a length: <c>{h32}</c> exactly 32, <c>{a20-40}</c> a range, <c>{t20+}</c> at least.
/// Classes: <c>a</c> letters and digits, <c>l</c> small letters and digits, <c>U</c> capitals and digits, <c>h</c> hexadecimal, <c>x</c> the same in
/// small letters, <c>n</c> digits, <c>t</c> as a with hyphen and underscore, <c>b</c> base64, <c>c</c> as a with point and slash, <c>d</c> as t and b
/// with points. A class takes all it can; nothing is tried twice, so the work is linear.
/// </remarks>
internal sealed class KeyFormat
{
    private const int MaxBody = 2048;
    private const int Telling = 64;

    private readonly Part[] _parts;
    private readonly bool _isMixed;
    private readonly bool _isAny;
    private readonly bool _isApart;

    /// <param name="vendor">Whose credential it is.</param>
    /// <param name="pattern">The pattern.</param>
    /// <param name="flags">"mixed": a letter and a digit must occur; "any": whatever the letters are; "apart": not behind a point.</param>
    public KeyFormat(string vendor, string pattern, string flags)
    {
        Vendor = vendor;
        Pattern = pattern;
        _parts = [.. Parse(pattern)];
        _isMixed = flags.Contains("mixed", StringComparison.Ordinal);
        _isAny = flags.Contains("any", StringComparison.Ordinal);
        _isApart = flags.Contains("apart", StringComparison.Ordinal);
    }

    /// <summary>Whose credential it is.</summary>
    public string Vendor { get; }

    /// <summary>Its pattern.</summary>
    public string Pattern { get; }

    /// <summary>Whether it may be as long as what stands there.</summary>
    public bool IsUnbounded => Array.Exists(_parts, static part => part.Max >= MaxBody);

    /// <summary>The literal text it begins with, which may be empty.</summary>
    public ReadOnlySpan<byte> Prefix => _parts[0].Literal;

    /// <summary>How the credential begins.</summary>
    public Opening Opening
    {
        get
        {
            var places = new List<Func<int, bool>>();
            foreach (var part in _parts)
            {
                places.AddRange(part.Literal is { } literal ? literal.Select(b => Opening.Exactly(b)) : Enumerable.Repeat(part.Class!, part.Min));
                if (part.Min != part.Max)
                {
                    break;
                }
            }

            return new Opening([.. places.Take(Opening.Length)]);
        }
    }

    /// <summary>How sure a match is: less where the characters look made up or, in a loose format, are words.</summary>
    public byte ConfidenceOf(ReadOnlySpan<byte> credential)
    {
        var body = credential[Math.Min(Prefix.Length, credential.Length)..];
        var shape = ValueShape.Of(body);
        return _isAny ? Confidence.High : SecretDoubts.ToConfidence(SecretDoubts.OfRandom(body, shape) + (_isMixed ? SecretDoubts.OfWords(body) : 0));
    }

    /// <summary>The offset after the credential at an offset, or 0 when there is none.</summary>
    public int EndAt(ref ScanText text, int at) => EndAt(ref text, at, out _);

    /// <summary>The offset after the credential at an offset, or 0 when there is none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The offset.</param>
    /// <param name="offset">Receives how far it was read.</param>
    public int EndAt(ref ScanText text, int at, out int offset)
    {
        offset = at;
        if (_isApart && text[at - 1] == '.')
        {
            return 0;
        }

        var body = -1;
        var (hasLetter, hasDigit) = (false, false);
        foreach (var part in _parts)
        {
            if (part.Literal is { } literal)
            {
                foreach (var expected in literal)
                {
                    if (text[offset] != expected)
                    {
                        return 0;
                    }

                    offset++;
                }

                continue;
            }

            body = body < 0 ? offset : body;
            var start = offset;
            while (offset - start < part.Max && part.Class!(text[offset]))
            {
                // Whether it is a word or a key shows early; reading on for nothing would cost every start within a long row of letters.
                if (_isMixed && offset - start == Telling && !(hasLetter && hasDigit))
                {
                    return 0;
                }

                hasDigit |= AsciiByte.IsDigit(text[offset]);
                hasLetter |= AsciiByte.IsLetter(text[offset]);
                offset++;
            }

            if (offset - start < part.Min)
            {
                return 0;
            }
        }

        var last = _parts[^1];
        if (last.Max < MaxBody && (AsciiByte.IsAlphanumeric(text[offset]) || (text[offset] == '_' && !IsEmphasised(ref text, at, offset))))
        {
            return 0;
        }

        // A full stop after a token with points ends the sentence, but where the length says that it is the token's.
        while (last.Min != last.Max && text[offset - 1] == '.')
        {
            offset--;
        }

        return (_isMixed && !(hasLetter && hasDigit)) || (!_isAny && body >= 0 && ValueShape.Of(text.Bytes[body..offset]).IsMasked) ? 0 : offset;
    }

    // "_AKIA..._" and "__AKIA...__" are set in italics and bold.
    private static bool IsEmphasised(ref ScanText text, int start, int end)
    {
        var signs = text[start - 1] != '_' ? 0 : text[start - 2] != '_' ? 1 : 2;
        return signs > 0 && (signs == 1 || text[end + 1] == '_') && !IsOfName(text[start - signs - 1]) && !IsOfName(text[end + signs]);
    }

    private static bool IsOfName(int b) => AsciiByte.IsAlphanumeric(b) || b == '_';

    private static IEnumerable<Part> Parse(string pattern)
    {
        for (var at = 0; at < pattern.Length;)
        {
            if (pattern[at] != '{')
            {
                var stop = pattern.IndexOf('{', at);
                stop = stop < 0 ? pattern.Length : stop;
                yield return new Part(Encoding.ASCII.GetBytes(pattern[at..stop]), null, 0, 0);
                at = stop;
                continue;
            }

            var close = pattern.IndexOf('}', at);
            var count = pattern[(at + 2)..close];
            var bounds = count.Split('-');
            var min = int.Parse(bounds[0].TrimEnd('+'), CultureInfo.InvariantCulture);
            var max = count.EndsWith('+') ? MaxBody : int.Parse(bounds[^1], CultureInfo.InvariantCulture);
            yield return new Part(null, ClassOf(pattern[at + 1]), min, max);
            at = close + 1;
        }
    }

    private static Func<int, bool> ClassOf(char name) => name switch
    {
        'a' => AsciiByte.IsAlphanumeric,
        'l' => static b => AsciiByte.IsLower(b) || AsciiByte.IsDigit(b),
        'U' => static b => AsciiByte.IsUpper(b) || AsciiByte.IsDigit(b),
        'h' => AsciiByte.IsHex,
        'x' => static b => AsciiByte.IsDigit(b) || b is >= 'a' and <= 'f',
        'n' => AsciiByte.IsDigit,
        't' => static b => AsciiByte.IsAlphanumeric(b) || b is '-' or '_',
        'b' => static b => AsciiByte.IsAlphanumeric(b) || b is '+' or '/' or '=',
        'c' => static b => AsciiByte.IsAlphanumeric(b) || b is '.' or '/',
        'd' => static b => AsciiByte.IsAlphanumeric(b) || b is '-' or '_' or '.' or '=' or '/' or '+',
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such class."),
    };

    private sealed record Part(byte[]? Literal, Func<int, bool>? Class, int Min, int Max);
}
