using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using static LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Signals;

/// <summary>
/// What a text is about: how often the beginnings of its words stand in it, counted by their hashes. A sentence that has none of them was not written
/// with the text, whatever it asks for. Read only when a sentence is asked about, and then once.
/// </summary>
internal sealed class TopicIndex
{
    /// <summary>A text of fewer words has too few to tell by.</summary>
    private const int Least = 30;

    // Inflections and derivations begin alike.
    private const int StemLength = 5;
    private const int ShortestWord = 4;
    private const int Slots = 4096;

    private readonly ushort[] _counts = new ushort[Slots];
    private int _words;
    private int _persons;
    private bool _isRead;

    /// <summary>Whether it is from somebody to somebody, who speaks of himself.</summary>
    public bool IsConversation => _persons > 1;

    /// <summary>Forgets the text.</summary>
    public void Clear() => _isRead = false;

    /// <summary>Whether the text is long enough to tell what it is about.</summary>
    public bool Knows(ReadOnlySpan<Word> words, ReadOnlySpan<byte> text)
    {
        if (!_isRead)
        {
            Read(words, text);
        }

        return _words >= Least;
    }

    /// <summary>Whether a part of the text is about nothing that the rest of it is about.</summary>
    public bool IsForeign(ReadOnlySpan<Word> words, int start, int end, ReadOnlySpan<byte> text)
    {
        // What the part itself says is taken out while the rest is asked.
        var (count, shared) = (0, 0);
        Count(words[start..end], text, -1);
        for (var i = start; i < end; i++)
        {
            if (IsContent(words[i], text))
            {
                count++;
                shared += _counts[Slot(words[i], text)] > 0 ? 1 : 0;
            }
        }

        Count(words[start..end], text, 1);
        return count > 1 && shared * 4 <= count;
    }

    private void Read(ReadOnlySpan<Word> words, ReadOnlySpan<byte> text)
    {
        Array.Clear(_counts);
        (_words, _persons, _isRead) = (Count(words, text, 1), 0, true);
        foreach (var word in words)
        {
            _persons += word.Is(My | Your) || WordSets.IsPerson(word.In(text)) ? 1 : 0;
        }
    }

    private int Count(ReadOnlySpan<Word> words, ReadOnlySpan<byte> text, int difference)
    {
        var count = 0;
        foreach (var word in words)
        {
            if (IsContent(word, text))
            {
                _counts[Slot(word, text)] += (ushort)difference;
                count++;
            }
        }

        return count;
    }

    private static bool IsContent(Word word, ReadOnlySpan<byte> text) =>
        word.End - word.Start >= ShortestWord && !word.Is(Filler | Question | Aux | Third | You | Your | Must | And | Polite)
        && !WordSets.IsCommon(word.In(text));

    private static int Slot(Word word, ReadOnlySpan<byte> text)
    {
        var hash = 2166136261u;
        foreach (var b in text[word.Start..Math.Min(word.End, word.Start + StemLength)])
        {
            hash = (hash ^ b) * 16777619u;
        }

        return (int)((hash ^ (hash >> 15)) & (Slots - 1));
    }
}
