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
        (Override, Reveal, 5), (Override, Your, 4), (Override, And, 4), (Override, Order, 1), (Order, Prior, 3), (Order, Polite, 3),
        (Order, Aux, 3), (Order, Data, 3), (Order, Reveal, 2), (Order, Following, 2), (Order, Work, 1), (Order, No, 1),
        (Prior, Override, 6), (Prior, Order, 5), (Prior, Following, 4), (Prior, Text, 3), (Prior, Now, 3), (Prior, My, 1), (Prior, And, 1),
        (Whole, Drop, 4), (Whole, Order, 2), (Your, Order, 9), (Your, Prior, 2), (You, Prior, 2), (You, Drop, 1), (No, Obey, 3),
        (Output, Prior, 3), (Output, Order, 2), (Must, Order, 3), (My, Drop, 2), (Told, Prior, 4), (Obey, Obey, 4), (Obey, Following, 4),
        (Obey, Limit, 2), (Obey, Text, 1), (Drop, Whole, 6), (Drop, Prior, 4), (Drop, Reveal, 3), (Drop, You, 3), (Drop, Order, 2),
        (Drop, Text, 2),

        // What is kept from the writer, and what the reader was told, word for word.
        (Order, Exact, 4), (Order, Inner, 3), (Whole, Told, 3), (Your, Inner, 6), (Your, Secret, 4), (You, Told, 5), (You, Secret, 1),
        (Inner, Exact, 4), (Secret, Your, 5), (Output, Exact, 3), (Question, Secret, 2), (Question, Exact, 2), (Question, Told, 1),
        (My, Secret, 2), (Told, When, 4), (Told, Following, 2), (Told, Work, 1), (Anything, Told, 3), (Mention, Inner, 2),
        (Exact, Secret, 7), (Exact, No, 7), (Exact, Question, 2), (Third, Exact, 4), (Aux, Inner, 2),

        // What holds a model back, and what it does not help with.
        (Whole, Limit, 3), (Your, Limit, 3), (You, Limit, 3), (No, Refuse, 5), (No, Limit, 5), (No, Even, 1), (Limit, You, 4),
        (Limit, Limit, 3), (Limit, Reader, 3), (Limit, Comply, 3), (Limit, Output, 2), (Limit, Question, 2), (Unlimited, Comply, 6),
        (Unlimited, Third, 4), (Unlimited, No, 3), (Unlimited, Aux, 3), (Unlimited, Question, 3), (Harm, Reveal, 4), (Harm, Comply, 4),
        (Harm, Genre, 3), (Harm, And, 2), (Refuse, No, 2), (Model, Limit, 2), (Work, Harm, 3), (Question, Harm, 2), (Free, Limit, 5),
        (My, Harm, 2), (Anything, Limit, 3), (Anything, When, 3), (Anything, Reveal, 2), (Anything, Work, 1), (Anything, You, 1),
        (Text, Limit, 2), (Third, Free, 2), (Even, Question, 2), (Even, Aux, 2), (Aux, Limit, 1), (Aux, Harm, 1),

        // Who the reader shall be.
        (You, Character, 3), (You, Model, 1), (No, Model, 2), (Play, Persona, 5), (Play, Mention, 4), (Play, My, 3), (Play, Third, 2),
        (Play, Question, 1), (Play, You, 1), (Model, Model, 4), (Model, Persona, 3), (Model, You, 3), (Model, No, 2), (Model, Work, 2),
        (Model, Must, 1), (Persona, Output, 3), (Persona, Work, 2), (Mode, Mode, 5), (Question, Fiction, 2), (Character, My, 3),
        (Character, Model, 3), (Must, Play, 2), (Fiction, Aux, 3), (Fiction, Question, 1), (And, Character, 3), (Aux, Play, 1),

        // What it shall give, and from now on.
        (Your, New, 5), (Your, Output, 1), (You, Reveal, 2), (You, Output, 2), (Reveal, Only, 2), (Reveal, My, 2), (Reveal, Question, 1),
        (Reveal, Following, 1), (Comply, Polite, 4), (Comply, Whole, 4), (Comply, Only, 3), (New, Text, 2), (Work, Comply, 1),
        (Work, Following, 1), (Output, Data, 2), (Output, Snippet, 2), (Output, Following, 1), (Output, Output, 1), (Output, Mention, 1),
        (Polite, Reveal, 1), (Following, Reveal, 2), (Now, Whole, 2), (Now, You, 2), (Now, Third, 2), (Must, Output, 1), (Only, Reveal, 1),
        (Data, Reveal, 2), (When, Reveal, 3), (Genre, Now, 3), (Third, Output, 1), (Critical, Output, 2), (And, Reveal, 1),
        (And, Comply, 1), (Aux, Comply, 2), (Aux, Now, 1), (Aux, Reveal, 1),

        // Who speaks to whom, and how.
        (Whole, When, 2), (Whole, Question, 2), (Whole, Text, 2), (Whole, You, 2), (Whole, And, 1), (Whole, Data, 1), (Your, Following, 3),
        (Your, No, 3), (Your, Text, 2), (Your, Must, 2), (Your, My, 2), (Your, And, 1), (You, No, 5), (You, When, 2), (You, You, 2),
        (You, Whole, 1), (You, Genre, 1), (You, Polite, 1), (You, Reader, 1), (You, Third, 1), (No, No, 4), (No, Question, 2), (No, And, 1),
        (Question, Stake, 3), (Question, Invalid, 1), (Question, Polite, 1), (Question, Reader, 1), (Polite, You, 3), (Polite, Mention, 2),
        (Polite, Text, 2), (Send, Following, 3), (Following, Invalid, 4), (Following, Following, 3), (Following, My, 1), (Must, Aux, 2),
        (Must, My, 1), (Invalid, And, 1), (My, User, 4), (My, Your, 2), (My, Text, 2), (My, Must, 1), (Only, You, 4), (Text, Text, 1),
        (Mention, Following, 2), (Data, You, 1), (When, My, 2), (When, And, 1), (Third, You, 2), (Third, Your, 1), (Critical, Data, 1),
        (And, Your, 2), (And, Only, 2), (And, Whole, 2), (And, No, 1), (And, You, 1), (And, Mention, 1), (And, Aux, 1), (Aux, Invalid, 2),
        (Aux, You, 2), (Aux, Question, 1), (Aux, Your, 1), (Stake, You, 5), (Stake, Text, 4), (Reader, Question, 2), (Reader, Whole, 1),

        // What ordinary texts say as well: work on data, stories, questions about rules, third parties.
        (Override, You, -2), (Override, Anything, -2), (Override, My, -3), (Override, Third, -3), (Override, Work, -3), (Order, Third, -1),
        (Order, When, -2), (Order, Text, -2), (Order, Critical, -2), (Order, Mention, -3), (Prior, Third, -1), (Prior, Aux, -1),
        (Prior, Output, -2), (Prior, Question, -3), (Whole, No, -1), (Whole, Polite, -3), (You, Work, -1), (You, Comply, -1),
        (You, Must, -1), (You, Play, -1), (You, Your, -2), (You, Text, -2), (You, Question, -2), (You, Obey, -3), (No, Following, -1),
        (No, Whole, -1), (No, Send, -2), (No, Critical, -2), (No, Invalid, -2), (No, Aux, -2), (No, Told, -2), (No, Harm, -3),
        (No, Your, -3), (No, Genre, -3), (No, Reveal, -4), (Reveal, Limit, -1), (Reveal, Text, -1), (Reveal, Invalid, -2), (Reveal, No, -2),
        (Secret, Aux, -3), (Play, No, -3), (Limit, And, -1), (Model, Order, -2), (Comply, Output, -1), (Comply, Limit, -1),
        (Comply, Reader, -2), (Comply, My, -2), (Comply, Third, -2), (Comply, User, -3), (Work, Drop, -1), (Work, Tool, -1),
        (Work, You, -1), (Work, Reveal, -1), (Work, Limit, -1), (Work, Late, -2), (Work, Your, -3), (Output, Critical, -1),
        (Output, Inner, -1), (Output, Must, -1), (Output, Obey, -2), (Output, Polite, -2), (Question, Free, -1), (Question, Mode, -1),
        (Question, Question, -1), (Question, My, -1), (Question, Character, -1), (Question, Order, -2), (Question, Reveal, -2),
        (Polite, Third, -2), (Following, Data, -1), (Following, You, -1), (Following, Question, -1), (Following, Work, -1),
        (Following, Must, -1), (Following, Polite, -3), (Snippet, Third, -4), (Now, Inner, -1), (Now, Order, -1), (Now, Your, -2),
        (Now, Question, -2), (Now, And, -2), (Now, Told, -3), (Two, Two, -2), (Must, You, -1), (Must, Refuse, -2), (Must, Exact, -2),
        (Must, Anything, -2), (Must, Told, -2), (My, And, -1), (My, Third, -1), (My, Reader, -2), (My, Order, -2), (My, Play, -2),
        (My, Limit, -3), (Told, Output, -4), (Anything, Order, -1), (Anything, Text, -1), (Anything, No, -2), (Only, Genre, -2),
        (Obey, Question, -2), (Drop, And, -1), (Drop, Question, -2), (Drop, Critical, -4), (Text, When, -1), (Text, Work, -1),
        (Text, Only, -3), (Mention, Whole, -2), (Mention, My, -2), (Mention, Anything, -2), (Exact, Text, -2), (Data, Data, -2),
        (Data, Critical, -2), (When, Work, -1), (When, Your, -2), (When, No, -3), (Genre, Inner, -1), (Genre, Must, -1), (Genre, No, -1),
        (Genre, Third, -1), (Genre, Critical, -4), (Third, Limit, -1), (Third, No, -1), (Third, Order, -2), (Third, Inner, -2),
        (Third, Text, -2), (Third, Obey, -2), (Third, Play, -2), (Third, Comply, -2), (Critical, Whole, -2), (Critical, Anything, -2),
        (Critical, Limit, -2), (Critical, Mention, -3), (And, Tool, -1), (And, Work, -1), (And, Play, -2), (Even, Work, -3),
        (Aux, Mode, -1), (Aux, Whole, -1), (Reader, No, -1), (Tool, Data, -2),
    ];

    /// <summary>A word of this class.</summary>
    public static readonly (WordClass Class, sbyte Weight)[] Alone =
    [
        (Unlimited, 5), (Secret, 3), (Harm, 3), (Order, 2), (You, 2), (Fiction, 2), (Override, 1), (Model, 1), (Polite, 1), (Stop, 1),
        (Only, 1), (Even, 1), (Stake, 1), (Limit, -1), (New, -1), (Send, -1), (Following, -1), (Two, -1), (Invalid, -1), (Told, -1),
        (Anything, -1), (Obey, -1), (Mention, -1), (Genre, -1), (Critical, -1), (And, -1), (Late, -1), (Tool, -1), (Prior, -2), (Drop, -2),
        (Data, -2),
    ];

    /// <summary>A word of this class that a sentence, a line or a quotation begins with.</summary>
    public static readonly (WordClass Class, sbyte Weight)[] Openings =
    [
        (Override, 3), (Whole, 2), (Inner, 2), (Snippet, 2), (Stop, 2), (Drop, 2), (You, -1), (Play, -1), (Limit, -1), (Work, -1),
        (Must, -1), (Invalid, -1), (My, -1), (When, -1), (Send, -2), (Two, -2), (Text, -2), (Data, -2), (Your, -3), (Aux, -3),
    ];

    /// <summary>A word of this class in the first sentence: what was asked before anything else was.</summary>
    public static readonly (WordClass Class, sbyte Weight)[] First =
    [
        (Stop, 4), (Whole, 3), (Persona, 3), (Exact, 3), (Prior, 2), (Your, 2), (Secret, 2), (New, 2), (Following, 2), (User, 2), (You, 1),
        (Reveal, 1), (Inner, 1), (Text, 1), (Limit, -1), (Model, -1), (Comply, -1), (Must, -1), (My, -1), (Fiction, -1), (Genre, -1),
        (Third, -1), (Unlimited, -2), (Harm, -2), (Anything, -2), (Told, -3),
    ];

    /// <summary>A word of this class in the last sentence, where there is more than one: what it all leads to.</summary>
    public static readonly (WordClass Class, sbyte Weight)[] Last =
    [
        (Secret, 4), (Character, 4), (Reveal, 3), (Harm, 3), (Question, 3), (Exact, 3), (Stake, 3), (Prior, 2), (Polite, 2), (Now, 2),
        (Data, 2), (Your, 1), (No, 1), (My, 1), (Order, -1), (You, -1), (Play, -1), (Comply, -1), (Text, -1), (Third, -1), (And, -1),
        (Drop, -2), (New, -3),
    ];
}
