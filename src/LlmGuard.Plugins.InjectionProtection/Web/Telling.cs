using System.Buffers;
using System.Numerics;
using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.InjectionProtection.Web;

/// <summary>
/// The one measure of prose for all rules of languages that read a statement as a whole or not at all: whether a text is a sentence that tells of
/// what was found. A statement of SQL or of JavaScript with a sentence around it is no statement, and nothing of it is done; unless the text closes
/// what it was put into, or makes a remark of the rest. Shells, templates and pages do each part for itself, so that no rule of theirs asks here.
/// </summary>
internal static class Telling
{
    /// <summary>Longest text that is one.</summary>
    private const int Longest = 320;

    private const int Readings = 8;

    // Letters that stand apart are no words: "j a v a s c r i p t".
    private const int ShortestWord = 2;
    private const int LeastWords = 4;
    private const int LeastBehind = 2;
    private const int LeastBefore = 3;
    private const int LeastKinds = 2;

    // None of them but "is" is a word of SQL or of a script.
    private static readonly WordTable<int> Functions = Numbered("""
        the an are was were be been this that these those it its what why how which who whose without of before after about because so but
        can could should would will does did has have my your our their you we he she they me us here there than too also instead only just
        is every some much many more most doesn't don't isn't can't
        der die das ein eine ist sind und nicht mit von zu wie warum
        le les une est sont et dans pour avec pas que pourquoi
        el los una es son con para por
        """);

    private static readonly SearchValues<byte> BracketSigns = SearchValues.Create("()[]{}"u8);
    private static readonly SearchValues<byte> RemarkSigns = SearchValues.Create("#;\n\r\0\\"u8);

    private static readonly SearchValues<byte> WordBytes =
        SearchValues.Create([.. "abcdefghijklmnopqrstuvwxyz'-"u8, .. Enumerable.Range(0x80, 0x80).Select(b => (byte)b)]);

    /// <summary>Takes out the hits from an index on, if the text is a sentence and all of them are such as a sentence may tell of.</summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="hits">The hits.</param>
    /// <param name="first">The index of the first that was found in the text.</param>
    public static void Drop(ReadOnlySpan<byte> text, HitList hits, int first)
    {
        if (hits.Hits.Count == first || hits.IsFull || text.Length > Longest)
        {
            return;
        }

        var (start, end) = (text.Length, 0);
        for (var i = first; i < hits.Hits.Count; i++)
        {
            var hit = hits.Hits[i];
            if (!IsOfWhole(hit.Rule))
            {
                return;
            }

            (start, end) = (Math.Min(start, hit.Start), Math.Max(end, hit.End));
        }

        hits.Steps += Readings * text.Length;
        if (Tells(text, start, end))
        {
            hits.Drop(first);
        }
    }

    // What is found is a part of a statement that is done as a whole.
    private static bool IsOfWhole(InjectionRule rule) => rule == InjectionRules.SqlBreakout || rule == InjectionRules.SqlTautology
        || rule == InjectionRules.SqlStatement || rule == InjectionRules.SqlClause || rule == InjectionRules.SqlCatalog
        || rule == InjectionRules.SqlSubquery || rule == InjectionRules.SqlUnion || rule == InjectionRules.XssScript;

    private static bool Tells(ReadOnlySpan<byte> text, int start, int end)
    {
        if (text.ContainsAny(RemarkSigns) || text.IndexOf("--"u8) >= 0 || text.IndexOf("/*"u8) >= 0 || text.IndexOf("//"u8) >= 0
            || text.IndexOf("<!"u8) >= 0 || !AreClosed(text) || text.Count((byte)'`') % 2 != 0
            || !Quotes.AreAroundStatements(text))
        {
            return false;
        }

        var before = Count(text[..start], out var kindsBefore);
        var behind = Count(text[end..], out var kindsBehind);
        return before + behind >= LeastWords && BitOperations.PopCount(kindsBefore | kindsBehind) >= LeastKinds
            && ((behind >= LeastBehind && kindsBehind != 0) || (before >= LeastBefore && BitOperations.PopCount(kindsBefore) >= LeastKinds));
    }

    private static bool AreClosed(ReadOnlySpan<byte> text)
    {
        var depth = 0;
        for (var at = 0; text[at..].IndexOfAny(BracketSigns) is >= 0 and var next; at++)
        {
            at += next;
            depth += text[at] is (byte)'(' or (byte)'[' or (byte)'{' ? 1 : -1;
            if (depth < 0)
            {
                return false;
            }
        }

        return depth == 0;
    }

    // Plain words, with the signs that sentences have behind them, and which of them are such as only sentences have.
    private static int Count(ReadOnlySpan<byte> text, out ulong kinds)
    {
        var words = 0;
        kinds = 0;
        foreach (var range in text.Split((byte)' '))
        {
            var word = text[range].TrimEnd(",.?!:\""u8);
            if (word.Length < ShortestWord || word.ContainsAnyExcept(WordBytes) || !(AsciiByte.IsLetter(word[0]) || word[0] >= 0x80))
            {
                continue;
            }

            words++;
            kinds |= Functions.TryFind(word, out var number) ? 1UL << (number % 64) : 0;
        }

        return words;
    }

    private static WordTable<int> Numbered(string words) =>
        new([.. words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Distinct().Select((word, i) => (word, i))]);
}
