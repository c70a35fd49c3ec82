using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Scanning.Entities;
using LlmGuard.Scanning.Prefilter;
using LlmGuard.Scanning.Tests.Entities;
using LlmGuard.Scanning.Tests.Quality;
using LlmGuard.Scanning.Views;

namespace LlmGuard.Scanning.Tests.Views;

/// <summary>What is found in a view is the same whether or not what it has in common with the text is judged again.</summary>
[NonParallelizable]
public sealed class SeenTextTests
{
    private static readonly string[] Pieces =
    [
        .. EntityCatalog.Ids.SelectMany(Samples.Of), .. Words(), .. Words(),
            "the words of a longer sentence about nothing that anybody looks for, with some more of them ",
        "account 12 of them, then another plain line of text without a number\n", "\u00E9", "na\u00EFve ", "e\u0301", "\u200B", "\u2019", "\uFF14",
            "\\u0041", "%40", "&#64;", "\uFE0F",
        " ", " ", "\n", "a", "7", "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz0123456789",
    ];

    private static readonly EntityTable Table =
        new([.. EntityCatalog.Ids.Select(static (id, number) => (EntityCatalog.Find(id, least: 1)!, number))]);

    [TearDown]
    public void UseAllVectors() => Simd.Level = SimdLevel.Bits512;

    [FsCheck.NUnit.Property(MaxTest = 600, Replay = "(61,3)")]
    public Property Find_AnyText_IsWhatAWholeScanFinds() => Prop.ForAll(Arb.From(Texts()), static t =>
    {
        foreach (var level in new[] { SimdLevel.Scalar, SimdLevel.Bits256, SimdLevel.Bits512 })
        {
            Simd.Level = level;
            _ = Compare(t.Bytes, t.Context, t.IsEnd);
        }
    });

    [Test]
    public void Find_RowsOfTheCorpus_IsWhatAWholeScanFinds()
    {
        Corpus.AssumePresent();
        var (seen, whole) = (0L, 0L);
        foreach (var text in Corpus.Texts())
        {
            var steps = Compare(Encoding.UTF8.GetBytes(text), 0, isEnd: true);
            (seen, whole) = (seen + steps.Seen, whole + steps.Whole);
        }

        Assert.That(seen, Is.LessThan(whole));
    }

    [Test]
    public void Find_OneChangeInALongText_AsksOnlyAroundItAndWhereDetectorsWereAsked()
    {
        var line = "account 12 and \"quoted\" words, colour = blue and sum = 2026 in a line of text: nothing\n";
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(line, 200)) + "caf\u00E9 " + string.Concat(Enumerable.Repeat(line, 200)));

        var (seen, whole) = Compare(text, 0, isEnd: true);

        Assert.That(whole, Is.GreaterThan(0));
        Assert.That(seen, Is.LessThan(whole));
    }

    private static (long Seen, long Whole) Compare(byte[] text, int context, bool isEnd)
    {
        var view = new NormalisedView(int.MaxValue);
        var window = new ScanWindow(text, context, 0, isEnd);
        try
        {
            view.Take(window);
        }
        catch (ScanBoundException)
        {
            return default;
        }

        if (!view.IsActive)
        {
            return default;
        }

        var (first, second, alone) = (new EntityMatcher(Table), new EntityMatcher(Table), new EntityMatcher(Table));
        var (inView, expected) = (new List<Candidate>(), new List<Candidate>());
        second.Follow(view.Text, first);
        _ = first.Find(window, []);
        var from = view.Text.FirstFrom(context);
        view.Text.Forget(from - ScanPlan.Left);
        var windowOfView = new ScanWindow(view.Text.Bytes, (int)(from - view.Text.Origin), view.Text.Origin, isEnd);
        var open = second.Find(windowOfView, inView);

        Assert.That(open, Is.EqualTo(alone.Find(windowOfView, expected)), () => Encoding.UTF8.GetString(text));
        Assert.That(inView, Is.EqualTo(expected), () => Encoding.UTF8.GetString(text));
        return (second.Steps, alone.Steps);
    }

    private static Gen<(byte[] Bytes, int Context, bool IsEnd)> Texts() =>
        from size in Gen.Choose(1, 40)
        from parts in Gen.ArrayOf(Gen.Elements(Pieces), size)
        let bytes = Encoding.UTF8.GetBytes(string.Concat(parts))
        from cut in Gen.Choose(0, 3 * bytes.Length)
        from isEnd in Gen.Elements(true, false)
        select (bytes, cut < bytes.Length && !AsciiByte.IsContinuation(bytes[cut]) ? cut : 0, isEnd);

    private static string[] Words() =>
        [.. "card iban born on the passport no is of and phone: account password = \" secret api_key : token zip plate".Split(' ').Select(static w =>
        w + " ")];
}
