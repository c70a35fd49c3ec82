using LlmGuard.Plugins.CodeSanitation.Rules;
using LlmGuard.Scanning.Lexing.Code;

namespace LlmGuard.Plugins.CodeSanitation.Triggers;

/// <summary>Tells whether a text may name anything that somebody else wrote: requests, decoders, fetchers. Else no sink is given any.</summary>
internal static class ForeignNames
{
    // What may stand between a request and its member, in a program or in what a template leaves open.
    private const int MostBetween = 64;

    private static readonly string[] Own = [.. NameFacts.ForeignWords.Select(w => w.ToLowerInvariant()).Distinct(StringComparer.Ordinal)];

    private static readonly Lazy<TriggerWords> Names = new(static () => new TriggerWords(
        [.. Own.Concat(NameFacts.RequestNames.Select(n => n.ToLowerInvariant()).Except(Own)).Select(w => (w, !char.IsAsciiLetterOrDigit(w[0])))]));

    /// <summary>Whether a text may name any.</summary>
    /// <param name="text">The text.</param>
    /// <param name="starts">Scratch.</param>
    /// <param name="found">Scratch.</param>
    /// <param name="steps">Increased by the bytes looked at.</param>
    public static bool Any(ReadOnlySpan<byte> text, List<int> starts, List<(int Start, int Length, int Number)> found, ref long steps)
    {
        found.Clear();
        Names.Value.Find(text, starts, found, ref steps);
        foreach (var (start, length, number) in found)
        {
            // A request is known by its members: r.FormValue, c.Query.
            if (IsName(text, start, start + length) && (number < Own.Length || HasMember(text, start + length, ref steps)))
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
