using System.Text;
using LlmGuard.Scanning.Lexing.Code;

namespace LlmGuard.Plugins.CodeSanitation.Triggers;

/// <summary>
/// Tells whether a name of a set stands before a sign, reading backwards from it. Says "perhaps" too often and "no" never wrongly. Immutable.
/// </summary>
internal sealed class CallNames
{
    // Names are told by a hash: two that share one cost a look, no more.
    private const int Bits = 14;

    private readonly ulong[] _hashes = new ulong[(1 << Bits) / 64];
    private readonly int _longest;

    /// <param name="names">Names of ASCII; case is not looked at.</param>
    public CallNames(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            var hash = 0u;
            foreach (var b in Encoding.ASCII.GetBytes(name).AsEnumerable().Reverse())
            {
                hash = Next(hash, b);
            }

            _hashes[Slot(hash) >> 6] |= 1UL << (int)(Slot(hash) & 63);
            _longest = Math.Max(_longest, name.Length);
        }
    }

    /// <summary>Whether there are names at all.</summary>
    public bool IsEmpty => _longest == 0;

    /// <summary>Whether one of the names may end before an offset, with nothing but blanks or comments between.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The offset of the sign.</param>
    /// <param name="steps">Increased by the bytes looked at.</param>
    public bool MayStandBefore(ReadOnlySpan<byte> text, int at, ref long steps)
    {
        var i = at - 1;
        while (i >= 0 && at - i < MostBlanks && ((text[i] <= ' ' && text[i] != '\n') || text[i] == 0x7F))
        {
            i--;
        }

        steps += at - i;
        if (i < 0)
        {
            return false;
        }

        // A row of blanks that is longer than anyone writes, and the end of a comment, hide what stands before them.
        return at - i >= MostBlanks || (text[i] == '/' && i > 0 && text[i - 1] == '*') || MayEndAt(text, i, ref steps);
    }

    private const int MostBlanks = 64;

    private bool MayEndAt(ReadOnlySpan<byte> text, int last, ref long steps)
    {
        var (i, hash) = (last, 0u);
        for (; i >= 0 && last - i < _longest && (CodeLexer.IsNamePart(text[i]) || text[i] == '-'); i--)
        {
            // A hyphen belongs to some names and ends others.
            if (text[i] == '-' && i < last && Has(hash))
            {
                break;
            }

            hash = Next(hash, text[i]);
        }

        steps += last - i;
        var isStart = i < 0 || !CodeLexer.IsNamePart(text[i]);
        return last > i && isStart && (Has(hash) || (i > 0 && text[i] == '?' && text[i - 1] == '<'));
    }

    private bool Has(uint hash) => (_hashes[Slot(hash) >> 6] >> (int)(Slot(hash) & 63) & 1) != 0;

    private static uint Next(uint hash, byte b) => ((hash ^ (b is >= (byte)'A' and <= (byte)'Z' ? (uint)(b | 0x20) : b)) * 16777619u) + 0x9E37u;

    private static uint Slot(uint hash) => (hash * 2654435761u) >> (32 - Bits);
}
