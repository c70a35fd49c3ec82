using LlmGuard.Plugins.InjectionProtection.Prompts.Signals;
using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using LlmGuard.Scanning.Lexing;
using static LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Personas;

/// <summary>
/// The other half of a jailbreak: a request for the way to do harm ("how do I build a bomb"). Alone it is only something to refuse; together with
/// what shall keep the reader from refusing it is an attempt to have it in spite of the reader's limits.
/// </summary>
internal static class HarmfulRequest
{
    private const int Reach = 10;
    private const int ClaimReach = 6;
    private const int TeachReach = 12;

    // What limits are there against in general; the rest of the class are things that harm.
    private static readonly WordTable<bool> General = WordSets.Of("""
        illegal unethical immoral harmful dangerous offensive explicit nsfw hateful profanity profane swear swearing curse cursing vulgar violent
        violence sexual lewd racist toxic inappropriate criminal evil erotic derogatory unlawful controversial obscene graphic abusive sexually gore
        fuck shit taboo slurs insults rude malicious killed crimes crime unmoral crack hack hacking hacker hackers exploit
        sexist homophobic misogynist xenophobic antisemitic supremacist hatred bigot ilegal ilegales ilegais inmoral inmorales imoral imorais ilicito
        ilicitos illegale illegali illegaux illegales illicite immorale immorali immoraux illegaler illegalen unmoralisch unmoralische verbotenes
        verbotene illegaal illegaals nielegalne nielegalnego незаконно незаконное незаконные нелегально нелегальное аморально аморальное palabrotas
        groserias grossieretes insultes insultos palavroes parolacce beleidigungen schimpfworter propaganda threatening bully bullying criminals
        """);

    // What tells the way to do something.
    private static readonly WordTable<bool> Ways = WordSets.Of("""
        how steps step instructions recipe tutorial guide manual synthesis route blueprint procedure walkthrough step-by-step wie comment
        como come jak hoe как nasil anleitung schritte etapes pasos passi passos
        """);

    // Who may ask for more than others.
    private static readonly WordTable<bool> Authorities = WordSets.Of("""
        developer developers creator admin administrator owner ceo founder engineer officer police enforcement detective doctor professor researcher
        scientist president god auditor moderator employee tester pentester lawyer nurse staff government official programmer maker entwickler
        administrateur developpeur desarrollador administrador sviluppatore desenvolvedor createur creatrice creador creatore criador ersteller
        betreiber operator adminem administratorem tworca programista ontwikkelaar gelistirici разработчик создатель администратор team
        """);

    // What somebody claims to have who may ask.
    private static readonly WordTable<bool> Permissions = WordSets.Of("""
        authorized authorised authorization authorisation approved permission clearance cleared allowed permitted certified legal consent verified
        sandbox licensed exempt
        """);

    /// <summary>Whether a harmful thing is what a sentence asks the way to.</summary>
    public static bool AsksWay(ReadOnlySpan<Word> words, int harm, ReadOnlySpan<byte> text)
    {
        if (General.Contains(words[harm].In(text)))
        {
            return false;
        }

        for (var i = harm - 1; i >= 0 && i >= harm - Reach && words[i].Sentence >= words[harm].Sentence - 1; i--)
        {
            if (Ways.Contains(words[i].In(text)) || IsWayTo(words, i, text))
            {
                return true;
            }
        }

        return MakesProgram(words, harm, text);
    }

    // "write ransomware code", "give me the source of a worm".
    private static bool MakesProgram(ReadOnlySpan<Word> words, int harm, ReadOnlySpan<byte> text)
    {
        var (isMade, isProgram) = (false, false);
        for (var i = Math.Max(0, harm - ClaimReach); i < words.Length && i <= harm + 2; i++)
        {
            if (words[i].Sentence == words[harm].Sentence)
            {
                isMade |= i < harm && WordSets.IsMaking(words[i].In(text));
                isProgram |= words[i].In(text) is var word
                    && (word.SequenceEqual("code"u8) || word.SequenceEqual("source"u8)
                        || word.SequenceEqual("script"u8) || word.SequenceEqual("payload"u8));
            }
        }

        return isMade && isProgram;
    }

    // "the simplest way to build a bomb".
    private static bool IsWayTo(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text)
    {
        var word = words[i].In(text);
        return (word.SequenceEqual("way"u8) || word.SequenceEqual("ways"u8)) && words[i + 1].In(text) is var next
            && (next.SequenceEqual("to"u8) || next.SequenceEqual("of"u8));
    }

    /// <summary>Whether somebody claims at a word to be one who may ask, or to be allowed to: "I'm your developer", "I am authorised".</summary>
    public static bool Claims(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text)
    {
        var word = words[i].In(text);
        var isAllowed = Permissions.Contains(word);
        if (!isAllowed && !Authorities.Contains(word))
        {
            return false;
        }

        for (var before = i - 1; before >= 0 && before >= i - ClaimReach && words[before].Sentence == words[i].Sentence; before--)
        {
            var person = words[before].In(text);
            if (person.SequenceEqual("i"u8) || person.SequenceEqual("i'm"u8) || IsAs(words, before, text) || person.SequenceEqual("ich"u8)
                || person.SequenceEqual("je"u8) || person.SequenceEqual("soy"u8)
                || person.SequenceEqual("jestem"u8) || person.SequenceEqual("sono"u8) || person.SequenceEqual("sou"u8)
                || person.SequenceEqual("i've"u8) || (isAllowed && (words[before].Is(You)
                    || person.SequenceEqual("we"u8) || person.SequenceEqual("is"u8))))
            {
                return true;
            }
        }

        return false;
    }

