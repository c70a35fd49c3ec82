using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Scanning.Entities;

namespace LlmGuard.Scanning.Tests.Entities;

/// <summary>
/// What the sizes of groups rule out is what reading them rules out: near the end of a text, where too few bytes follow to look at a row, every
/// number is read.
/// </summary>
public sealed class DigitRowLawTests
{
    private static readonly (string Id, Detector Detector)[] Detectors = [.. EntityCatalog.Ids.Select(static id => (id, EntityCatalog.Find(id, 0)!))];

    private static readonly string[] Separators =
        [" ", " ", " ", "-", ".", "/", "  ", " - ", "(", ")", ") ", " (", "+", "\u2009", "\u00A0", "\u2011", ",", "\n", "A", "K", "x"];

    private static readonly string[] Words =
        ["tel ", "call me: ", "ssn ", "cvv ", "passport no ", "order ", "Main Street ", "Elm Ave, ", "A", "DE", "\u0442\u0435\u043B ", "00", "011 ",
            "+44 ", "4111 1111 1111 1111", "4111111111111111", "7 4111  1111  1111  1111", "12-4111 - 1111 - 1111 - 1111", "415 555 2671 ",
            "1 415 555 2671 "];

    private static Gen<string> Texts =>
        from first in Gen.OneOf(Gen.Constant(""), Gen.Elements(Words))
        from pieces in Gen.ArrayOf(Gen.OneOf(
            from size in Gen.Frequency((4, Gen.Choose(1, 4)), (1, Gen.Choose(5, 16)))
            from digits in Gen.ArrayOf(Gen.Elements("0123456789".ToCharArray()), size)
            from separator in Gen.Elements(Separators)
            select new string(digits) + separator,
            from digit in Gen.Elements("0146".ToCharArray())
            from size in Gen.Choose(1, 4)
            from count in Gen.Choose(2, 10)
            from separator in Gen.Elements(Separators)
            select string.Concat(Enumerable.Repeat(new string(digit, size) + separator, count)),
            Gen.Elements(Words)))
        select first + string.Concat(pieces);

    [FsCheck.NUnit.Property(MaxTest = 2000, Replay = "(29,7)")]
    public Property TryMatch_RowsOfNumbers_SameHoweverMuchFollows() => Prop.ForAll(Arb.From(Texts), static text =>
    {
        // Nothing goes on over a semicolon.
        var shortText = Encoding.UTF8.GetBytes(text + "\n;");
        var longText = Encoding.UTF8.GetBytes(text + "\n;" + new string(';', DigitRow.Width));
        for (var at = Math.Max(0, shortText.Length - DigitRow.Width + 1); at < shortText.Length; at++)
        {
            foreach (var (id, detector) in Detectors)
            {
                if (detector.IsTriggerAfter(ByteNeighbours.Of(at > 0 ? shortText[at - 1] : -1), shortText[at]))
                {
                    Assert.That(Match(detector, longText, at), Is.EqualTo(Match(detector, shortText, at)), () => $"{id} at {at} of {text}");
                }
            }
        }
    });

    [Test]
    public void Read_Row_TellsGroups()
    {
        var row = default(DigitRow);
        row.Read(Encoding.ASCII.GetBytes("4111 1111-12  5 abc" + new string(' ', DigitRow.Width)), 0);

        Assert.Multiple(() =>
        {
            Assert.That((row.First, row.Second), Is.EqualTo((4, 4)));
            Assert.That(row.HasGroups(3, 10), "three groups of ten digits, and then two spaces");
            Assert.That(row.HasGroups(3, 9), Is.False, "ten digits are more than nine");
            Assert.That(row.HasGroups(4, 64), Is.False, "what follows two spaces");
        });
    }

    private static (bool, int, int, int) Match(Detector detector, byte[] bytes, int at)
    {
        var text = new ScanText(bytes, isEnd: true);
        return detector.TryMatch(ref text, at, 0, out var start, out var end) ? (true, start, end, text.Confidence) : default;
    }
}
