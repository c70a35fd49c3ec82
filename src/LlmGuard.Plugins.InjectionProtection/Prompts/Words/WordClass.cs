namespace LlmGuard.Plugins.InjectionProtection.Prompts.Words;

/// <summary>What a word may do in a sentence that is addressed to a model. A word may be of several classes.</summary>
[Flags]
internal enum WordClass : long
{
    None = 0,

    /// <summary>To set aside: ignore, forget, disregard.</summary>
    Override = 1L << 0,

    /// <summary>What a model was told: instructions, rules, prompt.</summary>
    Order = 1L << 1,

    /// <summary>Earlier in the conversation: previous, above, prior.</summary>
    Prior = 1L << 2,

    /// <summary>All there is: everything, all, any.</summary>
    Whole = 1L << 3,
    Your = 1L << 4,
    You = 1L << 5,
    No = 1L << 6,

    /// <summary>To give away: reveal, show, repeat.</summary>
    Reveal = 1L << 7,

    /// <summary>That came first or is not for everyone: initial, system, hidden.</summary>
    Inner = 1L << 8,
    Secret = 1L << 9,

    /// <summary>To play somebody: act, pretend, simulate.</summary>
    Play = 1L << 10,

    /// <summary>What holds a model back: restrictions, filters, ethics.</summary>
    Limit = 1L << 11,

    /// <summary>Without limits in one word: unrestricted, uncensored.</summary>
    Unlimited = 1L << 12,

    /// <summary>What limits are there against: illegal, harmful, explicit.</summary>
    Harm = 1L << 13,

    /// <summary>To decline: refuse, reject, apologise.</summary>
    Refuse = 1L << 14,

    /// <summary>A model or its maker.</summary>
    Model = 1L << 15,

    /// <summary>Names of well-known personas without limits.</summary>
    Persona = 1L << 16,
    Mode = 1L << 17,

    /// <summary>To do as told: comply, obey, answer.</summary>
    Comply = 1L << 18,
    New = 1L << 19,

    /// <summary>To work, in the form of a command: write, add, translate.</summary>
    Work = 1L << 20,

    /// <summary>What a model gives: response, answer, code.</summary>
    Output = 1L << 21,
    Question = 1L << 22,
    Polite = 1L << 23,

    /// <summary>To move data out: send, upload, forward.</summary>
    Send = 1L << 24,
    Following = 1L << 25,
    Snippet = 1L << 26,
    Character = 1L << 27,
    Now = 1L << 28,
    Two = 1L << 29,
    Free = 1L << 30,
    Must = 1L << 31,
    Invalid = 1L << 32,
    Stop = 1L << 33,
    My = 1L << 34,
    Told = 1L << 35,
    Fiction = 1L << 36,
    Anything = 1L << 37,
    Only = 1L << 38,
    Jailbreak = 1L << 39,
    Filler = 1L << 40,
    Lest = 1L << 41,

    /// <summary>To do as told, which a "not" turns into setting aside: follow, obey, heed.</summary>
    Obey = 1L << 42,

    /// <summary>To set aside or to do away with, said of many things: forget, drop, cancel.</summary>
    Drop = 1L << 43,

    /// <summary>What a model was told, or any other text: message, text, conversation.</summary>
    Text = 1L << 44,

    /// <summary>Says that somebody's words follow: said, example, phrase.</summary>
    Mention = 1L << 45,

    /// <summary>As it was written: verbatim, exactly, in full.</summary>
    Exact = 1L << 46,

    /// <summary>Who a model works for, in the third person: the user.</summary>
    User = 1L << 47,

    /// <summary>What belongs to somebody and shall not leave: history, contacts, funds.</summary>
    Data = 1L << 48,

    /// <summary>Says when: before, after, while.</summary>
    When = 1L << 49,

    /// <summary>A kind of text that is asked for: letter, story, test.</summary>
    Genre = 1L << 50,

    /// <summary>Somebody else than the reader does it: he, they, who.</summary>
    Third = 1L << 51,

    /// <summary>A relative.</summary>
    Kin = 1L << 52,

    /// <summary>No longer alive.</summary>
    Dead = 1L << 53,

    /// <summary>To do what cannot be taken back: delete, transfer, grant.</summary>
    Critical = 1L << 54,

    /// <summary>Joins two commands: and, then, but.</summary>
    And = 1L << 55,

    /// <summary>However bad: even, legal or not, no matter.</summary>
    Even = 1L << 56,

    /// <summary>A model under its task's name in data: agent, copilot, reader.</summary>
    Agent = 1L << 57,

    /// <summary>Earlier, said of more things than what a model was told: last, old.</summary>
    Late = 1L << 58,

    /// <summary>Opens a question that is answered by yes or no, and much else: is, do.</summary>
    Aux = 1L << 59,

    /// <summary>What is at stake for a model that refuses: tokens, points, lives.</summary>
    Stake = 1L << 60,

    /// <summary>What a reader does with a text: reading, summarise, answering.</summary>
    Reader = 1L << 61,

    /// <summary>What an agent calls: tool, function.</summary>
    Tool = 1L << 62,
}

/// <summary>Asks for classes.</summary>
internal static class WordClasses
{
    /// <summary>Whether any of some classes is among others.</summary>
    public static bool Has(this WordClass classes, WordClass any) => (classes & any) != 0;
}
