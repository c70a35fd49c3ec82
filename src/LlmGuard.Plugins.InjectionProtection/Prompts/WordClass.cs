namespace LlmGuard.Plugins.InjectionProtection.Prompts;

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
}
