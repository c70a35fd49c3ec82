using System.Runtime.CompilerServices;
using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using static LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Overrides;

/// <content>Which ways of setting aside a text has the words for, and at which of its words.</content>
internal static partial class OverrideGrammar
{
    /// <summary>Ways of setting aside, each by the words that it takes.</summary>
    [Flags]
    internal enum Ways
    {
        None = 0,
        SetAside = 1 << 0,
        Dictate = 1 << 1,
        DropRole = 1 << 2,
        Disobey = 1 << 3,
        Name = 1 << 4,
        Void = 1 << 5,
        VoidAll = 1 << 6,
        Only = 1 << 7,
        Renew = 1 << 8,
    }

    /// <summary>The ways of setting aside that a text has the words for: most texts have them for none or few.</summary>
    /// <param name="all">The classes of all its words.</param>
    public static Ways WaysIn(WordClass all) =>
        (all.Has(Override | Drop) && all.Has(SetAside) ? Ways.SetAside : Ways.None)
        | (all.Has(Override) && all.Has(Reveal) && all.Has(And) ? Ways.Dictate : Ways.None)
        | (all.Has(Override | Drop | Stop | Invalid) && all.Has(Model) ? Ways.DropRole : Ways.None)
        | (all.Has(Obey) && all.Has(No | Stop | Third) && all.Has(SetAside) ? Ways.Disobey : Ways.None)
        | (all.Has(Override | Obey) && all.Has(Order) && all.Has(Your | Inner) ? Ways.Name : Ways.None)
        | (all.Has(Order | Text | Whole | Prior) && all.Has(Invalid | Obey) ? Ways.Void : Ways.None)
        | (all.Has(Whole) && all.Has(Told) && all.Has(You) ? Ways.VoidAll : Ways.None)
        | (all.Has(Only) && all.Has(Reveal) ? Ways.Only : Ways.None)
        | (all.Has(New) && (all.Has(Order | Text) || (all.Has(Your) && all.Has(Aux))) ? Ways.Renew : Ways.None);

    /// <summary>The words at which anything may be found, by what they are, the next one and those around them.</summary>
    /// <param name="words">The words.</param>
    /// <param name="ways">What <see cref="WaysIn"/> says of their text.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordPlaces.Places MayBe(in WordPlaces words, Ways ways)
    {
        var found = WordPlaces.Places.None;
        if ((ways & Ways.SetAside) != 0)
        {
            found |= words.Are(Override | Drop) & words.Near(SetAside);
        }

        if ((ways & Ways.Dictate) != 0)
        {
            found |= words.Are(Override) & words.Near(Reveal) & words.Near(And);
        }

        if ((ways & Ways.DropRole) != 0)
        {
            found |= words.Are(Override | Drop | Stop | Invalid) & words.Near(Model);
        }

        if ((ways & Ways.Disobey) != 0)
        {
            found |= words.Are(Obey) & words.Near(No | Stop | Third) & words.Near(SetAside);
        }

        if ((ways & Ways.Name) != 0)
        {
            found |= words.Are(Override | Obey) & words.Near(Order) & words.Near(Your | Inner);
        }

        if ((ways & Ways.Void) != 0)
        {
            found |= words.Are(Order | Text | Whole | Prior) & words.Near(Invalid | Obey);
        }

        if ((ways & Ways.VoidAll) != 0)
        {
            found |= words.Are(Whole) & words.Near(Told) & words.Near(You);
        }

        if ((ways & Ways.Only) != 0)
        {
            found |= words.Are(Only) & words.NextAre(Reveal);
        }

        if ((ways & Ways.Renew) != 0)
        {
            found |= words.Are(New) & (words.NextAre(Order | Text) | (words.Near(Your) & words.Near(Aux)));
        }

        return found;
    }
}
