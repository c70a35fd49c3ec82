using System.Numerics;
using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using LlmGuard.Plugins.InjectionProtection.Rules;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Weak;

/// <summary>
/// Adds up signs none of which tells anything alone: kinds of words that stand near each other in sentences to a model. Each counts once, and only
/// the beginning of a text is asked, so that long texts are not guilty by their length and cost no more than short ones.
/// </summary>
internal static class WeakSigns
{
    /// <summary>Words behind one that are near it.</summary>
    public const int Reach = 4;

    /// <summary>Words that are looked at.</summary>
    public const int Most = 120;

    /// <summary>Words that a text must have: fewer have no room for many signs, and each weighs too much.</summary>
    public const int Least = 10;

    /// <summary>The sum that is enough, which three to five in a thousand ordinary texts of sources that had been left out reached.</summary>
    public const int Enough = 16;

    // Words that the last sentence has at the least.
    private const int LeastOfLast = 3;

    private const int Classes = 64;

    private static readonly sbyte[] Pairs = new sbyte[Classes * Classes];
    private static readonly sbyte[] Alone = new sbyte[Classes];
    private static readonly sbyte[] Openings = new sbyte[Classes];
    private static readonly sbyte[] FirstSentence = new sbyte[Classes];
    private static readonly sbyte[] LastSentence = new sbyte[Classes];

    // Of each class, what it makes a sign with behind it, and that of these which speaks for an attack.
    private static readonly ulong[] Followers = new ulong[Classes];
    private static readonly ulong[] Telling = new ulong[Classes];

    private static readonly ulong Firsts;
    private static readonly ulong TellingAlone;

    static WeakSigns()
    {
        foreach (var (first, second, weight) in WeakSignTable.Pairs)
        {
            var (a, b) = (Number(first), (ulong)second);
            Pairs[(a * Classes) + Number(second)] = weight;
            (Firsts, Followers[a], Telling[a]) = (Firsts | (ulong)first, Followers[a] | b, Telling[a] | (weight > 0 ? b : 0));
        }

        foreach (var (one, weight) in WeakSignTable.Alone)
        {
            (Alone[Number(one)], TellingAlone) = (weight, TellingAlone | (weight > 0 ? (ulong)one : 0));
        }

        foreach (var (one, weight) in WeakSignTable.Openings)
        {
            Openings[Number(one)] = weight;
        }

        foreach (var (one, weight) in WeakSignTable.First)
        {
            FirstSentence[Number(one)] = weight;
        }

        foreach (var (one, weight) in WeakSignTable.Last)
        {
            LastSentence[Number(one)] = weight;
        }
    }

    public static void Find(WordRow row, HitList hits)
    {
        var words = row.Words[..Math.Min(Most, row.Count)];
        hits.Steps += words.Length;
        if (words.Length >= Least && Sum(words) >= Enough)
        {
            var (first, last) = Span(words);
            hits.Add(InjectionRules.PromptWeakSigns, words[first].Start, words[last].End);
        }
    }

    // From the last word to the first, so that what stands behind a word is known when it is met.
    private static int Sum(ReadOnlySpan<Word> words)
    {
        // One more than there are: where a word is of no class, nothing is met in vain.
        Span<ulong> met = stackalloc ulong[Classes + 1];
        met.Clear();
        var (alone, openings, opening, closing, behind) = (0UL, 0UL, 0UL, 0UL, default(Row));
        var (first, last) = (words[0].Sentence, LastOf(words));
        for (var i = words.Length - 1; i >= 0; i--)
        {
            var here = ClassesOf(words, i);
            if (i + 1 < words.Length && words[i + 1].Sentence != words[i].Sentence)
            {
                behind = default;
            }

            // Nearly all words are of two classes at most: asked for both, so that nobody has to guess how many there are.
            var (near, rest) = (behind.All, here & Firsts);
            met[BitOperations.TrailingZeroCount(rest)] |= near;
            rest &= rest - 1;
            met[BitOperations.TrailingZeroCount(rest)] |= near;
            for (rest &= rest - 1; rest != 0; rest &= rest - 1)
            {
                met[BitOperations.TrailingZeroCount(rest)] |= near;
            }

            alone |= here;
            openings |= words[i].StartsUnit ? here : 0;
            opening |= words[i].Sentence == first ? here : 0;
            closing |= words[i].Sentence == last ? here : 0;
            behind = behind.With(here);
        }

        var sum = Sum(alone, Alone) + Sum(openings, Openings) + Sum(opening, FirstSentence) + (first == last ? 0 : Sum(closing, LastSentence));
        for (var rest = alone & Firsts; rest != 0; rest &= rest - 1)
        {
            var one = BitOperations.TrailingZeroCount(rest);
            sum += Sum(met[one] & Followers[one], Pairs.AsSpan(one * Classes, Classes));
        }

        return sum;
    }

    // A greeting at the end is not what a text leads to.
    private static int LastOf(ReadOnlySpan<Word> words)
    {
        for (var i = words.Length - 1; i >= LeastOfLast - 1; i--)
        {
            if (words[i].Sentence == words[i - LeastOfLast + 1].Sentence)
            {
                return words[i].Sentence;
            }
        }

        return words[0].Sentence;
    }

    private static int Sum(ulong classes, ReadOnlySpan<sbyte> weights)
    {
        var sum = 0;
        for (; classes != 0; classes &= classes - 1)
        {
            sum += weights[BitOperations.TrailingZeroCount(classes)];
        }

        return sum;
    }

    // From the first to the last word of what speaks for an attack.
    private static (int First, int Last) Span(ReadOnlySpan<Word> words)
    {
        var (first, last) = (-1, 0);
        for (var i = 0; i < words.Length; i++)
        {
            var here = ClassesOf(words, i);
            var end = (here & TellingAlone) != 0 ? i : -1;
            for (var j = i + 1; j < words.Length && j <= i + Reach && words[j].Sentence == words[i].Sentence; j++)
            {
                var there = ClassesOf(words, j);
                for (var rest = here & Firsts; rest != 0; rest &= rest - 1)
                {
                    end = (Telling[BitOperations.TrailingZeroCount(rest)] & there) != 0 ? j : end;
                }
            }

            if (end >= 0)
            {
                (first, last) = (first < 0 ? i : first, Math.Max(last, end));
            }
        }

        return (first, last);
    }

    // What is quoted others have said, unless the text is a quotation as a whole.
    private static ulong ClassesOf(ReadOnlySpan<Word> words, int i) => words[i].IsQuoted && !words[0].IsQuoted ? 0 : (ulong)words[i].Class;

    private static int Number(WordClass one) => BitOperations.TrailingZeroCount((ulong)one);

    /// <summary>The classes of the words behind one, the nearest first.</summary>
    private readonly record struct Row(ulong One, ulong Two, ulong Three, ulong Four)
    {
        public ulong All => One | Two | Three | Four;

        public Row With(ulong nearest) => new(nearest, One, Two, Three);
    }
}
