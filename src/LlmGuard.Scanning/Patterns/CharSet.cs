using System.Globalization;
using System.Text;

namespace LlmGuard.Scanning.Patterns;

/// <summary>A set of code points, as one position of a pattern accepts. Immutable once in a program.</summary>
internal sealed class CharSet
{
    // Dotted and dotless i, long s, kelvin: characters outside ASCII whose other case is, or might be, inside.
    private static readonly int[] LikeAscii = [0x130, 0x131, 0x17F, 0x212A];

    private readonly List<(int First, int Last)> _ranges = [];
    private readonly List<UnicodeCategory> _categories = [];
    private ulong _asciiLower;
    private ulong _asciiUpper;
    private bool _isNegated;
    private bool _ignoresCase;

    /// <summary>Whether a character outside ASCII can be in the set. May say yes when none is.</summary>
    public bool MayHoldNonAscii =>
        _isNegated || _categories.Count > 0 || _ranges.Exists(r => r.Last >= 0x80) || (_ignoresCase && Array.Exists(LikeAscii, Contains));

    public static CharSet Of(int codePoint) => new CharSet().Add(codePoint, codePoint);

    public CharSet Add(int first, int last)
    {
        _ranges.Add((first, last));
        return this;
    }

    /// <summary>Adds what a group of categories holds, or all but that.</summary>
    public CharSet AddCategories(IReadOnlyList<UnicodeCategory> categories, bool negate)
    {
        // The complement of a union is the union of what the other categories hold.
        foreach (var category in Enum.GetValues<UnicodeCategory>())
        {
            if (categories.Contains(category) != negate)
            {
                _categories.Add(category);
            }
        }

        return this;
    }

    /// <summary>Adds the ranges between those of an ASCII class.</summary>
    public CharSet AddComplement(ReadOnlySpan<(int First, int Last)> ascending)
    {
        var next = 0;
        foreach (var (first, last) in ascending)
        {
            if (first > next)
            {
                Add(next, first - 1);
            }

            next = last + 1;
        }

        return Add(next, 0x10FFFF);
    }

    /// <summary>Ends the making of the set.</summary>
    public CharSet Complete(bool isNegated, bool ignoresCase)
    {
        _isNegated = isNegated;
        _ignoresCase = ignoresCase;
        for (var c = 0; c < 128; c++)
        {
            var bit = Decide(c) ? 1UL << (c & 63) : 0;
            (_asciiLower, _asciiUpper) = c < 64 ? (_asciiLower | bit, _asciiUpper) : (_asciiLower, _asciiUpper | bit);
        }

        return this;
    }

    public bool Contains(int codePoint) =>
        codePoint < 128 ? ((codePoint < 64 ? _asciiLower : _asciiUpper) >> (codePoint & 63) & 1) != 0 : Decide(codePoint);

    private bool Decide(int codePoint) => HasInAnyCase(codePoint) != _isNegated;

    private bool HasInAnyCase(int codePoint)
    {
        if (Has(codePoint) || !_ignoresCase)
        {
            return Has(codePoint);
        }

        var rune = new Rune(codePoint);
        var upper = Rune.ToUpperInvariant(rune);
        return Has(upper.Value) || Has(Rune.ToLowerInvariant(rune).Value) || Has(Rune.ToLowerInvariant(upper).Value)
            || (codePoint is 'k' or 'K' && Has(0x212A)) || (codePoint is 's' or 'S' && Has(0x17F));
    }

    private bool Has(int codePoint)
    {
        foreach (var (first, last) in _ranges)
        {
            if (codePoint >= first && codePoint <= last)
            {
                return true;
            }
        }

        return _categories.Count > 0 && _categories.Contains(Rune.GetUnicodeCategory(new Rune(codePoint)));
    }
}
