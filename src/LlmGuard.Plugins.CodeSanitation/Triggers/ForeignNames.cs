using System.Text;
using LlmGuard.Plugins.CodeSanitation.Rules;
using LlmGuard.Scanning.Keywords;
using LlmGuard.Scanning.Lexing.Code;

namespace LlmGuard.Plugins.CodeSanitation.Triggers;

/// <summary>Tells whether a text may name anything that somebody else wrote: requests, decoders, fetchers. Else no sink is given any.</summary>
internal static class ForeignNames
{
    // What may stand between a request and its member, in a program or in what a template leaves open.
    private const int MostBetween = 64;

    private const int Request = 1;

    private static readonly Lazy<KeywordTrie> Names = new(static () => new KeywordTrie(
        NameFacts.ForeignWords.Select(w => (Word: w, Rule: 0)).Concat(NameFacts.RequestNames.Where(n => n.Length > 1).Select(n => (Word: n, Rule: Request)))
            .DistinctBy(w => w.Word, StringComparer.OrdinalIgnoreCase).Select(w => (Encoding.ASCII.GetBytes(w.Word.ToLowerInvariant()), w.Rule)),
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
            if (Names.Value.LongestAt(text, start, out var rule, ref steps, out _) is > 0 and var length && IsName(text, start, start + length)
                && (rule != Request || HasMember(text, start + length, ref steps)))
            {
                return true;
            }
        }

        // Requests of one letter: r.FormValue, c.Query.
        for (var at = 0; text[at..].IndexOfAny("rRcC"u8) is >= 0 and var found; at += found + 1)
        {
            var i = at + found;
            if (IsName(text, i, i + 1) && HasMember(text, i + 1, ref steps))
            {
                return true;
            }
        }

        return false;
    }

    // Of what is not ASCII some lexers take some for a blank.
    private static bool IsName(ReadOnlySpan<byte> text, int start, int end) =>
        (start == 0 || !IsNamePart(text[start - 1])) && (end == text.Length || !IsNamePart(text[end]));

    private static bool IsNamePart(byte value) => value < 0x80 && CodeLexer.IsNamePart(value);

    // Whether the name behind a request may be that of a member which a caller fills. What a comment hides, nobody knows.
    private static bool HasMember(ReadOnlySpan<byte> text, int end, ref long steps)
    {
        var (at, most) = (end, Math.Min(text.Length, end + MostBetween));
        while (at < most && (text[at] <= ' ' || ".->?[:${@"u8.Contains(text[at])))
        {
            at++;
        }

        steps += at - end;
        if (at == most)
        {
            return at < text.Length;
        }

        if (!IsNamePart(text[at]))
        {
            return text[at] is (byte)'/' or (byte)'#' or >= 0x80;
        }

        var start = at;
        while (at < text.Length && at - start <= SinkTable.LongestName && IsNamePart(text[at]))
        {
            at++;
        }

        // In a template there may be names before it.
        steps += at - start;
        return NameFacts.IsRequestMember(text[start..at]) || (at < text.Length && ".${[@"u8.Contains(text[at]));
    }
}
