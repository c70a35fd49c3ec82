using System.Numerics;
using System.Runtime.CompilerServices;
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
        // Most texts have the words for none.
        var all = row.All;
        if (!all.Has(Order | Mode) && !(all.Has(Limit) && all.Has(No | When)) && !(all.Has(Secret | Data | Inner) && all.Has(Reveal | Send)))
        {
            return;
        }

        for (var first = 0; first < row.Count; first += WordPlaces.Width)
        {
            for (var found = MayBe(row.PlacesFrom(first)).Bits; found != 0; found &= found - 1)
            {
                hits.Steps++;
                var i = first + BitOperations.TrailingZeroCount(found);
                Judge(row.Words, i, row.Near(i), text, hits);
            }
        }
    }

    /// <summary>The words at which anything may be found, by what they are and what stands around them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordPlaces.Places MayBe(in WordPlaces words) =>
        words.Are(Order | Mode) | (words.Are(Limit) & words.Near(No | When)) | (words.Are(Secret | Data | Inner) & words.Before(Reveal | Send));

    private static void Judge(ReadOnlySpan<Word> words, int i, WordClass near, ReadOnlySpan<byte> text, HitList hits)
    {
        if (words[i].Is(Order))
        {
            PromotedText.Judge(words, i, text, hits);
            Preference.Judge(words, i, text, hits);
        }

        if (words[i].Is(Limit))
        {
            WithoutLimits.Judge(words, i, near, text, hits);
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
