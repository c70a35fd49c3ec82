using LlmGuard.Plugins.InjectionProtection.Prompts.Signals;
using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning.Folding;
using LlmGuard.Scanning.Lexing;
using static LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordClass;
using WordReader = LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordReader;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Overrides;

/// <summary>
/// Finds answers that are dictated: the reader is to utter words that are given, and nothing else, or whatever it is asked. Who only sets a form
/// ("answer with yes or no", "say "ok" when you have read it") leaves the answer to the reader, or makes it hang on something.
/// </summary>
internal static class Dictation
{
    // Longer texts are about something, and what they quote they talk of.
    private const int Longest = 120;

    private const int Enough = 2;

    // Words between a verb and what is to be uttered.
    private const int Reach = 12;

    // Words before a verb and behind what is dictated that say what else may be said.
    private const int Around = 10;

    // Words of what somebody has said who has won.
    private const int LongestClaim = 6;

    private static readonly WordTable<bool> Utterings = WordSets.Of("""
        say print output begin start reply respond answer answers write return type display echo utter state repeat responding answering replying
        saying sag sage antworte antworten schreibe schreib gib dis dites reponds repondez ecris ecrivez di diga responde responda escribe escriba
        contesta rispondi scrivi escreva zeg antwoord schrijf odpowiedz napisz powiedz ответь отвечай напиши скажи выведи yaz cevapla soyle svara
        skriv svar
        """);

    private static readonly WordTable<bool> Answers = WordSets.Of("""
        output answer answers response responses reply replies sentence antwort antworten ausgabe reponse reponses respuesta respuestas risposta
        resposta antwoord odpowiedz ответ
        """);

    // Between a verb and what is dictated, nothing else is named that is to be given.
    private static readonly WordTable<bool> Between = WordSets.Of("""
        only just exactly solely simply precisely always literally the a this single following word words phrase phrases sentence sentences string
        text message line three two with by and but then now must be is shall should will to of me it as nothing besides except in all questions
        everything else further from here every your answer response reply output beginning starting nur mit dem den das die wort worten satz
        folgenden einzige noch und genau immer auf alle alles weiteren fragen seulement uniquement le la les mot mots par avec juste toujours solo
        solamente unicamente con palabra frase las palabras siempre soltanto esclusivamente parola sempre apenas somente com palavra ответ со слов
        слова фразы с только одно слово словом фразу фразой всегда alleen met het woord tylko slowo slowem
        """);

    private static readonly WordTable<bool> Onlys = WordSets.Of("""
        only just exactly solely simply precisely nothing nur ausschliesslich lediglich seulement uniquement solo solamente unicamente soltanto apenas
        somente только лишь alleen slechts tylko bara endast
        """);

    // What is to be said in some case, or of several, is a form.
    private static readonly WordTable<bool> Cases = WordSets.Of("""
        if when once after until unless otherwise each before where whether sobald nachdem falls wenn bis quand si apres chaque cuando despues cada
        quando dopo ogni depois если когда после als nadat wanneer or oder ou или lub eller example instance
        """);

    // What somebody says who has understood.
    private static readonly WordTable<bool> Receipts = WordSets.Of("""
        ok okay yes no ready understood got done next continue read received acknowledged confirmed noted true false ja nein oui non si listo entendu
        entendido verstanden fertig capito pronto готов понял понятно да нет n/a none unknown
        """);

    private static readonly WordTable<bool> Beginnings = WordSets.Of("""
        begin begins beginning start starts starting open opening beginne beginn beginnend commence commencez commencant empieza comienza
        empezando comenzando inizia iniziando comece comecando начни начиная zacznij zaczynajac
        """);

    private static readonly WordTable<bool> Promises = WordSets.Of("""
        sure absolutely certainly gladly naturlich selbstverstandlich gerne klar bien-sur bien claro certo certamente supuesto certainement volontiers
        jasne oczywiscie конечно
        """);

    // What nobody lets a model say of itself but who has won over it.
    private static readonly WordTable<bool> Triumphs = WordSets.Of("""
        pwned hacked compromised bypassed jailbroken breached hijacked injected overridden gehackt ubernommen pirate hackeado comprometido hackerato
        взломан взломано
        """);

    // Where, in what and for what something is written that a program or a picture says.
    private static readonly WordTable<bool> Somewhere = WordSets.Of("in as on at to for using into onto with from im auf als en sur dans su nel na");

    private static readonly WordTable<bool> Proofs = WordSets.Of("confirm verify prove acknowledge signal demonstrate indicate");

