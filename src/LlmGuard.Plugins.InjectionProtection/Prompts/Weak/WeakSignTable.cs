using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using static LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Weak;

/// <summary>
/// What each weak sign weighs: a kind of word, one that a sentence begins with, one in the first or the last sentence, or two of them near each
/// other in one sentence.
/// </summary>
/// <remarks>
/// The weights are fitted and not set by hand: a logistic regression with a strong penalty on what is large, over sources of attacks and of ordinary
/// texts that count much alike however many rows they have. A sign must have been met in four sources of attacks, or in many texts; it counts less
/// the more pairs of sources disagree on it. Which form is best was asked of sources that had been left out. Only classes of the lexicon take part,
/// and no single words: those told one source from another, or German from English.
/// </remarks>
internal static class WeakSignTable
{
    /// <summary>Two words of these classes, the second at most <see cref="WeakSigns.Reach"/> words behind the first.</summary>
    public static readonly (WordClass First, WordClass Second, sbyte Weight)[] Pairs =
    [
        // What the reader was told, and that it is over.
        (Override, Reveal, 4), (Override, Your, 4), (Override, And, 3), (Override, Order, 2), (Order, Polite, 5), (Order, Prior, 3),
        (Order, Aux, 2), (Order, Data, 2), (Order, Reveal, 2), (Order, Your, 2), (Order, Work, 1), (Order, Following, 1), (Order, You, 1),
        (Order, Now, 1), (Order, Question, 1), (Prior, Override, 7), (Prior, Order, 4), (Prior, Told, 4), (Prior, Following, 3),
        (Prior, Text, 3), (Prior, Now, 2), (Prior, Reveal, 2), (Prior, And, 1), (Whole, Drop, 6), (Whole, Order, 2), (Your, Order, 7),
        (Your, Prior, 1), (You, Prior, 3), (No, Obey, 1), (No, Order, 1), (Reveal, Order, 1), (New, Order, 3), (Must, Order, 2),
        (Told, Prior, 3), (Obey, Following, 5), (Obey, Text, 2), (Obey, Limit, 1), (Drop, Whole, 4), (Drop, Prior, 4), (Drop, Reveal, 3),
        (Drop, Order, 2), (Drop, You, 2),

        // What is kept from the writer, and what the reader was told, word for word.
        (Order, Exact, 5), (Order, Inner, 3), (Whole, Told, 4), (Your, Inner, 6), (Your, Secret, 3), (You, Told, 4), (Reveal, Inner, 1),
        (Inner, Exact, 5), (Inner, Inner, 3), (Secret, Your, 6), (Comply, Exact, 2), (Output, Exact, 4), (Question, Exact, 2),
        (Question, Secret, 2), (Question, Told, 2), (Question, Inner, 1), (Told, No, 3), (Told, When, 3), (Told, Following, 2),
        (Told, Work, 1), (Exact, Secret, 6), (Exact, No, 6), (Exact, Reveal, 2), (Third, Exact, 5),

        // What holds a model back, and what it does not help with.
        (Whole, Limit, 1), (Your, Limit, 2), (You, Refuse, 3), (You, Limit, 2), (No, Refuse, 4), (No, Limit, 3), (Play, Harm, 4),
        (Limit, Comply, 4), (Limit, Output, 2), (Limit, Limit, 2), (Limit, Question, 1), (Limit, Model, 1), (Unlimited, Comply, 6),
        (Unlimited, Limit, 4), (Unlimited, Work, 3), (Unlimited, Third, 3), (Unlimited, And, 2), (Unlimited, No, 2),
        (Unlimited, Question, 2), (Unlimited, Aux, 2), (Harm, Reveal, 5), (Harm, Comply, 4), (Harm, Genre, 3), (Harm, And, 2),
        (Model, Limit, 2), (Comply, Anything, 1), (Work, Harm, 3), (Output, Unlimited, 4), (Question, Harm, 2), (Free, Limit, 6),
        (My, Harm, 1), (Anything, When, 3), (Anything, Limit, 2), (Anything, Reveal, 2), (Anything, Data, 2), (Anything, Your, 2),
        (Anything, Work, 1), (Anything, Third, 1), (Text, Limit, 2), (Third, Free, 3), (Even, Question, 3), (Even, Aux, 2), (Aux, Limit, 1),

        // Who the reader shall be.
        (You, Character, 3), (You, Model, 2), (No, Model, 3), (Play, Mention, 5), (Play, Persona, 5), (Play, Play, 3), (Play, Character, 2),
        (Play, Model, 1), (Play, You, 1), (Model, Persona, 5), (Model, Model, 3), (Model, Following, 2), (Model, You, 2), (Model, Work, 2),
        (Model, No, 1), (Model, And, 1), (Model, Aux, 1), (Persona, Work, 1), (Persona, Question, 1), (Mode, Mode, 6),
        (Question, Fiction, 2), (Polite, Play, 2), (Character, Third, 2), (Character, Model, 2), (Now, Model, 2), (Must, Model, 2),
        (Must, Play, 2), (Fiction, Aux, 4), (Third, Fiction, 2), (And, Character, 3), (Aux, Play, 2),

        // What it shall give, and from now on.
        (Whole, Reveal, 1), (Your, New, 5), (Your, Output, 1), (You, Output, 2), (You, Reveal, 1), (Reveal, Only, 2),
        (Reveal, Following, 1), (Reveal, My, 1), (Reveal, When, 1), (Comply, Polite, 4), (Comply, Whole, 2), (Comply, Following, 2),
        (Comply, You, 2), (Comply, Only, 2), (Comply, And, 1), (New, Text, 3), (Work, Comply, 1), (Work, My, 1), (Work, Following, 1),
        (Output, Snippet, 2), (Output, Data, 2), (Output, Mention, 1), (Output, Question, 1), (Output, No, 1), (Polite, Reveal, 1),
        (Now, Only, 5), (Now, New, 2), (Now, You, 2), (Now, Third, 1), (Must, Output, 1), (Only, Reveal, 2), (Text, Output, 1),
        (Data, Reveal, 2), (Data, Output, 2), (When, Reveal, 1), (Genre, Now, 3), (Third, Output, 1), (Critical, Output, 2),
        (And, Reveal, 1), (And, Output, 1), (Aux, Now, 1), (Aux, Comply, 1),

        // Who speaks to whom, and how.
        (Whole, When, 4), (Whole, Question, 2), (Whole, You, 2), (Whole, Text, 2), (Whole, And, 2), (Your, My, 3), (Your, Following, 3),
        (Your, Text, 2), (Your, No, 2), (Your, Must, 1), (Your, And, 1), (You, No, 4), (You, When, 3), (You, Whole, 2), (You, You, 1),
        (You, Genre, 1), (You, Third, 1), (You, Following, 1), (No, No, 3), (No, Question, 2), (No, Mention, 1), (No, My, 1),
        (Question, Two, 1), (Question, Reader, 1), (Question, Invalid, 1), (Polite, Text, 3), (Polite, Polite, 2), (Polite, You, 2),
        (Send, Following, 3), (Following, Invalid, 3), (Following, Following, 3), (Two, And, 2), (Invalid, And, 2), (Invalid, You, 2),
        (My, User, 4), (My, Your, 3), (My, Polite, 3), (My, Text, 2), (My, Must, 1), (Only, You, 4), (Text, Text, 2),
        (Mention, Following, 2), (Data, You, 2), (When, My, 3), (When, And, 1), (Third, You, 2), (Third, Your, 1), (And, No, 2),
        (And, Whole, 1), (And, Mention, 1), (And, Your, 1), (And, Polite, 1), (And, You, 1), (And, And, 1), (And, Text, 1),
        (Aux, Question, 1), (Aux, Invalid, 1), (Aux, You, 1), (Aux, Following, 1), (Aux, Your, 1), (Stake, Stake, 4), (Reader, You, 2),
        (Reader, Question, 2), (Reader, Following, 1),

        // What ordinary texts say as well: work on data, stories, questions about rules, third parties.
        (Override, Anything, -1), (Override, Third, -3), (Override, You, -4), (Order, Third, -1), (Order, Mention, -3), (Order, Text, -3),
        (Prior, You, -1), (Prior, Question, -3), (Whole, Polite, -3), (Your, Question, -1), (You, Work, -1), (You, Play, -1),
        (You, Now, -1), (You, Your, -2), (You, Exact, -2), (You, Question, -2), (You, Comply, -2), (You, Obey, -3), (No, Invalid, -1),
        (No, Following, -1), (No, Genre, -2), (No, Critical, -2), (No, Told, -2), (No, Your, -3), (No, Reveal, -3), (No, Send, -3),
        (No, Harm, -4), (Reveal, Invalid, -1), (Reveal, Text, -1), (Reveal, Third, -1), (Reveal, No, -2), (Reveal, Limit, -2),
        (Secret, Aux, -3), (Play, No, -5), (Limit, And, -1), (Limit, Work, -1), (Harm, Harm, -2), (Model, Order, -3), (Comply, Third, -1),
        (Comply, Output, -1), (Work, Drop, -1), (Work, Exact, -1), (Work, You, -1), (Work, Reveal, -1), (Work, Late, -2), (Work, Tool, -2),
        (Work, Your, -3), (Output, Anything, -1), (Output, Inner, -1), (Output, And, -1), (Output, Polite, -2), (Output, Told, -2),
        (Question, Free, -1), (Question, Model, -1), (Question, Reveal, -1), (Question, Drop, -1), (Question, Question, -1),
        (Question, My, -1), (Question, Following, -1), (Question, Anything, -1), (Question, And, -1), (Question, Order, -3),
        (Polite, Third, -1), (Polite, Output, -1), (Following, Must, -1), (Following, You, -1), (Following, Question, -1),
        (Following, Work, -1), (Following, Data, -2), (Snippet, Third, -4), (Now, And, -1), (Now, Question, -1), (Now, Must, -1),
        (Now, Inner, -2), (Now, Comply, -3), (Now, Told, -3), (Two, Two, -2), (Must, You, -1), (Must, Exact, -2), (Must, Told, -2),
        (Must, Anything, -2), (My, Anything, -1), (My, Reader, -1), (My, Reveal, -1), (My, And, -1), (My, Third, -1), (My, Limit, -2),
        (My, Whole, -2), (My, Play, -3), (Told, Output, -4), (Anything, Order, -1), (Anything, No, -2), (Only, Genre, -2),
        (Obey, Question, -2), (Drop, And, -2), (Drop, Question, -2), (Drop, Critical, -4), (Text, Whole, -1), (Mention, Whole, -2),
        (Data, Data, -1), (Data, Aux, -1), (Data, Critical, -3), (When, Work, -1), (When, No, -2), (When, You, -2), (Genre, Inner, -1),
        (Genre, Must, -1), (Genre, Third, -1), (Genre, Critical, -4), (Third, Limit, -1), (Third, No, -1), (Third, Play, -2),
        (Third, Inner, -2), (Third, Text, -2), (Third, Comply, -2), (Third, Refuse, -3), (Third, Order, -3), (Critical, Anything, -1),
        (Critical, Limit, -1), (Critical, Whole, -2), (Critical, Mention, -3), (And, Tool, -1), (And, Work, -1), (And, Mode, -2),
        (Even, Work, -3), (Reader, And, -1), (Reader, Aux, -3), (Tool, Data, -2),
    ];

