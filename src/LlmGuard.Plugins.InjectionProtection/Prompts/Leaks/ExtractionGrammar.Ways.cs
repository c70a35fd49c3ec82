using System.Runtime.CompilerServices;
using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using static LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Leaks;

/// <content>Which ways of asking a text has the words for, and at which of its words.</content>
internal static partial class ExtractionGrammar
{
    /// <summary>Ways of asking, each by the words that it takes.</summary>
    [Flags]
    internal enum Ways
    {
        None = 0,
        Short = 1 << 0,
        Own = 1 << 1,
        Told = 1 << 2,
        Withheld = 1 << 3,
        Pointed = 1 << 4,
        Orders = 1 << 5,
        Slots = 1 << 6,
    }

    /// <summary>The ways of asking that a text has the words for: most texts have them for none or few.</summary>
    public static Ways WaysIn(WordRow row)
    {
        var all = row.All;
        return (row.Count <= Short && all.Has(Your) ? Ways.Short : Ways.None)
            | (all.Has(Your) && all.Has(Order | Inner) && all.Has(Text | Inner | Model) ? Ways.Own : Ways.None)
            | (all.Has(Order) && all.Has(Told) && all.Has(You) && all.Has(Exact) ? Ways.Told : Ways.None)
            | (all.Has(Question | Whole) && all.Has(Reveal) && all.Has(You) && all.Has(No) ? Ways.Withheld : Ways.None)
            | (all.Has(Reveal | Send) && all.Has(You | Your) && all.Has(Order) && all.Has(Inner) ? Ways.Pointed : Ways.None)
            | (all.Has(Reveal | Question) && all.Has(Order) && all.Has(You) ? Ways.Orders : Ways.None)
            | (all.Has(Reveal | Question) && all.Has(ExtractionSlots.Own) ? Ways.Slots : Ways.None);
    }

    /// <summary>The words at which anything may be found, by what they are and what stands around them.</summary>
    /// <param name="words">The words.</param>
    /// <param name="ways">What <see cref="WaysIn"/> says of their text.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordPlaces.Places MayBe(in WordPlaces words, Ways ways)
    {
        var found = WordPlaces.Places.None;
        if ((ways & Ways.Short) != 0)
        {
            found |= words.Are(Your);
        }

        if ((ways & Ways.Own) != 0)
        {
            found |= words.Are(Your) & words.Near(Order | Inner) & words.Near(Text | Inner | Model);
        }

        if ((ways & Ways.Told) != 0)
        {
            found |= words.Are(Order) & words.Near(Told) & words.Near(You) & words.Near(Exact);
        }

        if ((ways & Ways.Withheld) != 0)
        {
            found |= words.Are(Question | Whole) & words.Near(Reveal) & words.Near(You) & words.Near(No);
        }

        if ((ways & Ways.Pointed) != 0)
        {
            found |= words.Are(Reveal | Send) & words.Near(You | Your) & words.Near(Order) & words.Near(Inner);
        }

        if ((ways & Ways.Orders) != 0)
        {
            found |= words.Are(Reveal | Question) & words.Near(Order) & words.Near(You);
        }

        if ((ways & Ways.Slots) != 0)
        {
            found |= words.Are(Reveal | Question) & words.Near(ExtractionSlots.Own) & ExtractionSlots.MayHaveObject(words);
        }

        return found;
    }
}
