using LlmGuard.Plugins.InjectionProtection.Prompts.Leaks;
using LlmGuard.Plugins.InjectionProtection.Prompts.Personas;
using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using LlmGuard.Plugins.InjectionProtection.Rules;
using static LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Overrides;

/// <summary>
/// Goes once through the few words that give away a pretext: that something is an order, that nothing holds back, that it is fine to tell, that
/// another mode is on. One walk for all of them, since most texts have none.
/// </summary>
internal static class Pretexts
{
    /// <param name="row">The words.</param>
    /// <param name="text">The text.</param>
    /// <param name="hits">Receives what is found.</param>
    public static void Find(WordRow row, ReadOnlySpan<byte> text, HitList hits)
    {
        var words = row.Words;
        foreach (var i in row.Of(Order | Limit | Secret | Data | Inner | Mode))
        {
            hits.Steps++;
            if (words[i].Is(Order))
            {
                PromotedText.Judge(words, i, text, hits);
                Preference.Judge(words, i, text, hits);
            }

            if (words[i].Is(Limit))
            {
                WithoutLimits.Judge(words, i, row.Near(i), text, hits);
            }

            if (words[i].Is(Secret | Order | Data | Inner))
            {
                GrantedLeak.Judge(words, i, text, hits);
            }

            if (words[i].Is(Mode))
            {
                ModeSwitch.Judge(words, i, text, hits);
            }
        }
    }
}
