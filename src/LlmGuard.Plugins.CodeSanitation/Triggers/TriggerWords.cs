using System.Text;
using LlmGuard.Scanning.Keywords;
using LlmGuard.Scanning.Lexing.Code;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Plugins.CodeSanitation.Triggers;

/// <summary>Finds words of text, the short ones only where a word begins: two letters stand everywhere. Immutable.</summary>
internal sealed class TriggerWords
{
    private const int Shortest = 4;

    private readonly KeywordTrie _long;
    private readonly (byte[] Text, int Number)[] _short;
    private readonly ByteFilter? _filter;

    /// <param name="words">The words, in lower case; each is told by its place in the list. None of fewer than two bytes.</param>
    public TriggerWords(IReadOnlyList<string> words)
    {
        var all = words.Select((word, number) => (Text: Encoding.ASCII.GetBytes(word), number)).ToArray();
        _long = new KeywordTrie(all.Where(w => w.Text.Length >= Shortest), LowerCase.Map);
        _short = [.. all.Where(w => w.Text.Length < Shortest)];
        _filter = _short.Length == 0 ? null : new ByteFilter([.. _short.Select(w => Row(w.Text))]);
    }

    /// <summary>Adds where words stand to a list: offset, length and number of each.</summary>
    public void Find(ReadOnlySpan<byte> text, List<int> starts, List<(int Start, int Length, int Number)> found, ref long steps)
    {
        starts.Clear();
        _long.FindStarts(text, starts, ref steps);
        foreach (var start in starts)
        {
            if (_long.LongestAt(text, start, out var number, ref steps, out _) is > 0 and var length)
            {
                found.Add((start, length, number));
            }
        }

        if (_filter is null)
        {
            return;
        }

        AddShort(text, 0, found, ref steps);
        for (var at = _filter.Next(text, 0); at < text.Length; at = _filter.Next(text, at + 1))
        {
            AddShort(text, at + 1, found, ref steps);
        }
    }

    private void AddShort(ReadOnlySpan<byte> text, int at, List<(int Start, int Length, int Number)> found, ref long steps)
    {
        steps += _short.Length;
        foreach (var (word, number) in _short)
        {
            if (text.Length - at >= word.Length && Ascii.EqualsIgnoreCase(text.Slice(at, word.Length), word)
                && (at + word.Length == text.Length || !CodeLexer.IsNamePart(text[at + word.Length])))
            {
                found.Add((at, word.Length, number));
            }
        }
    }

    // What is no part of a name, the letters, and behind two of them what is no part of a name again.
    private static bool[][] Row(byte[] word)
    {
        bool[] isOutside = [.. Enumerable.Range(0, 256).Select(b => !CodeLexer.IsNamePart((byte)b))];
        bool[][] letters = [.. word.Select(letter => Enumerable.Range(0, 256).Select(b => LowerCase.Map[b] == letter).ToArray())];
        return [isOutside, .. letters, .. Enumerable.Repeat(isOutside, Shortest - 1 - word.Length)];
    }
}