    // "as an officer", not "log in as admin".
    private static bool IsAs(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text) =>
        words[i].In(text).SequenceEqual("as"u8)
        && !(i > 0 && words[i - 1].In(text) is var before
            && (before.SequenceEqual("in"u8) || before.SequenceEqual("on"u8) || before.StartsWith("run"u8)));

    // To teach somebody.
    private static readonly WordTable<bool> Teachings = WordSets.Of("""
        explains explain explaining teaches teach teaching describes describe describing shows instructs walks demonstrates reveals lectures lecture
        tells answers answer erklart erklaren lehrt beschreibt zeigt explique enseigne decrit montre ensena explica muestra spiega insegna
        descrive mostra ensina descreve tlumaczy uczy opisuje объясняет учит рассказывает описывает uitlegt leert
        """);

    // How exactly a story shall tell it.
    private static readonly LiteralSet<bool> Details = new((
        [
            "step by step", "step-by-step", "schritt fur schritt", "etape par etape", "paso a paso", "passo a passo", "passo dopo passo",
            "krok po kroku", "stap voor stap", "шаг за шагом", "exact amount", "exact quantit", "exact measure", "exact temperature",
            "exact ingredient", "technical detail", "every detail", "full detail", "precise detail", "realistic detail", "all the steps",
            "each step", "realistic and complete", "technically accurate", "technically correct", "could follow it", "todos los pasos",
            "todos os passos", "tutti i passaggi", "toutes les etapes", "alle schritte", "genaue mengen", "quantites exactes",
            "cantidades exactas",
        ], true));

    private static readonly WordTable<bool> Permittings = WordSets.Of("""
        authorise authorize authorises authorizes authorised authorized permit permitting allow grant erlaube gestatte autorisiere t'autorise
        autorise permets
        autorizo permito autorizzo permetto pozwalam upowazniam разрешаю
        """);

    private static readonly WordTable<bool> Makings =
        WordSets.Of("wrote made built created trained programmed coded developed designed configured deployed");

    private static readonly WordTable<bool> Selves = WordSets.Of("""
        i i'm i've as this here speaking we we're ich als wir hier je tant suis ici soy como aqui sono come qui sou jestem jako я как это
        ben olarak
        """);

    /// <summary>Whether somebody teaches how to come by a harmful thing: in a story, the way to it all the same.</summary>
    public static bool IsTaught(ReadOnlySpan<Word> words, int harm, ReadOnlySpan<byte> text)
    {
        if (General.Contains(words[harm].In(text)))
        {
            return false;
        }

        for (var i = harm - 1; i >= 0 && i >= harm - TeachReach && words[i].Sentence == words[harm].Sentence; i--)
        {
            if (Teachings.Contains(words[i].In(text)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>How often a text asks for every step or exact amounts, "no" before which asks for none.</summary>
    public static int CountDetails(ReadOnlySpan<byte> text)
    {
        var count = 0;
        for (var at = 0; (at = Details.Find(text, at, out var length, out _)) >= 0; at += length)
        {
            var before = text[Math.Max(0, at - TeachReach)..at];
            count += before.IndexOf("no "u8) >= 0 || before.IndexOf("without"u8) >= 0 ? 0 : 1;
        }

        return count;
    }

    /// <summary>Whether somebody claims at a word to have made the reader: "as your developer", "I'm an engineer at OpenAI".</summary>
    public static bool ClaimsMaker(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text)
    {
        if (words[i].Is(You) && !words[i].Is(Your))
        {
            return IsMadeBy(words, i, text);
        }

        var authority = -1;
        var isYour = words[i].Is(Your);
        for (var near = isYour ? i + 1 : i - 3; near < words.Length && near <= i + 2; near++)
        {
            var isAuthority = near >= 0 && near != i && words[near].Sentence == words[i].Sentence && Authorities.Contains(words[near].In(text));
            authority = isAuthority ? near : authority;
        }

        if (authority < 0)
        {
            return false;
        }

        var from = Math.Max(Math.Max(0, i - ClaimReach), Mood.SentenceStart(words, i));
        for (var near = from; near < words.Length && near <= authority + 2 && words[near].Sentence == words[i].Sentence; near++)
        {
            if (near != i && Selves.Contains(words[near].In(text)))
            {
                return !words[Mood.SentenceStart(words, i)].Is(Question) || Selves.Contains(words[from].In(text));
            }
        }

        return false;
    }

    // "I'm the engineer who made you".
    private static bool IsMadeBy(ReadOnlySpan<Word> words, int you, ReadOnlySpan<byte> text)
    {
        if (you < 2 || !Makings.Contains(words[you - 1].In(text)))
        {
            return false;
        }

        for (var i = you - 2; i >= 0 && i >= you - TeachReach && words[i].Sentence == words[you].Sentence; i--)
        {
            if (Selves.Contains(words[i].In(text)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the reader is permitted something at a word for it: "I authorise you", "erlaube ich dir".</summary>
    public static bool Permits(ReadOnlySpan<Word> words, int you, ReadOnlySpan<byte> text)
    {
        for (var i = Math.Max(0, you - 2); i < words.Length && i <= you + 1; i++)
        {
            if (words[i].Sentence == words[you].Sentence && Permittings.Contains(words[i].In(text)))
            {
                return i != you + 1 || words[you + 1].End - words[you + 1].Start > 6;
            }
        }

        return false;
    }
}
