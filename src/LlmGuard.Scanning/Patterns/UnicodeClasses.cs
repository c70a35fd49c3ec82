using System.Globalization;

namespace LlmGuard.Scanning.Patterns;

/// <summary>The general categories of Unicode by their short names.</summary>
internal static class UnicodeClasses
{
    private static readonly (string Name, UnicodeCategory Category)[] Names =
    [
        ("Lu", UnicodeCategory.UppercaseLetter), ("Ll", UnicodeCategory.LowercaseLetter), ("Lt", UnicodeCategory.TitlecaseLetter),
        ("Lm", UnicodeCategory.ModifierLetter), ("Lo", UnicodeCategory.OtherLetter), ("Mn", UnicodeCategory.NonSpacingMark),
        ("Mc", UnicodeCategory.SpacingCombiningMark), ("Me", UnicodeCategory.EnclosingMark), ("Nd", UnicodeCategory.DecimalDigitNumber),
        ("Nl", UnicodeCategory.LetterNumber), ("No", UnicodeCategory.OtherNumber), ("Pc", UnicodeCategory.ConnectorPunctuation),
        ("Pd", UnicodeCategory.DashPunctuation), ("Ps", UnicodeCategory.OpenPunctuation), ("Pe", UnicodeCategory.ClosePunctuation),
        ("Pi", UnicodeCategory.InitialQuotePunctuation), ("Pf", UnicodeCategory.FinalQuotePunctuation), ("Po", UnicodeCategory.OtherPunctuation),
        ("Sm", UnicodeCategory.MathSymbol), ("Sc", UnicodeCategory.CurrencySymbol), ("Sk", UnicodeCategory.ModifierSymbol),
        ("So", UnicodeCategory.OtherSymbol), ("Zs", UnicodeCategory.SpaceSeparator), ("Zl", UnicodeCategory.LineSeparator),
        ("Zp", UnicodeCategory.ParagraphSeparator), ("Cc", UnicodeCategory.Control),
        ("Cf", UnicodeCategory.Format), ("Co", UnicodeCategory.PrivateUse),
    ];

    /// <summary>The categories of a class such as <c>Lu</c> or <c>L</c>, or null when there is no such class.</summary>
    public static IReadOnlyList<UnicodeCategory>? Find(string name)
    {
        if (name == "Any")
        {
            return Enum.GetValues<UnicodeCategory>();
        }

        UnicodeCategory[] found = [.. Names.Where(n => n.Name == name || (name.Length == 1 && n.Name[0] == name[0])).Select(n => n.Category)];
        return found.Length == 0 ? null : found;
    }
}
