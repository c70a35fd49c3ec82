using System.Text;

namespace LlmGuard.Scanning.Entities.Labelled;

/// <summary>
/// The name of a field whose value a number is: <c>"imsi": "..."</c>. What the field before it is called says nothing of the number.
/// </summary>
internal static class FieldNames
{
    private const int LongestName = 32;

    // Names that leave it to the field before what the value is: {"system": "phone", "value": "..."}.
    private static readonly byte[][] Open =
        [.. new[] { "value", "number", "content", "text", "data", "val", "num", "no" }.Select(Encoding.ASCII.GetBytes)];

    /// <summary>How far before a number its label may stand: as far as the name of its field, where that says what it is.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">Where the number starts.</param>
    /// <param name="reach">How far it may stand otherwise, in bytes.</param>
    public static int Reach(ref ScanText text, int at, int reach)
    {
        var end = text[at - 1] is '"' or '+' ? at - 2 : at - 1;
        end -= text[end] == '"' ? 1 : 0;
        end -= text[end] == ' ' ? 1 : 0;
        if (text[end] != ':' || text[end - 1] != '"')
        {
            return reach;
        }

        var start = end - 1;
        while (end - start <= LongestName && (AsciiByte.IsAlphanumeric(text[start - 1]) || text[start - 1] is '_' or '-' or '.' or ' '))
        {
            start--;
        }

        return text[start - 1] != '"' || LabelWords.IsOneOf(text.Bytes[start..(end - 1)], Open) ? reach : Math.Min(reach, at - start);
    }
}
