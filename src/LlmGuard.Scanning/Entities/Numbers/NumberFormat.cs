using LlmGuard.Scanning.Entities.Labelled;
using LlmGuard.Scanning.Entities.Openings;
using LlmGuard.Scanning.Entities.Phones;

namespace LlmGuard.Scanning.Entities.Numbers;

/// <summary>A kind of number that is written in a few known ways.</summary>
/// <param name="name">What it is.</param>
/// <param name="layouts">
/// The ways it is written, with bars between: <c>9</c> a digit, <c>A</c> a letter, <c>X</c> either, <c>o</c> a digit or a letter that stands for one
/// in Italy, <c>~</c> a space, a hyphen or nothing (the same throughout), <c>{8-20}</c> after one of these a range of lengths, anything else itself.
/// </param>
/// <param name="check">Its check, or null when it has none.</param>
/// <param name="bare">How sure it is without a word before it, when it is written without separators.</param>
/// <param name="words">The words before it that say what it is, with bars between.</param>
internal sealed class NumberFormat(string name, string layouts, NumberCheck? check, byte bare, string words)
{
    private static readonly string[] Separators = ["", " ", "-"];

    private readonly LabelWords _words = new(words.Split('|', StringSplitOptions.RemoveEmptyEntries));

    public string Name => name;

    /// <summary>Whether there are check digits.</summary>
    public bool IsChecked => check is not null;

    /// <summary>Whether it is found only after a word that says what it is.</summary>
    public bool NeedsWord => bare == 0;

    /// <summary>How sure it is without a word before it, when it is written with its usual separators.</summary>
    public byte Grouped { get; init; } = Math.Max(bare, check is null ? bare : Confidence.Medium);

    /// <summary>What must hold where one begins, or null: what is nothing without a word before it need not be looked at where none can be.</summary>
    public OpeningCondition? Condition => bare == 0 && Grouped == 0 ? MayBeNamed : null;

    /// <summary>How far before it the words may stand, in bytes.</summary>
    public int Reach { get; init; } = 40;

    /// <summary>Whether small letters count as capitals.</summary>
    public bool AnyCase { get; init; }

    /// <summary>The ways it is written, each without choices.</summary>
    public IEnumerable<string> Layouts => layouts.Split('|').SelectMany(Lengths).SelectMany(static layout =>
        layout.Contains('~', StringComparison.Ordinal)
            ? Separators.Select(separator => layout.Replace("~", separator, StringComparison.Ordinal))
            : [layout]).Distinct();

    /// <summary>Whether characters without separators have the right check digits.</summary>
    public bool Passes(ReadOnlySpan<byte> characters) => check is null || check(characters);

    /// <summary>
    /// How sure it is that characters at an offset are such a number; 0 when they are not, or when that could not be as sure as is asked.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The offset.</param>
    /// <param name="characters">The characters without separators.</param>
    /// <param name="isGrouped">Whether they are written with separators.</param>
    /// <param name="least">How sure it has to be: what is less is not told from nothing, so that numbers need not be checked in vain.</param>
    public byte Judge(ref ScanText text, int at, scoped ReadOnlySpan<byte> characters, bool isGrouped, int least)
    {
        var own = isGrouped ? Grouped : bare;
        var isNamed = own < Confidence.Certain && _words.Precede(ref text, at, Reach);
        var confidence = !isNamed ? own : check is null ? Confidence.High : Confidence.Certain;
        if (confidence < Math.Max(least, 1))
        {
            return 0;
        }

        text.Steps += check is null ? 0 : characters.Length;
        if (!Passes(characters))
        {
            return 0;
        }

        // A telephone number has the right check digit by chance once in ten, and only its own word says more than that of a telephone.
        return !isNamed && own <= Confidence.Medium && (characters.Length is 9 or 10 || (!isGrouped && characters.Length is > 10 and <= 13))
            && (Labels.Telephone.Precede(ref text, at, Labels.OtherReach) || Labels.SomeNumber.Precede(ref text, at, Labels.OtherReach)
                || ForeignPhoneLabels.Precede(ref text, at))
            ? (byte)0
            : confidence;
    }

    private bool MayBeNamed(ReadOnlySpan<byte> text, int at) => _words.MayPrecede(text, at, Reach);

    private static IEnumerable<string> Lengths(string layout)
    {
        var open = layout.IndexOf('{', StringComparison.Ordinal);
        if (open < 0)
        {
            return [layout];
        }

        var close = layout.IndexOf('}', open);
        var range = layout[(open + 1)..close].Split('-').Select(int.Parse).ToArray();
        return Enumerable.Range(range[0], range[^1] - range[0] + 1)
            .SelectMany(count => Lengths(layout[..(open - 1)] + new string(layout[open - 1], count) + layout[(close + 1)..]));
    }
}
