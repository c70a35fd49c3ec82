using System.Text;
using LlmGuard.Scanning.Folding;
using LlmGuard.Scanning.Keywords;
using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.CodeSanitation.Triggers;

/// <summary>
/// Finds the texts of triggers. Words are looked up word by word, at one bit for most, since letters in a row that a filter could go by stand
/// everywhere; what may stand within a word is looked for by vectors. Immutable.
/// </summary>
internal sealed class TriggerWords
{
    private readonly KeywordTrie _anywhere;
    private readonly WordTable<int[]> _words;
    private readonly byte[][] _texts;

    /// <param name="texts">The texts, in lower case, and whether one stands anywhere or begins with a whole word; places are numbers.</param>
    public TriggerWords(IReadOnlyList<(string Text, bool IsAnywhere)> texts)
    {
        _texts = [.. texts.Select(t => Encoding.ASCII.GetBytes(t.Text))];
        var numbered = Enumerable.Range(0, texts.Count).ToArray();
        _anywhere = new KeywordTrie(numbered.Where(n => texts[n].IsAnywhere).Select(n => (_texts[n], n)), LowerCase.Map);
        var begun = numbered.Where(n => !texts[n].IsAnywhere).GroupBy(n => FirstWord(texts[n].Text));
        _words = new WordTable<int[]>([.. begun.Select(g => (g.Key, g.ToArray()))]);
    }

    /// <summary>Adds where texts stand to a list: offset, length and number of each.</summary>
    public void Find(ReadOnlySpan<byte> text, List<int> starts, List<(int Start, int Length, int Number)> found, ref long steps)
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

        steps += text.Length;
        Span<byte> lower = stackalloc byte[Math.Max(1, _words.Longest)];
        var words = new AsciiWords(text);
        while (words.MoveNext())
        {
            var word = text[words.Start..words.End];
            if (word.Length > _words.Longest)
            {
                continue;
            }

            Ascii.ToLower(word, lower, out var count);
            if (_words.TryFind(lower[..count], out var numbers))
            {
                AddAt(text[words.Start..], words.Start, numbers, found, ref steps);
            }
        }
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
