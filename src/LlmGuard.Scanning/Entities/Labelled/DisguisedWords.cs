using System.Text;
using LlmGuard.Scanning.Folding;
using LlmGuard.Scanning.Views;

namespace LlmGuard.Scanning.Entities.Labelled;

/// <summary>
/// Words of other scripts as they stand in a view: where something else in a text is disguised, their letters that look like Latin ones are Latin.
/// </summary>
internal static class DisguisedWords
{
    /// <summary>
    /// A word, and what a view makes of it if that is something else. What becomes a word of ASCII could stand anywhere, and is left out.
    /// </summary>
    public static IEnumerable<string> With(string word)
    {
        var folded = new StringBuilder();
        foreach (var rune in word.EnumerateRunes())
        {
            var entry = CasedFold.Find(rune.Value);
            folded.Append(entry > 0 ? new Rune(entry & ~FoldTable.KeptMark).ToString() : rune.ToString());
        }

        var view = folded.ToString();
        return view == word || Ascii.IsValid(view) ? [word] : [word, view];
    }
}
