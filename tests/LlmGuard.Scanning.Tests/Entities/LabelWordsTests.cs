using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Scanning.Entities.Labelled;

namespace LlmGuard.Scanning.Tests.Entities;

/// <summary>Words before a number are found exactly where going back byte by byte and comparing finds them.</summary>
public sealed class LabelWordsTests
{
    private static readonly string[] Words = ["ssn", "phone*", "ph:", "d.o.b*", "ni number", "c.c.", "tel", "text me", "xy"];

    private static readonly LabelWords Labels = new(Words);

    private static readonly string[] Pieces =
        [.. Words.Select(static w => w.TrimEnd('*')), "SSN", "Phones", "telx", "xtel", "7tel", "t3l", "x1", "homePhone", "mySSN", "\u00E9tel",
            "D.O.B.", " ", " ", ": ", "\n", "12", "a", ".", "the words of a sentence", "\u4FE1"];

    [FsCheck.NUnit.Property(MaxTest = 500, Replay = "(5,23)")]
    public Property Precede_AnyText_IsWhatComparingSays() => Prop.ForAll(Arb.From(Texts), static bytes =>
    {
        var text = new ScanText(bytes, isEnd: true);
        foreach (var reach in new[] { 1, 20, 40, LabelWords.MaxReach })
        {
            for (var at = 0; at < bytes.Length; at++)
            {
                var expected = Compared(bytes, at, reach);
                Assert.That(Labels.Precede(ref text, at, reach), Is.EqualTo(expected >= 0), () =>
                    $"{at} of {Encoding.UTF8.GetString(bytes)} within {reach}");
                Assert.That(Labels.LastBefore(ref text, at, reach), Is.EqualTo(expected), () =>
                    $"{at} of {Encoding.UTF8.GetString(bytes)} within {reach}");
                Assert.That(Labels.MayPrecede(bytes, at, reach) || expected < 0, () =>
                    $"{at} of {Encoding.UTF8.GetString(bytes)} within {reach} is passed over");
            }
        }
    });

    private static Gen<byte[]> Texts =>
        from count in Gen.Choose(1, 16)
        from pieces in Gen.ArrayOf(Gen.Elements(Pieces), count)
        select Encoding.UTF8.GetBytes(string.Concat(pieces));

    private static int Compared(byte[] text, int at, int reach)
    {
        for (var offset = at - 1; offset >= Math.Max(0, at - reach) && text[offset] != '\n'; offset--)
        {
            if (AsciiByte.IsLetter(text[offset]) && StartsWord(text, offset) && Words.Any(word => Stands(text, offset, at, word)))
            {
                return offset;
            }
        }

        return -1;
    }

    private static bool StartsWord(byte[] text, int offset) => offset == 0 || !AsciiByte.IsAlphanumeric(text[offset - 1])
        || (AsciiByte.IsUpper(text[offset]) && AsciiByte.IsLower(text[offset - 1]));

    private static bool Stands(byte[] text, int offset, int at, string word)
    {
        var letters = word.TrimEnd('*');
        var end = offset + letters.Length;
        return end <= at && Encoding.Latin1.GetString(text, offset, letters.Length).Equals(letters, StringComparison.OrdinalIgnoreCase)
            && (word != letters || !char.IsAsciiLetter(letters[^1]) || end >= text.Length || !AsciiByte.IsLetter(text[end]));
    }
}
