using System.Text;
using LlmGuard.Plugins.CodeSanitation.Rules;
using LlmGuard.Scanning.Keywords;
using LlmGuard.Scanning.Lexing.Code;

namespace LlmGuard.Plugins.CodeSanitation.Triggers;

/// <summary>Tells whether a text may name anything that somebody else wrote: requests, decoders, fetchers. Else no sink is given any.</summary>
internal static class ForeignNames
{
    private static readonly Lazy<KeywordTrie> Names = new(static () => new KeywordTrie(
        NameFacts.ForeignWords.Where(w => w.Length > 1).Distinct(StringComparer.OrdinalIgnoreCase)
            .Select(w => (Encoding.ASCII.GetBytes(w.ToLowerInvariant()), 0)),
        LowerCase.Map));

    /// <summary>Whether a text may name any.</summary>
    /// <param name="text">The text.</param>
    /// <param name="starts">Scratch.</param>
    /// <param name="steps">Increased by the bytes looked at.</param>
    public static bool Any(ReadOnlySpan<byte> text, List<int> starts, ref long steps)
    {
        steps += text.Length;
        starts.Clear();
        Names.Value.FindStarts(text, starts, ref steps);
        foreach (var start in starts)
        {
            if (Names.Value.LongestAt(text, start, out _, ref steps, out _) > 0)
            {
                return true;
            }
        }

        // Requests of one letter: r.FormValue, c.Query.
        for (var at = 0; text[at..].IndexOfAny("rRcC"u8) is >= 0 and var found; at += found + 1)
        {
            var i = at + found;
            if ((i == 0 || !CodeLexer.IsNamePart(text[i - 1])) && (i + 1 == text.Length || !CodeLexer.IsNamePart(text[i + 1])))
            {
                return true;
            }
        }

        return false;
    }
}