    /// <summary>A word of this class.</summary>
    public static readonly (WordClass Class, sbyte Weight)[] Alone =
    [
        (Unlimited, 4), (Harm, 3), (You, 2), (Secret, 2), (Fiction, 2), (Only, 2), (Order, 1), (Inner, 1), (Polite, 1), (Stop, 1),
        (Even, 1), (Limit, -1), (Send, -1), (Following, -1), (Two, -1), (Told, -1), (Anything, -1), (Obey, -1), (Drop, -1), (Mention, -1),
        (Genre, -1), (Critical, -1), (And, -1), (Late, -1), (Tool, -1), (Override, -2), (Prior, -2), (Data, -2),
    ];

    /// <summary>A word of this class that a sentence, a line or a quotation begins with.</summary>
    public static readonly (WordClass Class, sbyte Weight)[] Openings =
    [
        (Override, 3), (Whole, 2), (Inner, 2), (Stop, 2), (Drop, 2), (Comply, 1), (Fiction, 1), (You, -1), (Play, -1), (Limit, -1),
        (Work, -1), (My, -1), (Mention, -1), (Data, -1), (When, -1), (Your, -2), (Refuse, -2), (Send, -2), (Two, -2), (Must, -2),
        (Text, -2), (Aux, -3),
    ];

