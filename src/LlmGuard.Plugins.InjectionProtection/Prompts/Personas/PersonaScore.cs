using System.Numerics;
using LlmGuard.Plugins.InjectionProtection.Prompts.Signals;
using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using LlmGuard.Plugins.InjectionProtection.Rules;
using static LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Personas;

/// <summary>
/// Adds up what is said about who the model shall be and what shall not hold it back. Each signal is common in honest texts; it is their number
/// that is not. Each counts a bounded number of times, so that long texts are not guilty by their length.
/// </summary>
internal static class PersonaScore
{
    // Long texts say more of everything.
    private const int Short = 80;
    private const int Long = 400;

    // Who speaks to a model says it in one go; what is gathered from all over a long text was said of many things.
    private const int Reach = 360;

    // What is so plain needs no sign of whom it is said to.
    private const double Plainly = 2;

    // What a text of some length needs more where nobody is spoken to.
    private const double Unaddressed = 2;

    // Words that tell whom a text begins to speak to.
    private const int Opening = 25;

    public static void Find(WordRow row, ReadOnlySpan<byte> text, HitList hits)
    {
        var words = row.Words;
        hits.Steps += words.Length;
        var signals = Count(row, text, hits);
        if (signals.Score + PersonaSignals.AddressWeight < Enough(words.Length) || !MayBeEnough(signals.WithAnyAddress(), Enough(words.Length)))
        {
            return;
        }

        var (isLong, needed) = (IsLong(words), Enough(words.Length));
        hits.Steps += 2 * words.Length;
        signals.ReadAddress(row, text);
        if (words.Length >= Short)
        {
            // It only ever takes more where a text is about models: what is too little without is not asked for it.
            hits.Steps += words.Length;
            needed += MayBeEnough(signals, needed) ? ModelTalk.Weight(words, text) : 0;
        }

        if (!IsEnough(signals, words, words, text, needed, isLong, hits))
        {
            return;
        }

        if (words.Length <= Reach)
        {
            Add(signals, words, text, hits, isLong: false);
            return;
        }

        for (var start = 0; start < words.Length; start += Reach / 2)
        {
            var near = words[start..Math.Min(words.Length, start + Reach)];
            signals = Count(near, text, hits, isLong);
            hits.Steps += 3 * near.Length;
            signals.ReadAddress(near, text);
            if (IsEnough(signals, words, near, text, needed, isLong, hits))
            {
                Add(signals, near, text, hits, isLong);
                return;
            }
        }
    }

    private static void Add(in PersonaSignals signals, ReadOnlySpan<Word> words, ReadOnlySpan<byte> text, HitList hits, bool isLong)
    {
        hits.Steps += words.Length;
        var (first, last) = Span(words, text, isLong);
        if (first >= 0)
        {
            var rule =
                signals.IsMode ? InjectionRules.JailbreakMode : signals.IsDual ? InjectionRules.JailbreakDualAnswer : InjectionRules.JailbreakPersona;
            hits.Add(rule, words[first].Start, words[last].End);
        }
    }

    private static PersonaSignals Count(WordRow row, ReadOnlySpan<byte> text, HitList hits)
    {
        var words = row.Words;
        var isLong = IsLong(words);
        var signals = new PersonaSignals();
        var ways = PersonaSignals.WaysIn(row.All);
        for (var first = 0; ways != PersonaSignals.Ways.None && first < row.Count; first += WordPlaces.Width)
        {
            for (var found = PersonaSignals.MayCount(row.PlacesFrom(first), ways).Bits; found != 0; found &= found - 1)
            {
                var i = first + BitOperations.TrailingZeroCount(found);
                if (!IsMentioned(words, i, text, isLong))
                {
                    hits.Steps += PersonaSignals.Looks;
                    signals.Take(words, i, text);
                }
            }
        }

        return signals;
    }

    // Of a long text what others said in it is quoted; one that is a quotation as a whole is not.
    private static bool IsLong(ReadOnlySpan<Word> words) => words.Length >= Long && !words[0].IsQuoted;

    private static PersonaSignals Count(ReadOnlySpan<Word> words, ReadOnlySpan<byte> text, HitList hits, bool isLong)
    {
        var signals = new PersonaSignals();
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i].Is(PersonaSignals.Any) && !IsMentioned(words, i, text, isLong))
            {
                hits.Steps += PersonaSignals.Looks;
                signals.Take(words, i, text);
            }
        }

        return signals;
    }

    // The first and the last word that made a difference, which is asked only where they say enough.
    private static (int First, int Last) Span(ReadOnlySpan<Word> words, ReadOnlySpan<byte> text, bool isLong)
    {
        var signals = new PersonaSignals();
        var (first, last) = (-1, -1);
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i].Is(PersonaSignals.Any) && !IsMentioned(words, i, text, isLong))
            {
                var before = signals.Score;
                signals.Take(words, i, text);
                if (signals.Score != before)
                {
                    first = first < 0 ? i : first;
                    last = i;
                }
            }
        }

        return (first, last);
    }

    // In a text that asks for a story, what stands in quotation marks is said by somebody in it.
    private static bool IsMentioned(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text, bool isLong) =>
        words[i].IsQuoted && !words[i].Is(Refuse) && !(words[i].Is(Limit) && PersonaSignals.IsVow(words, i, text))
        && (isLong || words[0].Is(Work) || Mood.IsCited(words, i, text)
            || (words[i].Is(Override | Drop | Limit | You) && Mood.IsReported(words, i, text)));

    // A long text about models says much of limits and of readers. One that speaks to a model says whom it shall be or that its own limits are gone,
    // or begins with whom it speaks to.
    private static bool IsEnough(
        in PersonaSignals signals,
        ReadOnlySpan<Word> words,
        ReadOnlySpan<Word> near,
        ReadOnlySpan<byte> text,
        double needed,
        bool isLong,
        HitList hits)
    {
        if (!MayBeEnough(signals, needed))
        {
            return false;
        }

        if (words.Length < Short)
        {
            return true;
        }

        // In a text that is about models, what is quoted is an example; in others it may be, and counts half.
        var unquoted = words[0].IsQuoted ? signals.Score : Unquoted(near, text, isLong, hits);
        var score = needed >= Enough(words.Length) + ModelTalk.Most ? unquoted : (signals.Score + unquoted) / 2;
        needed += PersonaSignals.HasSecondPerson(near, text) ? 0 : Unaddressed;
        return score >= needed && (signals.IsToReader || OpensToReader(words) || score >= needed + Plainly);
    }

    private static bool MayBeEnough(in PersonaSignals signals, double needed) => signals.IsAboutReader && signals.Score >= needed;

    // The sum without what stands between quotation marks: others may have said it.
    private static double Unquoted(ReadOnlySpan<Word> words, ReadOnlySpan<byte> text, bool isLong, HitList hits)
    {
        hits.Steps += words.Length;
        var signals = new PersonaSignals();
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i].Is(PersonaSignals.Any) && !words[i].IsQuoted && !IsMentioned(words, i, text, isLong))
            {
                hits.Steps += PersonaSignals.Looks;
                signals.Take(words, i, text);
            }
        }

        return signals.Score;
    }

    private static bool OpensToReader(ReadOnlySpan<Word> words)
    {
        for (var i = 0; i < Opening; i++)
        {
            if (words[i].Is(You | Your | Play | Unlimited))
            {
                return true;
            }
        }

        return false;
    }

    private static double Enough(int count) => count < Short ? 3.25 : count < Long ? 4 : 4.5;
}