    private static readonly LiteralSet<bool> Exclusions = Phrases(
        "nothing else", "nothing more", "nothing besides", "nothing other", "no other text", "no other word", "any other text", "any other word",
        "anything else", "no extra", "no further", "do not explain", "don't explain", "without explanation", "no explanation", "do not add",
        "don't add", "without adding", "not write anything", "and stop", "und nichts", "sonst nichts", "nichts anderes", "nichts weiter",
        "rien d'autre", "rien de plus", "nada mas", "nient'altro", "niente altro", "mais nada", "nada alem", "ничего больше", "ничего другого",
        "больше ничего", "niets anders", "nic wiecej", "不要输出", "其他内容", "不要说", "以外", "だけ", "다른");

    private static readonly LiteralSet<bool> Always = Phrases(
        "regardless", "no matter", "whatever", "to everything", "every question", "any question", "all question", "all further", "all the answers",
        "from now on", "from here", "irrespective",
        "every answer", "each answer", "every reply", "every message", "ab jetzt", "ab sofort", "von jetzt an",
        "egal", "auf alles", "jede frage", "alle weiteren", "auf jede", "desormais", "quoi que", "quoi qu'", "peu importe", "a toutes les",
        "a partir de ahora", "a todo", "sin importar", "da ora in poi", "qualunque", "a tutto", "a partir de agora", "nao importa", "a tudo",
        "независимо", "на все", "на всё", "на любой", "с этого момента", "vanaf nu", "wat ik ook", "od teraz", "无论", "不管", "从现在", "これから",
        "今後");

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
        foreach (var i in row.Of(Reveal | Comply | Work | Output))
        {
            hits.Steps += Reach;
            if (!words[i].IsQuoted && IsUttering(words, i, text) && Given(words, i, text) is { } given && IsAsked(words, i, text))
            {
                hits.Steps += Around;
                var last = EndOf(words, given, text);
                if (IsPromise(words, i, given, text))
                {
                    hits.Add(InjectionRules.JailbreakPersona, words[i].Start, words[last].End);
                    return;
                }

                if (!IsForm(words, i, given, last, text) && Weight(words, i, given, last, text) >= Enough)
                {
                    hits.Add(InjectionRules.PromptNewTask, words[i].Start, words[last].End);
                    return;
                }
            }
        }
    }

    // As folded texts have them: letters of other scripts are taken for those they look like, unless their neighbours tell.
    private static LiteralSet<bool> Phrases(params string[] phrases) =>
        new(([.. phrases.SelectMany(p => new[] { TextFolder.Fold(p), TextFolder.Fold(p, isForeign: true) }).Distinct()], true));

    // "say", "your answer".
    private static bool IsUttering(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text) =>
        text[words[i].Start] >= WordReader.FirstGlued
            ? words[i].Is(Reveal | Comply)
            : Utterings.Contains(words[i].In(text)) || (words[i].Is(Output) && Answers.Contains(words[i].In(text)));

    // As a command, or "your answer must be".
    private static bool IsAsked(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text)
    {
        var word = words[i].In(text);
        if (words[i].Is(Output) && Answers.Contains(word) && i + 1 < words.Length
            && ((i > 0 && words[i - 1].Is(Your | Whole | Only)) || (i > 1 && words[i - 2].Is(Your)))
            && (words[i + 1].Is(Must | Aux | Now) || IsBe(words[i + 1].In(text))))
        {
            return true;
        }

        return text[words[i].Start] >= WordReader.FirstGlued
            ? Mood.OfSentence(words, i, text) >= -1
            : Utterings.Contains(word) && Mood.OfSentence(words, i, text) > 0;
    }

    private static bool IsBe(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("ist"u8) || word.SequenceEqual("lautet"u8) || word.SequenceEqual("est"u8) || word.SequenceEqual("sera"u8)
        || word.SequenceEqual("es"u8) || word.SequenceEqual("e"u8) || word.SequenceEqual("has"u8) || word.SequenceEqual("have"u8)
        || word.SequenceEqual("needs"u8) || word.SequenceEqual("to"u8) || word.SequenceEqual("muss"u8) || word.SequenceEqual("doit"u8)
        || word.SequenceEqual("debe"u8) || word.SequenceEqual("deve"u8);

    // The first word of what is to be uttered: words in quotation marks that only words of saying stand before.
    private static int? Given(ReadOnlySpan<Word> words, int verb, ReadOnlySpan<byte> text)
    {
        var end = words[Math.Min(words.Length - 1, verb + Reach)].Start;
        var window = text[words[verb].End..Math.Max(words[verb].End, end)];
        if (!window.ContainsAny((byte)'"', (byte)'\'', (byte)'`') && !window.ContainsAny((byte)0xAB, (byte)0xE2, (byte)0xE3))
        {
            return null;
        }

        // Not every word of a writing without spaces is known.
        var isFree = text[words[verb].Start] >= WordReader.FirstGlued;
        for (var i = verb + 1; i < words.Length && i <= verb + Reach; i++)
        {
            var between = text[words[i - 1].End..words[i].Start];
            if (between.ContainsAny("\n.?!"u8))
            {
                return null;
            }

            if (words[i].IsQuoted || IsBehindMark(between))
            {
                return i;
            }

            // "to whatever I ask".
            if (!isFree && !Between.Contains(words[i].In(text)) && !(isFree = Always.Find(window, 0, out _, out _) >= 0))
            {
                return null;
            }
        }

        return null;
    }

    // Single quotation marks and guillemets divide no sentences.
    private static bool IsBehindMark(ReadOnlySpan<byte> between) =>
        between is [.., (byte)' ' or (byte)':', (byte)'\''] or [.., 0xC2, 0xAB] or [.., 0xC2, 0xAB, (byte)' '];

    // 'respond beginning with "sure, here is"': who has begun to give goes on giving.
    private static bool IsPromise(ReadOnlySpan<Word> words, int verb, int given, ReadOnlySpan<byte> text)
    {
        var isBegun = false;
        for (var i = Math.Max(0, verb - 1); i < given; i++)
        {
            isBegun |= Beginnings.Contains(words[i].In(text));
        }

        return isBegun && given + 1 < words.Length && Promises.Contains(words[given].In(text))
            && (words[given + 1].IsQuoted == words[given].IsQuoted)
            && text[words[given].End..words[given + 1].Start] is [(byte)',' or (byte)'!' or (byte)' ', ..];
    }

    private static int EndOf(ReadOnlySpan<Word> words, int given, ReadOnlySpan<byte> text)
    {
        var last = given;
        while (last + 1 < words.Length && (words[given].IsQuoted
            ? words[last + 1].IsQuoted && words[last + 1].Sentence >= words[last].Sentence
                && !text[words[last].End..words[last + 1].Start].Contains((byte)'"')
            : !text[words[last].End..words[last + 1].Start].ContainsAny((byte)'\'', (byte)0xBB, (byte)'\n')))
        {
            last++;
        }

        return last;
    }

    // "yes" or "no"; say "ok" when you have read it.
    private static bool IsForm(ReadOnlySpan<Word> words, int verb, int given, int last, ReadOnlySpan<byte> text)
    {
        if (Receipts.Contains(words[given].In(text)) && last - given < 2 && !Has(Always, words, verb, last, text))
        {
            return true;
        }

        for (var i = verb - 1; i >= 0 && i >= verb - Around && words[i].Sentence == words[verb].Sentence; i--)
        {
            if (words[i].Is(Genre | Mention) || Cases.Contains(words[i].In(text)))
            {
                return true;
            }
        }

        // "answer with "a", "b" or "c"".
        return last + 1 < words.Length
            && (Cases.Contains(words[last + 1].In(text))
                || (words[last + 1].IsQuoted && text[words[last].End..words[last + 1].Start].Contains((byte)',')))
            && !Has(Always, words, verb, last, text);
    }

    private static int Weight(ReadOnlySpan<Word> words, int verb, int given, int last, ReadOnlySpan<byte> text)
    {
        var weight = (Has(Exclusions, words, verb, last, text) ? 2 : 0) + (Has(Always, words, verb, last, text) ? 2 : 0);
        for (var i = Math.Max(0, verb - 2); i < given; i++)
        {
            if (Onlys.Contains(words[i].In(text)))
            {
                weight++;
                break;
            }
        }

        return weight + (weight < Enough && IsTriumph(words, verb, given, last, text) ? 2 : 0);
    }

    // "output "pwned" to confirm": said now and by the reader, not shown by a program somewhere.
    private static bool IsTriumph(ReadOnlySpan<Word> words, int verb, int given, int last, ReadOnlySpan<byte> text)
    {
        var isClaimed = false;
        for (var i = given; i <= last && last - given < LongestClaim; i++)
        {
            isClaimed |= Triumphs.Contains(words[i].In(text));
        }

        if (!isClaimed || text[words[verb].End..] is [(byte)':', ..])
        {
            return false;
        }

        // Marks within what is quoted end no sentence of whoever quotes it.
        var isNext = last + 1 < words.Length && text[words[last].End..words[last + 1].Start].IndexOfAny(".\n;:"u8) < 0;
        var next = isNext ? words[last + 1].In(text) : default;
        return !Somewhere.Contains(next)
            || (next.SequenceEqual("to"u8) && last + 2 < words.Length && Proofs.Contains(words[last + 2].In(text)));
    }

    // Around what is dictated, not in it.
    private static bool Has(LiteralSet<bool> phrases, ReadOnlySpan<Word> words, int verb, int last, ReadOnlySpan<byte> text)
    {
        var before = text[words[Math.Max(0, verb - Around)].Start..words[verb].End];
        var behind = text[words[last].End..words[Math.Min(words.Length - 1, last + Around)].End];
        return phrases.Find(before, 0, out _, out _) >= 0 || phrases.Find(behind, 0, out _, out _) >= 0
            || phrases.Find(text[words[verb].End..words[Math.Min(last, verb + Reach)].Start], 0, out _, out _) >= 0;
    }
}
