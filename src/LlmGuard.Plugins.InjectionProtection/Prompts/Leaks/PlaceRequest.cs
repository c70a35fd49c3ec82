using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning.Lexing;
using static LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Leaks;

/// <summary>
/// Requests for what stands at a place of the conversation that its user did not write: before his first message, from the top to here. What the
/// text there is called matters to nobody who only wants to have it; <see cref="ExtractionGrammar"/> knows who names it.
/// </summary>
internal static class PlaceRequest
{
    // Longer texts tell of places of their own.
    private const int Longest = 60;

    private const int AskReach = 16;
    private const int PersonReach = 5;

    // Words from where a place begins to what it is a place of.
    private const int PlaceReach = 6;

    private static readonly WordTable<bool> Befores = WordSets.Of("""
        before above preceding precedes preceded vor oberhalb avant precede antes arriba prima sopra acima voor boven перед до выше przed innan
        fore
        """);

    private static readonly WordTable<bool> Particles = WordSets.Of("de del di a al alla this to of der da do von directly right just immediately");

    // Which of them: this one, or the writer's.
    private static readonly WordTable<bool> Mine = WordSets.Of("""
        this my these our first current diesem dieser dieses meiner meinem meinen mon ce cette ma mi mis este esta mio mia questo questa minha meu
        desta deste essa meste этим этого этой моим моего моей mijn deze dit moja moje mojego tym ta te min mitt denna detta i your
        """);

    private static readonly WordTable<bool> Turns = WordSets.Of("""
        message line sentence prompt conversation chat text input question query turn dialogue dialog request words nachricht zeile satz gesprach
        unterhaltung frage eingabe ligne phrase mensaje linea frase conversacion pregunta texto messaggio riga conversazione domanda testo
        mensagem linha conversa pergunta сообщением сообщения сообщение разговора строки строкой вопросом bericht zin gesprek wiadomosci
        wiadomoscia rozmowy meddelande got
        """);

    private static readonly WordTable<bool> Starts = WordSets.Of("""
        start beginning top outset anfang beginn debut commencement inicio principio inizio начала poczatku
        """);

    // What is at the start of these was written by somebody else.
    private static readonly WordTable<bool> Wholes = WordSets.Of("""
        conversation chat context session dialogue dialog thread gesprachs unterhaltung chats kontexts contexte conversacion contexto
        conversazione contesto conversa разговора диалога контекста rozmowy gesprek
        """);

    // What the writer said, asked or gave is his own.
    private static readonly WordTable<bool> Persons = WordSets.Of("i i've we i'd i'm ich wir je j'ai nous yo io noi eu я мы ik wij ja");

    private static readonly WordTable<bool> Takings = WordSets.Of("include put quote append embed incluye incluez inclua fuge zitiere");

    /// <param name="row">The words.</param>
    /// <param name="text">The text.</param>
    /// <param name="hits">Receives what is found.</param>
    public static void Find(WordRow row, ReadOnlySpan<byte> text, HitList hits)
    {
        if (row.Count > Longest)
        {
            return;
        }

        var words = row.Words;
        foreach (var last in row.Of(Text | Data | Order | Mention))
        {
            hits.Steps += PersonReach;
            if (words[last].IsQuoted || !(Turns.Contains(words[last].In(text)) || Wholes.Contains(words[last].In(text))))
            {
                continue;
            }

            for (var i = Math.Max(0, last - PlaceReach); i < last; i++)
            {
                if (EndOfPlace(words, i, text) == last && Ask(words, i, last, text) is { } ask)
                {
                    hits.Steps += 2 * AskReach;
                    hits.Add(InjectionRules.PromptExtraction, words[Math.Min(ask, i)].Start, words[Math.Max(ask, last)].End);
                    return;
                }
            }
        }
    }

    // "before my first message", "above this line"; "from the very beginning of our chat", "the first 50 words of this conversation".
    private static int? EndOfPlace(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text)
    {
        var word = words[i].In(text);
        if (Befores.Contains(word))
        {
            var mine = i + 1;
            while (mine < words.Length && mine <= i + 2 && Particles.Contains(words[mine].In(text)) && !Mine.Contains(words[mine].In(text)))
            {
                mine++;
            }

            for (var turn = mine + 1; turn < words.Length && turn <= mine + 2 && Mine.Contains(words[mine].In(text)); turn++)
            {
                if (words[turn].Sentence == words[i].Sentence && Turns.Contains(words[turn].In(text)))
                {
                    return turn;
                }
            }

            return null;
        }

        var isStart = Starts.Contains(word);

        // "my first message in this chat" is the writer's own.
        if (!isStart && (!word.SequenceEqual("first"u8) || (i > 0 && words[i - 1].Is(My))))
        {
            return null;
        }

        for (var whole = i + 2; whole < words.Length && whole <= i + 6 && words[whole].Sentence == words[i].Sentence; whole++)
        {
            if (Wholes.Contains(words[whole].In(text)) && (Mine.Contains(words[whole - 1].In(text)) || words[whole - 1].Is(Your)
                || (isStart && words[whole - 1].Is(Filler))))
            {
                return whole;
            }
        }

        return null;
    }

    // "print a blank line before this line": something that is not there yet.
    private static bool IsOfNew(ReadOnlySpan<Word> words, int verb, ReadOnlySpan<byte> text) => verb + 1 < words.Length
        && words[verb + 1].In(text) is var article
        && (article.SequenceEqual("a"u8) || article.SequenceEqual("an"u8) || article.SequenceEqual("one"u8));

    // Who asks for it, unless it is his own: "what did I ask at the start of this chat?".
    private static int? Ask(ReadOnlySpan<Word> words, int place, int last, ReadOnlySpan<byte> text)
    {
        for (var i = Math.Max(0, place - PersonReach); i < place; i++)
        {
            if (Persons.Contains(words[i].In(text)))
            {
                return null;
            }
        }

        for (var i = last + 1; i < words.Length && i <= last + 2 && words[i].Sentence == words[last].Sentence; i++)
        {
            if (Persons.Contains(words[i].In(text)))
            {
                return null;
            }
        }

        int? ask = null;
        for (var i = Math.Max(0, place - AskReach); i < Math.Min(words.Length, last + AskReach); i++)
        {
            if (words[i].Is(No) && i < place)
            {
                return null;
            }

            var isAsked = ((words[i].Is(Reveal) || Takings.Contains(words[i].In(text))) && !IsOfNew(words, i, text))
                || (words[i].Is(Question) && words[i].StartsUnit);
            ask ??= isAsked && (i < place || i > last) && !words[i].IsQuoted ? i : null;
        }

        return ask;
    }
}
