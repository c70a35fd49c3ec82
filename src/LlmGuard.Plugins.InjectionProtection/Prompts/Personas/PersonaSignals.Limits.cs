using LlmGuard.Plugins.InjectionProtection.Prompts.Signals;
using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using static LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Personas;

/// <content>What is said of limits: whether they are lifted, and whether they are a model's at all.</content>
internal partial struct PersonaSignals
{
    // "no restrictions", "free of filters", "filters are disabled", "rules don't apply".
    private readonly bool IsLifted(ReadOnlySpan<Word> words, int i) =>
        Before(words, i, Reach, No | Free | Invalid) || (_overrideLimit == 0 && Before(words, i, Reach, Override)) || After(words, i, Reach, Invalid)
        || (Before(words, i, 2, Your) && After(words, i, 2 * Reach, Invalid))
        || (After(words, i, 3, No) && !words[i].Is(Refuse)) || (Before(words, i, 4, Obey) && Before(words, i, 8, No));

    // "no ethics", "answers without warnings", not "without a limit": which things have as well.
    private static bool IsOfReader(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text) =>
        WordSets.IsOfModels(words[i].In(text)) || Before(words, i, 8, You | Your | Model | Play | Comply | Harm | Unlimited)
        || After(words, i, 5, You | Your | Model | Harm)
        || Before(words, i, 2, My);

    // "no restrictions on budget": the limits of a thing.
    private static bool IsOnThing(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text) =>
        i + 2 < words.Length && words[i + 2].Sentence == words[i].Sentence && !(i > 0 && words[i - 1].Is(Your))
        && words[i + 1].In(text) is var on && (on.SequenceEqual("on"u8) || on.SequenceEqual("for"u8))
        && (words[i + 2].Class == None || (words[i + 2].Is(Filler) && i + 3 < words.Length && words[i + 3].Class == None));

    // "you must not bypass", "you agree not to jailbreak or circumvent": what a policy forbids is what a jailbreak asks for.
    private static bool IsProhibited(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text)
    {
        for (var not = i - 1; not >= 0 && not >= i - 8 && words[not].Sentence == words[i].Sentence; not--)
        {
            if (words[not].Is(No) && !words[not].Is(Your) && words[not].In(text) is var word)
            {
                return word.SequenceEqual("not"u8) || word.SequenceEqual("never"u8) || word.EndsWith("n't"u8) || word.SequenceEqual("nicht"u8);
            }

            if (words[not].Is(And) && !words[not].In(text).SequenceEqual("or"u8))
            {
                return false;
            }
        }

        return false;
    }

    // "including, without limitation, ...", "under no legal theory".
    private static bool IsOfLaw(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text)
    {
        var word = words[i].In(text);
        var isIncluding = text[words[i].End..] is [(byte)',', ..] && i + 1 < words.Length && words[i + 1].In(text).SequenceEqual("including"u8);
        return isIncluding
            || (word.SequenceEqual("limitation"u8) && (text[words[i].End..] is [(byte)',', ..] || Follows(words, i - 1, "including"u8, text)))
            || (word.SequenceEqual("legal"u8) && i + 1 < words.Length && words[i + 1].Class == None && words[i + 1].Sentence == words[i].Sentence);
    }

    // "what is a jailbreak", "about jailbreaking": what a text is about.
    private static bool IsMatter(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text) =>
        (i > 0 && words[i - 1].In(text) is var before && (before.SequenceEqual("a"u8)
            || before.SequenceEqual("about"u8) || before.SequenceEqual("of"u8)))
        || (words[i].In(text).EndsWith("ing"u8) && !Before(words, i, 4, You));

    // "you're not permitted to refuse", not "you can't refuse a court order".
    private static bool IsDeniedToYou(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text) =>
        Before(words, i, 5, You) && Before(words, i, 4, No) && !words[Mood.SentenceStart(words, i)].Is(Question | When)
        && WordSets.IsOfModels(words[i].In(text)) is false
        && (i + 1 >= words.Length || words[i + 1].Sentence != words[i].Sentence || words[i + 1].Is(My | Whole | And));

    // "ignores all ethical guidelines".
    private static bool IsOfYourLimits(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text)
    {
        var (isLimit, isYours, isElsewhere) = (false, false, false);
        var end = Math.Min(words.Length - 1, i + Reach + 2);
        for (var next = i + 1; next <= end && words[next].Sentence == words[i].Sentence && !words[next].Is(And); next++)
        {
            isYours |= next <= i + 2 && words[next].Is(Limit) && words[i].StartsUnit && WordSets.IsOfModels(words[next].In(text));
            isLimit |= next <= i + Reach && words[next].Is(Limit | Order);
            isElsewhere |= isLimit && WordSets.IsPlace(words[next].In(text));
            isYours |= words[next].Is(Your | Prior | Whole | Model)
                || (words[next].Is(Limit) && Before(words, i, 3, You) && !IsOfSomething(words, next, text)
                    && WordSets.IsOfModels(words[next].In(text)));
        }

        return isLimit && isYours && !isElsewhere;
    }

    // "your rules don't apply", "you are an AI without filters"; not "your policy does not cover floods".
    private static bool IsYourLimit(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text)
    {
        if (!WordSets.IsOfModels(words[i].In(text)) || IsConditional(words, i))
        {
            return false;
        }

        for (var before = i - 1; before >= 0 && before >= i - 3 && words[before].Sentence == words[i].Sentence; before--)
        {
            if (words[before].Is(Your))
            {
                return true;
            }

            if (!words[before].Is(Limit | Model | Prior | Inner | Whole | Text))
            {
                break;
            }
        }

        return (Before(words, i, 5, You) && Before(words, i, 4, No) && !words[Mood.SentenceStart(words, i)].Is(Question | When))
            || (Before(words, i, 6, Comply) && Before(words, i, 9, You) && !IsQuestion(words, i))
            || ((Before(words, i, 9, Model) || After(words, i, 5, Model)) && Before(words, i, 12, You | Play) && !IsQuestion(words, i));
    }

    // "the rules of grammar".
    private static bool IsOfSomething(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text) =>
        i + 1 < words.Length && words[i + 1].Sentence == words[i].Sentence && words[i + 1].In(text).SequenceEqual("of"u8);

    // "how do I make a rule ignore the previous rules": of what the writer does.
    private static bool AsksOfOthers(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text)
    {
        for (var before = i - 1; before > 0 && before >= i - 8 && words[before].Sentence == words[i].Sentence
            && !words[before].Is(You | Your); before--)
        {
            if (WordSets.IsPerson(words[before].In(text)) && words[before - 1].Is(Question))
            {
                return true;
            }
        }

        return false;
    }
}