    /// <summary>A word of this class in the first sentence: what was asked before anything else was.</summary>
    public static readonly (WordClass Class, sbyte Weight)[] First =
    [
        (Stop, 4), (Exact, 3), (Whole, 2), (Your, 2), (Secret, 2), (Following, 2), (User, 2), (Order, 1), (Prior, 1), (You, 1), (Reveal, 1),
        (New, 1), (Text, 1), (Play, -1), (Limit, -1), (Polite, -1), (Must, -1), (My, -1), (Fiction, -1), (Genre, -1), (Third, -1),
        (Model, -2), (Anything, -2), (Told, -3),
    ];

    /// <summary>A word of this class in the last sentence, where there is more than one: what it all leads to.</summary>
    public static readonly (WordClass Class, sbyte Weight)[] Last =
    [
        (Stake, 5), (Secret, 4), (Question, 4), (Harm, 3), (Character, 3), (Reveal, 2), (My, 2), (Exact, 2), (Whole, 1), (Your, 1), (No, 1),
        (Inner, 1), (Polite, 1), (Now, 1), (Data, 1), (Genre, 1), (Output, -1), (Two, -1), (Must, -1), (Invalid, -1), (Obey, -1),
        (Text, -1), (When, -1), (Third, -1), (Aux, -1), (Drop, -2), (New, -4),
    ];
}
