using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Tests.Entities;

public sealed class OpeningSetsTests
{
    // Every single byte by itself, and nothing at all: rows of letters and digits are told from bits, not from the bytes they stand for.
    [Test]
    public void FitRow_PlaceOfOneByte_FitsWhereTheByteIsALetterOrDigit()
    {
        var wrong = new List<string>();
        for (var value = 0; value < 256; value++)
        {
            for (var place = 0; place < Opening.Length; place++)
            {
                var only = value;
                var kinds = Enumerable.Range(0, Opening.Length).Select(Func<int, bool> (at) => at == place ? b => b == only : b => true).ToArray();
                Compare(new Opening(kinds), $"{value} at {place}");
            }

            Compare(new Opening { Before = b => b == value }, $"{value} before");
        }

        Compare(new Opening { Before = static b => b == -1 }, "the start before");
        Compare(new Opening(static _ => false), "nothing");
        Assert.That(wrong, Is.Empty);

        void Compare(Opening opening, string what)
        {
            var sets = new OpeningSets(opening);
            wrong.AddRange(Enumerable.Range(0, Opening.Length + 2).Where(length => sets.FitRow(length) != FitPlainly(opening, length))
                .Select(length => $"{what}, {length} bytes before the end"));
        }
    }

    private static bool FitPlainly(Opening opening, int length) =>
        (opening.Before(-1) || Alphanumerics.Any(opening.Before))
        && Enumerable.Range(0, Opening.Length).All(place =>
            place < length ? Alphanumerics.Any(value => opening.Takes(place, value)) : opening.Takes(place, -1));

    private static IEnumerable<int> Alphanumerics => Enumerable.Range(0, 128).Where(static value => char.IsAsciiLetterOrDigit((char)value));
}
