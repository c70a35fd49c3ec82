using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using static LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Weak;

/// <summary>What each weak sign weighs: a kind of word, one that a sentence begins with, or two of them near each other in one sentence.</summary>
/// <remarks>
/// The weights are fitted and not set by hand: a logistic regression with a strong penalty on what is large, over sources of attacks and of ordinary
/// texts that count much alike however many rows they have. A sign must have been met in three sources of attacks, or in many texts; it counts less
/// the more pairs of sources disagree on it. Which form is best was asked of sources that had been left out. Only classes of the lexicon take part,
/// and no single words: those told one source from another, or German from English.
/// </remarks>
internal static class WeakSignTable
{
    /// <summary>Two words of these classes, the second at most <see cref="WeakSigns.Reach"/> words behind the first.</summary>
    public static readonly (WordClass First, WordClass Second, sbyte Weight)[] Pairs =
    [
        // What the reader was told, and that it is over.
        (Override, Reveal, 5), (Override, Your, 5), (Override, And, 4), (Override, Order, 1), (Order, Polite, 4), (Order, You, 3),
        (Order, Reveal, 3), (Order, Aux, 3), (Order, Prior, 3), (Order, My, 2), (Order, Work, 1), (Prior, Override, 7), (Prior, Order, 6),
        (Prior, Text, 4), (Prior, My, 3), (Prior, Reveal, 2), (Whole, Order, 1), (Your, Order, 7), (You, Prior, 3), (No, Obey, 3),
        (No, Order, 1), (Persona, Order, 5), (Comply, Obey, 5), (Told, Prior, 3), (Obey, Following, 5), (Drop, Whole, 6), (Drop, Prior, 4),
        (Drop, Reveal, 4), (Drop, Your, 3), (Drop, Order, 1),

        // What is kept from the writer, and what the reader was told, word for word.
        (Order, Exact, 3), (Whole, Told, 3), (Your, Inner, 6), (Your, Secret, 5), (You, Secret, 4), (You, Told, 2), (Reveal, Exact, 3),
        (Inner, Secret, 7), (Inner, Inner, 5), (Inner, Text, 2), (Question, Exact, 2), (Question, Secret, 2), (My, Secret, 3),
        (Told, Following, 1), (Third, Exact, 3),

        // What holds a model back, and what it does not help with.
        (Your, Limit, 2), (You, Limit, 2), (No, Refuse, 3), (No, Limit, 2), (Limit, Comply, 4), (Limit, Limit, 2), (Limit, You, 2),
        (Limit, Output, 2), (Unlimited, Work, 4), (Unlimited, Question, 3), (Harm, And, 2), (Comply, Anything, 1), (Work, Harm, 3),
        (Free, Limit, 5), (And, Even, 5),

        // Who the reader shall be.
        (You, Model, 2), (No, Model, 3), (Play, Mention, 3), (Play, Question, 2), (Model, Model, 4), (Model, Genre, 4), (Model, You, 2),
        (Persona, Work, 3), (Mode, Mode, 4), (Question, Fiction, 2), (Character, Model, 3), (Fiction, Aux, 5),

        // What it shall give, and from now on.
        (You, Reveal, 1), (You, Output, 1), (Reveal, Following, 2), (Reveal, My, 1), (Comply, Whole, 2), (New, Text, 2),
        (Output, Snippet, 2), (Output, Data, 1), (Polite, Reveal, 2), (Now, Reveal, 3), (Now, You, 2), (Now, Third, 1), (Only, Reveal, 1),
        (Genre, Now, 3), (And, Reveal, 1), (Aux, Comply, 1),

        // Who speaks to whom, and how.
        (Whole, When, 3), (Whole, You, 2), (Whole, And, 2), (Whole, Question, 1), (Whole, Text, 1), (Whole, Following, 1), (Your, When, 5),
        (Your, No, 4), (Your, My, 4), (You, User, 5), (You, When, 4), (You, No, 3), (You, You, 2), (You, Reader, 1), (No, No, 3),
        (No, Question, 1), (Question, You, 1), (Polite, Question, 2), (Polite, You, 2), (Following, Invalid, 3), (Following, Following, 1),
        (My, Polite, 4), (My, Your, 3), (My, Must, 1), (Data, You, 1), (When, My, 1), (Third, You, 1), (And, Only, 2), (And, Your, 2),
        (And, No, 1), (And, You, 1), (Aux, You, 1), (Aux, Invalid, 1), (Reader, My, 2),

        // What ordinary texts say as well: work on data, stories, questions about rules, third parties.
        (Override, You, -4), (Override, Third, -5), (Prior, Question, -2), (Your, Aux, -1), (Your, Play, -2), (You, Question, -1),
        (You, Comply, -1), (You, Your, -1), (You, Work, -1), (You, Obey, -2), (No, Reveal, -1), (No, Send, -3), (Play, No, -3),
        (Model, Order, -1), (Comply, Output, -1), (Work, Your, -1), (Work, Late, -2), (Output, Polite, -1), (Question, My, -1),
        (Question, Order, -2), (Question, Snippet, -2), (Polite, Comply, -2), (Snippet, Third, -3), (My, Play, -3), (My, Whole, -3),
        (Drop, And, -1), (Drop, Critical, -3), (Data, Critical, -1), (Data, User, -1), (Data, Data, -1), (When, You, -1),
        (Third, Inner, -1), (Third, Play, -1), (Third, Order, -2), (Critical, Mention, -3), (And, Play, -1), (And, Work, -1),
        (And, Obey, -1),
    ];

    /// <summary>A word of this class.</summary>
    public static readonly (WordClass Class, sbyte Weight)[] Alone =
    [
        (Unlimited, 6), (Harm, 2), (Fiction, 2), (Order, 1), (Your, 1), (You, 1), (Exact, 1), (Prior, -1), (Two, -1), (Anything, -1),
        (Drop, -1), (Mention, -1), (Data, -1), (Genre, -1), (Critical, -1), (Tool, -1), (Late, -2),
    ];

    /// <summary>A word of this class that a sentence, a line or a quotation begins with.</summary>
    public static readonly (WordClass Class, sbyte Weight)[] Openings =
    [
        (Override, 2), (Stop, 2), (Whole, 1), (Inner, 1), (Drop, 1), (Your, -1), (Play, -1), (Work, -1), (Send, -1), (Two, -1), (Data, -1),
        (Critical, -1), (Text, -2), (Aux, -2),
    ];
}
