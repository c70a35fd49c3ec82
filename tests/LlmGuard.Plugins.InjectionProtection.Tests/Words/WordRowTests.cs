using LlmGuard.Plugins.InjectionProtection.Prompts.Words;

namespace LlmGuard.Plugins.InjectionProtection.Tests.Words;

/// <summary>What a row of words answers for eight words at once is what looking at one word after the other tells.</summary>
public sealed class WordRowTests
{
    private static readonly WordClass[] Asked =
        [WordClass.Override, WordClass.Order | WordClass.Text, WordClass.You | WordClass.Your | WordClass.Tool, WordClass.No];

    [Test]
    public void PlacesFrom_RowsOfAnyLength_AnswerAsTheWordsAroundEachDo()
    {
        var random = new Random(1);
        var row = new WordRow();
        foreach (var count in Enumerable.Range(1, 80).Concat([255, 256, 257, 1000]))
        {
            var classes = Fill(row, count, random);
            for (var i = 0; i < count; i++)
            {
                Assert.That(row.Near(i), Is.EqualTo(Union(classes, i - WordRow.Before, i + WordRow.Behind)), $"near word {i} of {count}");
                foreach (var asked in Asked)
                {
                    Check(row.PlacesFrom(i), classes, i, asked);
                }
            }
        }
    }

    [Test]
    public void All_RowsOfAnyLength_IsWhatAnyWordIs()
    {
        var random = new Random(6);
        var row = new WordRow();
        foreach (var count in Enumerable.Range(0, 40).Concat([255, 256, 257, 3]))
        {
            var classes = Fill(row, count, random);
            Assert.That(row.All, Is.EqualTo(Union(classes, 0, count - 1)), $"{count} words");
            for (var i = 0; i <= count; i++)
            {
                Assert.That(row.InFrontOf(i), Is.EqualTo(Union(classes, i - WordRow.Before, i - 1)), $"in front of word {i} of {count}");
                Assert.That(row.From(i), Is.EqualTo(Union(classes, i, i + WordRow.Behind - 1)), $"from word {i} of {count}");
            }
        }

        row.Clear();
        Assert.That(row.All, Is.EqualTo(WordClass.None));
    }

    [Test]
    public void Places_Joined_AreThoseInBothOrInEither()
    {
        var random = new Random(2);
        var row = new WordRow();
        var classes = Fill(row, 64, random);
        for (var i = 0; i < 64; i++)
        {
            var places = row.PlacesFrom(i);
            var (one, other) = (places.Are(WordClass.Order), places.Near(WordClass.Override));
            Assert.That((one & other).Bits, Is.EqualTo(one.Bits & other.Bits), $"word {i}");
            Assert.That((one | other).Bits, Is.EqualTo(one.Bits | other.Bits), $"word {i}");
            Assert.That((one | WordPlaces.Places.None).Bits, Is.EqualTo(one.Bits), $"word {i}");
        }
    }

    [Test]
    public void PlacesFrom_ShorterRowThanBefore_KnowsNothingOfTheOneBefore()
    {
        var row = new WordRow();
        Fill(row, 100, new Random(3));
        Fill(row, 3, new Random(4), static _ => WordClass.None);
        Assert.That(row.PlacesFrom(0).Near((WordClass)(-1)).Bits & 0b111, Is.Zero);
        Assert.That(row.PlacesFrom(0).Are((WordClass)(-1)).Bits, Is.Zero);
    }

    [Test]
    public void PlacesFrom_BehindTheLastWord_Throws()
    {
        var row = new WordRow();
        Fill(row, 3, new Random(5));
        Assert.That(() => { row.PlacesFrom(3); }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => { row.PlacesFrom(-1); }, Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static void Check(WordPlaces places, WordClass[] classes, int i, WordClass asked)
    {
        var (are, next, near, before, behind) =
            (places.Are(asked).Bits, places.NextAre(asked).Bits, places.Near(asked).Bits, places.Before(asked).Bits, places.Behind(asked).Bits);
        for (var n = 0; n < WordPlaces.Width && i + n < classes.Length; n++)
        {
            var at = i + n;
            Assert.That(Bit(are, n), Is.EqualTo(Has(classes, at, at, asked)), $"{asked}: word {at}");
            Assert.That(Bit(next, n), Is.EqualTo(Has(classes, at + 1, at + 1, asked)), $"{asked}: behind word {at}");
            Assert.That(Bit(near, n), Is.EqualTo(Has(classes, at - WordRow.Before, at + WordRow.Behind, asked)), $"{asked}: near word {at}");
            Assert.That(Bit(before, n), Is.EqualTo(Has(classes, at - WordPlaces.Few, at - 1, asked)), $"{asked}: some before word {at}");
            Assert.That(Bit(behind, n), Is.EqualTo(Has(classes, at + 1, at + WordPlaces.Few, asked)), $"{asked}: some behind word {at}");
        }
    }

    private static WordClass[] Fill(WordRow row, int count, Random random) =>
        Fill(row, count, random, static r => r.Next(4) == 0 ? (WordClass)(1L << r.Next(63)) : WordClass.None);

    private static WordClass[] Fill(WordRow row, int count, Random random, Func<Random, WordClass> next)
    {
        row.Clear();
        var classes = new WordClass[count];
        for (var i = 0; i < count; i++)
        {
            classes[i] = next(random);
            row.Add(new Word(classes[i], i, i + 1, 0, false, false));
        }

        row.Seal();
        return classes;
    }

    private static bool Bit(uint bits, int n) => (bits >> n & 1) != 0;

    private static bool Has(WordClass[] classes, int from, int to, WordClass asked) => (Union(classes, from, to) & asked) != WordClass.None;

    private static WordClass Union(WordClass[] classes, int from, int to)
    {
        var union = WordClass.None;
        for (var i = Math.Max(0, from); i <= to && i < classes.Length; i++)
        {
            union |= classes[i];
        }

        return union;
    }
}
