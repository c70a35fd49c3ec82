namespace LlmGuard.Scanning.Entities.Emails;

/// <summary>The part of an address behind its sign, with points or words for them between its labels.</summary>
internal static class EmailDomain
{
    /// <summary>Most bytes from its start on that are read.</summary>
    public const int Longest = MaxDomain + MaxTopLevel;

    private const int MaxDomain = 255;
    private const int MaxTopLevel = 24;

    /// <summary>Whether a byte may be its first one.</summary>
    public static bool Begins(int b) => LabelWidth(b) > 0;

    /// <summary>Whether a byte may be one of it.</summary>
    public static bool IsPart(int b) => LabelWidth(b) > 0 || b is '.' or '[' or '(' or '{' or ' ' || AsciiByte.IsContinuation(b);

    /// <summary>The offset behind a domain, or 0 when there is none. What follows its top level joins it no further.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where it starts.</param>
    public static int EndOf(ref ScanText text, int start) => EndOf(ref text, start, out _);

    /// <summary>The same, which tells where its top level starts.</summary>
    public static int EndOf(ref ScanText text, int start, out int topLevel)
    {
        (var end, topLevel) = (0, 0);
        var label = start;
        while (label - start < MaxDomain)
        {
            var letters = 0;
            while (letters <= MaxTopLevel && AsciiByte.IsLetter(text[label + letters]))
            {
                letters++;
            }

            var length = letters is >= 2 and <= MaxTopLevel ? letters : text[label] >= 0x80 ? TopLevels.ForeignLengthAt(ref text, label) : 0;
            if (label > start && length > 0)
            {
                (end, topLevel) = (label + length, label);
            }

            var next = label + letters;
            while (next - start <= MaxDomain && LabelWidth(ref text, next) is > 0 and var width)
            {
                next += width;
            }

            var point = text[next] == '.' ? 1 : SpelledSigns.PointLengthAt(ref text, next);
            if (next == label || point == 0)
            {
                break;
            }

            label = next + point;
        }

        return end;
    }

    private static int LabelWidth(int b) =>
        AsciiByte.IsAlphanumeric(b) || b is '-' or '_' ? 1 : b is >= 0xC3 and <= 0xDF ? 2 : b is 0xE0 or 0xE1 or (>= 0xE3 and <= 0xED) ? 3 : 0;

    // Of the characters from U+3000 on the first are signs.
    private static int LabelWidth(ref ScanText text, int at) => text[at] == 0xE3 && text[at + 1] == 0x80 ? 0 : LabelWidth(text[at]);
}
