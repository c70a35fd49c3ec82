using System.Text;
using LlmGuard.Scanning.Keywords;
using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.CodeSanitation.Triggers;

/// <summary>
/// Finds the texts of triggers. Words are looked up as wholes, at one bit for most, since letters in a row that a filter could go by stand
/// everywhere; what may stand within a word is looked for by vectors. Immutable.
/// </summary>
internal sealed class TriggerWords
{
    private readonly KeywordTrie _anywhere;
    private readonly WordFilter _filter;
    private readonly WordTable<int[]> _words;
    private readonly byte[][] _texts;

    /// <param name="texts">The texts, in lower case, and whether one stands anywhere or begins with a whole word; places are numbers.</param>
    public TriggerWords(IReadOnlyList<(string Text, bool IsAnywhere)> texts)
    {
        _texts = [.. texts.Select(t => Encoding.ASCII.GetBytes(t.Text))];
        var numbered = Enumerable.Range(0, texts.Count).ToArray();
        _anywhere = new KeywordTrie(numbered.Where(n => texts[n].IsAnywhere).Select(n => (_texts[n], n)), LowerCase.Map);
        var begun = numbered.Where(n => !texts[n].IsAnywhere).GroupBy(n => FirstWord(texts[n].Text)).ToArray();
        _filter = new WordFilter(begun.Select(g => g.Key));
        _words = new WordTable<int[]>([.. begun.Select(g => (g.Key, g.ToArray()))]);
    }

    /// <summary>Adds where texts stand to a list: offset, length and number of each.</summary>
    public void Find(ReadOnlySpan<byte> text, List<int> starts, List<(int Start, int Length, int Number)> found, ref long steps)
    {
        FindSigns(text, starts, found, ref steps);
        FindWords(text, starts, found, ref steps);
    }

    /// <summary>The same of the texts that stand anywhere, in no order and some twice.</summary>
    public void FindSigns(ReadOnlySpan<byte> text, List<int> starts, List<(int Start, int Length, int Number)> found, ref long steps)
    {
        starts.Clear();
        _anywhere.FindStarts(text, starts, ref steps);
        foreach (var start in starts)
        {
            if (_anywhere.LongestAt(text, start, out var number, ref steps, out _) is > 0 and var length)
            {
                found.Add((start, length, number));
            }
        }
    }

    /// <summary>The same of the texts that begin with a whole word, in order.</summary>
    public void FindWords(ReadOnlySpan<byte> text, List<int> starts, List<(int Start, int Length, int Number)> found, ref long steps)
    {
        steps += text.Length;
        starts.Clear();
        _filter.Find(text, starts);
        Span<byte> lower = stackalloc byte[Math.Max(1, _words.Longest)];
        foreach (var start in starts)
        {
            Ascii.ToLower(text.Slice(start, WordLength(text[start..])), lower, out var count);
            if (_words.TryFind(lower[..count], out var numbers))
            {
                AddAt(text[start..], start, numbers, found, ref steps);
            }
        }
    }

    // What is longer than any word is no word of the table, however it goes on.
    private int WordLength(ReadOnlySpan<byte> rest)
    {
        var (length, most) = (0, Math.Min(rest.Length, _words.Longest + 1));
        while (length < most && char.IsAsciiLetterOrDigit((char)rest[length]))
        {
            length++;
        }

        return length > _words.Longest ? 0 : length;
    }

    private void AddAt(ReadOnlySpan<byte> rest, int start, int[] numbers, List<(int Start, int Length, int Number)> found, ref long steps)
    {
        foreach (var number in numbers)
        {
            var expected = _texts[number];
            steps += expected.Length;
            if (rest.Length >= expected.Length && Ascii.EqualsIgnoreCase(rest[..expected.Length], expected))
            {
                found.Add((start, expected.Length, number));
            }
        }
    }

    private static string FirstWord(string text) => new([.. text.TakeWhile(char.IsAsciiLetterOrDigit)]);
}
