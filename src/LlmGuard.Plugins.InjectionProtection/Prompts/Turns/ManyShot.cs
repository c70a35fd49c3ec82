using LlmGuard.Plugins.InjectionProtection.Prompts.Personas;
using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning.Lexing;
using static LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Turns;

/// <summary>
/// Finds conversations that were made up to be gone on with: turns of somebody who asks for harm and of a model that gives it, the last of which is
/// left open. What a model is shown to have done it goes on doing.
/// </summary>
internal static class ManyShot
{
    private const int LeastAnswers = 2;

    // What is left of an answer that is to be gone on with.
    private const int MostOfOpenAnswer = 12;

    private static readonly WordTable<bool> Askers = WordSets.Of("user human q question me person student nutzer usuario utilisateur frage");

    private static readonly WordTable<bool> Answerers = WordSets.Of("""
        assistant ai bot a answer chatgpt gpt model response llm gpt-4 claude gemini antwort assistent
        """);

    /// <param name="row">The words.</param>
    /// <param name="text">The text.</param>
    /// <param name="hits">Receives what is found.</param>
    public static void Find(WordRow row, ReadOnlySpan<byte> text, HitList hits)
    {
        // Each turn begins with a name and a colon.
        if (text.Count((byte)':') <= LeastAnswers)
        {
            return;
        }

        var words = row.Words;
        hits.Steps += words.Length;
        var (answers, harms, refusals, consents, first, last, isAnswer) = (0, 0, 0, 0, -1, -1, false);
        for (var i = 0; i < words.Length; i++)
        {
            if (IsLabel(words, i, text, out var isAnswerer))
            {
                first = first < 0 ? i : first;
                (last, isAnswer) = (i, isAnswerer);
                answers += isAnswerer ? 1 : 0;
                consents += isAnswerer && i + 1 < words.Length && WordSets.IsConsent(words[i + 1].In(text)) ? 1 : 0;
            }
            else if (last >= 0)
            {
                harms += words[i].Is(Harm) && !isAnswer && HarmfulRequest.AsksWay(words, i, text) ? 1 : 0;
                refusals += words[i].Is(Refuse) && isAnswer ? 1 : 0;
            }
        }

        if (answers >= LeastAnswers && refusals == 0 && harms + Math.Min(consents, 1) > 1 && (!isAnswer || words.Length - last <= MostOfOpenAnswer))
        {
            hits.Add(InjectionRules.JailbreakManyShot, words[first].Start, words[^1].End);
        }
    }

    private static bool IsLabel(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text, out bool isAnswerer)
    {
        isAnswerer = false;
        if (text[words[i].End..] is not [(byte)':', ..])
        {
            return false;
        }

        var word = words[i].In(text);
        isAnswerer = Answerers.Contains(word);
        return isAnswerer || Askers.Contains(word);
    }
}
