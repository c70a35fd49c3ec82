using System.Runtime.CompilerServices;
using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using static LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Personas;

/// <content>Which words are worth a look. What <see cref="Take"/> asks for around a word must be asked for here as well, or less.</content>
internal partial struct PersonaSignals
{
    /// <summary>
    /// The words that may be a signal, by what stands around them: near most words of <see cref="Any"/>, nothing stands that they would need.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordPlaces.Places MayCount(in WordPlaces words) =>
        words.Are(Model | Fiction | Harm | Unlimited | Jailbreak | Play | Limit | Refuse | Mode | Now | Output)
        | (words.Are(Character) & words.Near(Comply | Play | Stop))
        | (words.Are(Even) & words.Near(Harm))
        | (words.Are(Persona) & words.Before(Play | You | Mode | Model))
        | (words.Are(Override | Drop) & words.Near(Limit | Order))
        | (words.Are(Anything) & words.Before(Comply | Play | Must | Aux))
        | (words.Are(Two) & words.Behind(Output | Comply | Character))
        | (words.Are(Stake) & words.Near(You | Refuse))
        | (words.Are(Kin) & words.Before(Dead));
}
