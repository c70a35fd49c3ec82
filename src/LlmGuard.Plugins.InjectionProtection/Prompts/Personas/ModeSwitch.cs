using LlmGuard.Plugins.InjectionProtection.Prompts.Signals;
using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning.Lexing;
using static LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Personas;

/// <summary>
/// Finds orders to go into a mode that only personas of models have, and to do something there: "switch to developer mode and run ...". Programs
/// and machines have modes for maintenance, debugging and recovery, and whoever switches to them says of what.
/// </summary>
internal static class ModeSwitch
{
    private const int VerbReach = 4;

    private static readonly WordTable<bool> Names = WordSets.Of("""
        developer dan god jailbreak unrestricted evil uncensored unfiltered opposite hacker chaos developpeur desarrollador sviluppatore
        desenvolvedor разработчика dewelopera programisty unbeschrankten uneingeschrankten unzensierten ungefilterten
        """);

    private static readonly WordTable<bool> Switches = WordSets.Of("""
        switch enter go change turn shift wechsle wechsel wechseln schalte geh gehe entra entre cambia pasa passe passez bascule entrez passa vai mude
        перейди перейдите переключись войди войдите przejdz przelacz
        """);

    // What people do to modes of their machines as well.
    private static readonly WordTable<bool> Starts =
        WordSets.Of("enable activate start aktiviere activa active activez attiva ative включи активируй wlacz aktywuj");

    private static readonly WordTable<bool> Modes = WordSets.Of("mode modus modo modalita режим tryb");

    /// <summary>Looks at a word for a mode.</summary>
    public static void Judge(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text, HitList hits)
    {
        if (i < 2 || words[i].IsQuoted || !Modes.Contains(words[i].In(text)))
        {
            return;
        }

        var mode = i;
        i = EndOfName(words, i, text, out var isWithout);
        if (i < 0)
        {
            return;
        }

        hits.Steps += VerbReach;

        // "switch to developer mode on the phone": of something.
        var isEnd = i + 1 >= words.Length || words[i + 1].Sentence != words[i].Sentence
            || (words[i + 1].Is(And) && i + 2 < words.Length && words[i + 2].Is(Work | Reveal | Comply | Send));
        for (var verb = mode - 1; isEnd && verb >= 0 && verb >= mode - VerbReach && words[verb].Sentence == words[i].Sentence; verb--)
        {
            if ((Switches.Contains(words[verb].In(text)) || (isWithout && Starts.Contains(words[verb].In(text)))) && Mood.Of(words, verb, text) > 0)
            {
                hits.Add(InjectionRules.JailbreakMode, words[verb].Start, words[i].End);
                return;
            }
        }
    }

    // "developer mode", "modo desarrollador", "modo sin filtros": the last word of the name; -1 where it is that of a machine's mode.
    private static int EndOfName(ReadOnlySpan<Word> words, int mode, ReadOnlySpan<byte> text, out bool isWithout)
    {
        isWithout = mode + 2 < words.Length && words[mode + 2].Sentence == words[mode].Sentence && WordSets.IsWithout(words[mode + 1].In(text))
            && words[mode + 2].Is(Limit);
        var isBehind = mode + 1 < words.Length && words[mode + 1].Sentence == words[mode].Sentence && Names.Contains(words[mode + 1].In(text));
        return isWithout ? mode + 2 : Names.Contains(words[mode - 1].In(text)) ? mode : isBehind ? mode + 1 : -1;
    }
}
