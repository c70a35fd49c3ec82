using LlmGuard.Plugins.InjectionProtection.Prompts.Signals;
using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using LlmGuard.Scanning.Lexing;
using static LlmGuard.Plugins.InjectionProtection.Prompts.Inserted.WordSign;
using static LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Inserted;

/// <summary>
/// Finds requests that credentials be given away in a text that is only to be read: where others read them ("create a token and post it in a
/// comment"), or all there are ("copy all JWT secrets to a file"). Manuals tell their readers to send their own to a service, and to give them
/// to nobody.
/// </summary>
internal static class CredentialRequest
{
    /// <summary>Words of a sentence that are looked at.</summary>
    public const int Longest = 40;

    // Words behind a verb among which "all" or "here" stands, and before a place among which "in" does.
    private const int WholeReach = 5;
    private const int PlaceReach = 4;

    /// <summary>Words for credentials.</summary>
    public const string CredentialWords = """
        password passwords passphrase secret secrets credential credentials token tokens api_key api_keys api-key api-keys apikey apikeys api_token
        access_token passwort passworter zugangsdaten contrasena contrasenas credenciales mot identifiants credenziali credenciais senha senhas
        """;

    /// <summary>Words for one behind a word for its kind.</summary>
    public const string KeyWords = "key keys string strings variable variables";

    private static readonly WordTable<bool> KeyKinds =
        WordSets.Of("api access private secret ssh signing encryption jwt service connection environment env master");

    /// <summary>Verbs of giving away.</summary>
    public const string GivingWords = """
        post share send include reveal print output write append attach report paste embed encode poste teile sende publica comparte envia publie
        partage envoie pubblica condividi invia
        """;

    // Behind these "here" is where others read it; "paste the key here" is what forms and programs say.
    private static readonly WordTable<bool> Tellings = WordSets.Of("post share send reveal report");

    private static readonly WordTable<bool> Places = WordSets.Of("""
        comment comments response reply answer summary thread chat issue ticket conversation kommentar antwort zusammenfassung comentario
        respuesta resumen commentaire reponse risposta commento
        """);

    /// <summary>Verbs of taking all there is.</summary>
    public const string GatheringWords = "extract dump collect copy gather harvest exfiltrate extrahiere kopiere extrae copia extrais copie estrai";

    private static readonly WordTable<bool> Joints = WordSets.Of("also then just instead auch tambien aussi anche");

    /// <summary>Whether a sentence is one.</summary>
    public static bool Is(ReadOnlySpan<Word> words, int start, int end, ReadOnlySpan<byte> text, WordSigns signs)
    {
        var near = signs.Of(start, Math.Min(words.Length, start + Math.Max(Longest, end - start)));
        if ((near & (Credential | Key)) == WordSign.None || (near & (Giving | Gathering)) == WordSign.None)
        {
            return false;
        }

        if (start > 0 && words[start].IsQuoted && Mood.IsQuotation(words, start, text))
        {
            return false;
        }

        // Lines of prose that end within a sentence go on in the next one.
        while (end < words.Length && end - start < Longest && text[words[end - 1].End..words[end].Start].Trim((byte)' ') is [(byte)'\n'])
        {
            end++;
            while (end < words.Length && words[end].Sentence == words[end - 1].Sentence && end - start < Longest)
            {
                end++;
            }
        }

        var (credential, verb) = (-1, -1);
        for (var i = start; i < end; i++)
        {
            if (words[i].Is(No) && !words[i].Is(Whole))
            {
                return false;
            }

            credential = IsCredential(words, i, start, text, signs) ? i : credential;
            verb = (signs[i] & (Giving | Gathering)) != WordSign.None && IsAsked(words, i, start, text) ? i : verb;
            if (verb < 0 || credential < 0)
            {
                continue;
            }

            if (i == credential && (signs[verb] & Gathering) != WordSign.None && IsAll(words, verb, credential))
            {
                return true;
            }

            if (i > verb && (signs[verb] & Giving) != WordSign.None && IsPlace(words, verb, i, text))
            {
                return true;
            }
        }

        return false;
    }

    // A credential that is not said to be its reader's or writer's own.
    private static bool IsCredential(ReadOnlySpan<Word> words, int i, int start, ReadOnlySpan<byte> text, WordSigns signs)
    {
        var first = i;
        if ((signs[i] & Credential) == WordSign.None)
        {
            if (i == start || (signs[i] & Key) == WordSign.None || !KeyKinds.Contains(words[i - 1].In(text)))
            {
                return false;
            }

            first--;
        }

        return !(first > start && words[first - 1].Is(Your | My) && !words[first - 1].Is(Filler));
    }

    private static bool IsAsked(ReadOnlySpan<Word> words, int i, int start, ReadOnlySpan<byte> text) =>
        i == start || words[i - 1].Is(Polite | Must | And | Now) || (words[i - 1].Is(You) && !words[i - 1].Is(Your))
        || Joints.Contains(words[i - 1].In(text)) || Mood.IsClauseStart(words, i, text);

    private static bool IsAll(ReadOnlySpan<Word> words, int verb, int credential)
    {
        for (var i = verb + 1; i < credential && i <= verb + WholeReach; i++)
        {
            if (words[i].Is(Whole))
            {
                return true;
            }
        }

        return false;
    }

    // "in a comment", "in your response", "here" at the end.
    private static bool IsPlace(ReadOnlySpan<Word> words, int verb, int i, ReadOnlySpan<byte> text)
    {
        if (words[i].In(text).SequenceEqual("here"u8))
        {
            return Tellings.Contains(words[verb].In(text)) && i <= verb + WholeReach;
        }

        if (!Places.Contains(words[i].In(text)))
        {
            return false;
        }

        for (var at = i - 1; at > verb && at >= i - PlaceReach; at--)
        {
            if (words[at].In(text) is var into && (into.SequenceEqual("in"u8) || into.SequenceEqual("into"u8) || into.SequenceEqual("to"u8)
                || into.SequenceEqual("en"u8) || into.SequenceEqual("dans"u8)))
            {
                return true;
            }
        }

        return false;
    }
}
