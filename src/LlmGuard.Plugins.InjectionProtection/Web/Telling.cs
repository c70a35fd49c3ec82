using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.InjectionProtection.Web;

/// <summary>
/// The one measure of prose that all rules share whose finding does something only where a program reads it: whether a text is a sentence that tells
/// of what was found. A sentence has words of the kinds that no language of programs has (articles, pronouns, "with", "would"), goes on with them
/// behind what it tells of, and has closed whatever it opened. What breaks out of a value ends with what it does, or with a remark; and what runs or
/// loads something wherever it stands, a tag with content or an address, is not asked for here.
/// </summary>
internal static class Telling
{
    /// <summary>Longest text that is asked.</summary>
    public const int Longest = 320;

    private const int LeastWords = 4;
    private const int LeastBehind = 2;
    private const int LeastBefore = 3;

    // None of them is a word of SQL, of a shell or of a script; "is" and "a" stand there as well, but not beside another one.
    private static readonly WordTable<int> Functions = Numbered("""
        the a an are was were be been this that these those it its what why how which who whose with without of before after about because so but
        can could should would will does did has have my your our their i you we he she they me us here there than too also instead only just
        is which every some much many more most does doesn't don't isn't can't
        der die das ein eine ist sind und nicht mit von zu wie warum
        le les une est sont et dans pour avec pas que pourquoi
        el los una es son y con para por que
        """);

    private static readonly System.Buffers.SearchValues<byte> ClosedSigns = System.Buffers.SearchValues.Create("()[]{}"u8);

    /// <summary>Takes out the hits from an index on, if all of them are such as a sentence may tell of, and the text is that sentence.</summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="hits">The hits.</param>
    /// <param name="first">The index of the first that was found in the text.</param>
    public static void Drop(ReadOnlySpan<byte> text, HitList hits, int first)
    {
        var count = hits.Hits.Count;
        if (count == first || text.Length > Longest)
        {
            return;
        }

        var (start, end, isChain) = (text.Length, 0, false);
        for (var i = first; i < count; i++)
        {
            var hit = hits.Hits[i];
            if (!IsWeak(hit.Rule))
            {
                return;
            }

            (start, end) = (Math.Min(start, hit.Start), Math.Max(end, hit.End));
            isChain |= hit.Rule.Type == InjectionType.Command;
        }

        hits.Steps += 8 * text.Length;
        if (Tells(text, start, end, isChain))
        {
            for (var i = count - 1; i >= first; i--)
            {
                hits.Remove(i);
            }
        }
    }

    // What it finds is done by a database, a shell or a page that is given it as it stands.
    private static bool IsWeak(InjectionRule rule) => rule == InjectionRules.SqlBreakout || rule == InjectionRules.SqlTautology
        || rule == InjectionRules.SqlStatement || rule == InjectionRules.SqlClause || rule == InjectionRules.SqlCatalog
        || rule == InjectionRules.SqlSubquery || rule == InjectionRules.XssScript || rule == InjectionRules.CommandChain
        || rule == InjectionRules.CommandLine || rule == InjectionRules.CommandCall || rule == InjectionRules.CommandSubstitution
        || rule == InjectionRules.PathSystem || rule == InjectionRules.FileSecret || rule == InjectionRules.FileLatex;

    private static bool Tells(ReadOnlySpan<byte> text, int start, int end, bool isChain)
    {
        if (text.IndexOf("--"u8) >= 0 || text.IndexOf("/*"u8) >= 0 || text.IndexOf(".."u8) >= 0 || text[^1] is (byte)'#' or (byte)';' or (byte)'&'
            || !AreClosed(text) || !Quotes.ArePairs(text, (byte)'\'') || !Quotes.ArePairs(text, (byte)'"') || text.Count((byte)'`') % 2 != 0)
        {
            return false;
        }

        var before = Count(text[..start], out var functionsBefore);
        var behind = Count(text[end..], out var functionsBehind);
        return before + behind >= LeastWords && System.Numerics.BitOperations.PopCount(functionsBefore | functionsBehind) >= 2
            && ((behind >= LeastBehind && functionsBehind != 0)
                || (!isChain && before >= LeastBefore && System.Numerics.BitOperations.PopCount(functionsBefore) >= 2));
    }

    private static bool AreClosed(ReadOnlySpan<byte> text)
    {
        var depth = 0;
        for (var at = 0; text[at..].IndexOfAny(ClosedSigns) is >= 0 and var next; at++)
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
    private static int Count(ReadOnlySpan<byte> text, out ulong functions)
    {
        var words = 0;
        functions = 0;
        foreach (var range in text.Split((byte)' '))
        {
            var word = text[range].TrimEnd(",.?!:\""u8);
            if (word.IsEmpty || word.IndexOfAnyExcept(WordBytes) >= 0 || !(AsciiByte.IsLetter(word[0]) || word[0] >= 0x80))
            {
                continue;
            }

            words++;
            functions |= Functions.TryFind(word, out var number) ? 1UL << (number % 64) : 0;
        }

        return words;
    }

    private static readonly System.Buffers.SearchValues<byte> WordBytes = System.Buffers.SearchValues.Create(
        [.. "abcdefghijklmnopqrstuvwxyz'-"u8, .. Enumerable.Range(0x80, 0x80).Select(b => (byte)b)]);

    private static WordTable<int> Numbered(string words) =>
        new([.. words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Distinct().Select((word, i) => (word, i))]);
}
