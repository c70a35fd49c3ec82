using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
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

    // What a text needs more for each time beyond two that it speaks of a character, a role or a
    // persona: plays are staged in many such words.
    private const int Roles = 2;
    private const int PerRole = 3;
    private const int MostOfRoles = 12;

    // Words that the last sentence has at the least.
    private const int LeastOfLast = 3;

    private const int Classes = ClassWeights.Classes;

    // Places for what is met in vain, a power of two, behind those of the classes.
    private const int Spare = 8;
    private const int Places = Classes + Spare;

    private static readonly sbyte[] Pairs = new sbyte[Classes * Classes];
    private static readonly sbyte[] Alone = new sbyte[Classes];
    private static readonly sbyte[] Openings = new sbyte[Classes];
    private static readonly sbyte[] FirstSentence = new sbyte[Classes];
    private static readonly sbyte[] LastSentence = new sbyte[Classes];

    // Of each class, what makes a sign with it behind it that speaks for an attack.
    private static readonly ulong[] Telling = new ulong[Classes];

    private static readonly ulong Firsts;
    private static readonly ulong TellingAlone;

    static WeakSigns()
    {
        foreach (var (first, second, weight) in WeakSignTable.Pairs)
        {
            var (a, b) = (Number(first), (ulong)second);
            Pairs[(a * Classes) + Number(second)] = weight;
            (Firsts, Telling[a]) = (Firsts | (ulong)first, Telling[a] | (weight > 0 ? b : 0));
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
        if (words.Length >= Least && Sum(words) is >= Enough and var sum && sum - Staging(words) >= Enough)
        {
            var (first, last) = Span(words);
            hits.Add(InjectionRules.PromptWeakSigns, words[first].Start, words[last].End);
        }
    }

    /// <summary>What a text needs more because it stages a play.</summary>
    public static int Staging(ReadOnlySpan<Word> words)
    {
        var roles = 0;
        foreach (ref readonly var word in words)
        {
            roles += word.Is(WordClass.Character) ? 1 : 0;
        }

        return Math.Clamp((roles - Roles) * PerRole, 0, MostOfRoles);
    }

    // From the last word to the first, so that what stands behind a word is known when it is met.
    private static int Sum(ReadOnlySpan<Word> words)
    {
        // What words meet that are of a class, for the first and the second class of each. Where one is of none, it is met at a spare place, and
        // not at that where the word before it has just met something.
        var met = default(Met);
        var (alone, openings, opening, closing) = (0UL, 0UL, 0UL, 0UL);
        var (first, last, quoted) = (words[0].Sentence, LastOf(words), words[0].IsQuoted ? 0 : ulong.MaxValue);
        var (one, two, three, four, sentence) = (0UL, 0UL, 0UL, 0UL, first);
        var firsts = Firsts;
        for (var i = words.Length - 1; i >= 0; i--)
        {
            ref readonly var word = ref words[i];
            var here = (ulong)word.Class & ~(Mask(word.IsQuoted) & quoted);

            // The four behind it, the nearest first, none of which counts that is in another sentence.
            var goesOn = Mask(word.Sentence == sentence);
            (one, two, three, four, sentence) = (one & goesOn, two & goesOn, three & goesOn, four & goesOn, word.Sentence);
            var (near, rest) = (one | two | three | four, here & firsts);

            // Nearly all words are of two classes at most: asked for both, so that nobody has to guess how many there are.
            met[Place(rest, i)] |= near;
            rest &= rest - 1;
            met[Places + Place(rest, i)] |= near;
            for (rest &= rest - 1; rest != 0; rest &= rest - 1)
            {
                met[BitOperations.TrailingZeroCount(rest)] |= near;
            }

            alone |= here;
            openings |= here & Mask(word.StartsUnit);
            opening |= here & Mask(word.Sentence == first);
            closing |= here & Mask(word.Sentence == last);
            (one, two, three, four) = (here, one, two, three);
        }

        var sum = ClassWeights.Of(alone, Alone) + ClassWeights.Of(openings, Openings) + ClassWeights.Of(opening, FirstSentence)
            + ClassWeights.Of(first == last ? 0 : closing, LastSentence);
        for (var rest = alone & firsts; rest != 0; rest &= rest - 1)
        {
            // What makes no sign with it weighs nothing.
            var number = BitOperations.TrailingZeroCount(rest);
            sum += ClassWeights.Of(met[number] | met[Places + number], Pairs.AsSpan(number * Classes, Classes));
        }

        return Vector256.Sum(sum);
    }

    // The place of the first of some classes; one of those behind them where there is none.
    private static int Place(ulong classes, int i)
    {
        var place = BitOperations.TrailingZeroCount(classes);
        return place + (i & (Spare - 1) & -(place >> 6));
    }

    // All bits or none, without a branch: nothing that is asked of one word tells of the next.
    private static ulong Mask(bool isSet) => 0 - (ulong)Unsafe.BitCast<bool, byte>(isSet);

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

    /// <summary>What stands behind the words of each class, and places for what stands behind others.</summary>
    [InlineArray(2 * Places)]
    private struct Met
    {
        private ulong _first;
    }
}
