using System.Runtime.CompilerServices;
using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using static LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Personas;

/// <content>Which words are worth a look. What <see cref="Take"/> asks for around a word must be asked for here as well, or less.</content>
internal partial struct PersonaSignals
{
    // What is a signal whatever stands around it.
    private const WordClass Plain = Model | Fiction | Harm | Unlimited | Jailbreak | Play | Limit | Refuse | Mode | Now | Output;

    /// <summary>Signals, each by the words that it takes.</summary>
    [Flags]
    internal enum Ways
    {
        None = 0,
        Alone = 1 << 0,
        Character = 1 << 1,
        Even = 1 << 2,
        Persona = 1 << 3,
        Override = 1 << 4,
        Anything = 1 << 5,
        Two = 1 << 6,
        Stake = 1 << 7,
        Kin = 1 << 8,
    }

    /// <summary>The signals that a text has the words for: most texts have them for few.</summary>
    /// <param name="all">The classes of all its words.</param>
    public static Ways WaysIn(WordClass all) =>
        (all.Has(Plain) ? Ways.Alone : Ways.None)
        | (all.Has(Character) && all.Has(Comply | Play | Stop) ? Ways.Character : Ways.None)
        | (all.Has(Even) && all.Has(Harm) ? Ways.Even : Ways.None)
        | (all.Has(Persona) && all.Has(Play | You | Mode | Model) ? Ways.Persona : Ways.None)
        | (all.Has(Override | Drop) && all.Has(Limit | Order) ? Ways.Override : Ways.None)
        | (all.Has(Anything) && all.Has(Comply | Play | Must | Aux) ? Ways.Anything : Ways.None)
        | (all.Has(Two) && all.Has(Output | Comply | Character) ? Ways.Two : Ways.None)
        | (all.Has(Stake) && all.Has(You | Refuse) ? Ways.Stake : Ways.None)
        | (all.Has(Kin) && all.Has(Dead) ? Ways.Kin : Ways.None);

    /// <summary>
    /// The words that may be a signal, by what stands around them: near most words of <see cref="Any"/>, nothing stands that they would need.
    /// </summary>
    /// <param name="words">The words.</param>
    /// <param name="ways">What <see cref="WaysIn"/> says of their text.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordPlaces.Places MayCount(in WordPlaces words, Ways ways)
    {
        var found = words.Are(Plain);
        if ((ways & Ways.Character) != 0)
        {
            found |= words.Are(Character) & words.Near(Comply | Play | Stop);
        }

        if ((ways & Ways.Even) != 0)
        {
            found |= words.Are(Even) & words.Near(Harm);
        }

        if ((ways & Ways.Persona) != 0)
        {
            found |= words.Are(Persona) & words.Before(Play | You | Mode | Model);
        }

        if ((ways & Ways.Override) != 0)
        {
            found |= words.Are(Override | Drop) & words.Near(Limit | Order);
        }

        if ((ways & Ways.Anything) != 0)
        {
            found |= words.Are(Anything) & words.Before(Comply | Play | Must | Aux);
        }

        if ((ways & Ways.Two) != 0)
        {
            found |= words.Are(Two) & words.Behind(Output | Comply | Character);
        }

        if ((ways & Ways.Stake) != 0)
        {
            found |= words.Are(Stake) & words.Near(You | Refuse);
        }

        if ((ways & Ways.Kin) != 0)
        {
            found |= words.Are(Kin) & words.Before(Dead);
        }

        return found;
    }
}
