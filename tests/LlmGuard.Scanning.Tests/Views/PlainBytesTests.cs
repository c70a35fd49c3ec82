using System.Text;
using LlmGuard.Scanning.Entities;
using LlmGuard.Scanning.Entities.Openings;
using LlmGuard.Scanning.Prefilter;
using LlmGuard.Scanning.Tests.Entities;
using LlmGuard.Scanning.Views;
using LlmGuard.Tests.Fuzzing;

namespace LlmGuard.Scanning.Tests.Views;

/// <summary>
/// Pieces of an answer that are a few plain words are passed over: with the same result, and the same behind them, as by the long way.
/// </summary>
[NonParallelizable]
public sealed class PlainBytesTests
{
    private static readonly int Texts = FuzzBudget.Of(400);

    private static readonly string[] Words =
    [
        " the", " harbour", " lay", " quiet", ",", ".", " and", " it's", " well-known", " a", " I", ": ", "; ", "\n", "\n\n- ", "\t", "\r\n", " (",
            ")", " \"", "\" ", "-", "_", "~", "+", "'",
        " 1987", " 12.5", "%", " 40%", " %4", "1", "&", "amp;", "\\", "\\n", "\\u00", "61", "é", " 信", "\u200B", "\u007F", " password", " is", "=",
            ":", " key", " sk-", "AKIA", "@", "[at]", " to",
        " 4111 1111", " 1111 1111", "aGVsbG8gd2", "9ybGQgYWdh", "aW4", " 53336", "2d32322d38373134", "Q~", " /etc/", "shadow", " https://", "://",
            "user:", "x", "yz", " passphrase", " joe", ".com",
    ];

    private static readonly ScanPlan Plan = Scans.Entities(ScanViews.All, EntityCatalog.Ids);

    [TearDown]
    public void UseAllVectors() => Simd.Level = SimdLevel.Bits512;

    [TestCase(SimdLevel.Bits256)]
    [TestCase(SimdLevel.Bits512)]
    public void Advance_AnyPieces_IsTheSameAsByTheLongWay(object level)
    {
        var random = new Random(61);
        string[] samples = [.. EntityCatalog.Ids.SelectMany(Samples.Of)];
        for (var i = 0; i < Texts; i++)
        {
            var text = new StringBuilder(random.Next(4) > 0 ? new string('.', random.Next(60, 90)) + " " : "");
            while (text.Length < 300)
            {
                text.Append(random.Next(12) == 0 ? samples[random.Next(samples.Length)] : Words[random.Next(Words.Length)]);
            }

            AssertSame((SimdLevel)level, Encoding.UTF8.GetBytes(text.ToString()), random);
        }
    }

    [Test]
    public void Scan_AnyShortRow_IsTheSameAsInPieces()
    {
        var random = new Random(79);
        string[] pieces =
            [.. EntityCatalog.Ids.SelectMany(Samples.Of).SelectMany(static s => s.Split(' ', '-', '.', ':', '"')).Where(static s =>
            s.Length is > 1 and < 12), "key", "pin", "v4", "ip"];
        var found = 0;
        for (var i = 0; i < 40 * Texts; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => "abcxyzABCXYZ0123456789"[random.Next(22)]));
            text = random.Next(3) == 0 ? pieces[random.Next(pieces.Length)] + text[..random.Next(Math.Min(3, text.Length))] : text;
            var bytes = Encoding.UTF8.GetBytes(text);
            found += Scans.Spans(Plan, bytes).Count;
            Cuts.AssertEqualWhole(Plan, bytes, [bytes.Length / 2]);
        }

        Assert.That(found, Is.GreaterThan(Texts / 10), "some of them mean something");
    }

    [Test]
    public void Scan_SessionThatHasSeenOtherTexts_IsTheSameAsOfANewOne()
    {
        var random = new Random(83);
        string[] samples = [.. EntityCatalog.Ids.SelectMany(Samples.Of), "aGVsbG8gd2Fz", "row7", "b2", "an&amp;n@example.com", "x\u200By"];
        var (session, spans, expected) = (Plan.NewSession(), new List<ScanSpan>(), new List<ScanSpan>());
        for (var i = 0; i < 10 * Texts; i++)
        {
            var text = Encoding.UTF8.GetBytes(random.Next(2) == 0 ? samples[random.Next(samples.Length)] : "row" + random.Next());
            session.Scan(text, spans);
            Plan.NewSession().Scan(text, expected);
            Assert.That(spans, Is.EqualTo(expected), () => Encoding.UTF8.GetString(text));
        }
    }

    [Test]
    public void AreWords_AnyBytes_IsWhatAReaderSays()
    {
        var random = new Random(67);
        var said = 0;
        for (var i = 0; i < 100 * Texts; i++)
        {
            var text =
                Encoding.UTF8.GetBytes(
                string.Concat(Enumerable.Range(0, random.Next(10, 40)).Select(_ => Words[random.Next(random.Next(2) == 0 ? 20 : Words.Length)])));
            var from = text.Length - random.Next(Math.Min(text.Length, 70));
            var are = PlainBytes.AreWords(text, from, out var words);
            if (!are)
            {
                continue;
            }

            said++;
            var rest = text[from..];
            Assert.That(EscapeSigns.LengthOfPlain([.. rest, (byte)' ']), Is.EqualTo(rest.Length + 1));
            Assert.That(rest, Has.None.EqualTo((byte)'%').And.None.EqualTo((byte)'&').And.None.EqualTo((byte)'\\'));
            Assert.That(words.Row, Is.EqualTo(EncodedRuns.Find(text, from)), "no row is decoded, and the last one is found");
            Assert.That(words.Within, Is.EqualTo(Within(text)), "letters behind letters");
        }

        Assert.That(said, Is.GreaterThan(10 * Texts), "it tells plain words");
    }

    [Test]
    public void Any_AnyPiece_IsWhetherThereIsAStop()
    {
        var random = new Random(71);
        var table = new EntityTable([.. EntityCatalog.Ids.Select(static (id, number) => (EntityCatalog.Find(id)!, number))]);
        var (none, some) = (0, 0);
        for (var i = 0; i < 20 * Texts; i++)
        {
            var text =
                Encoding.UTF8.GetBytes(new string(' ', 64) + string.Concat(Enumerable.Range(0, 8).Select(_ => Words[random.Next(Words.Length)])));
            var from = random.Next(1, text.Length);
            var until = random.Next(from, text.Length + 1);
            var stops = new EntityStops(table, text, isEnd: false, from, until, new ushort[EntityStops.Room]);
            var steps = 0L;
            var isAny = EntityStops.Any(table, text, from, until, random.Next(2) == 0 ? 0 : Within(text), ref steps);
            var isStop = stops.MoveNext();
            Assert.That(isAny || !isStop, () => $"{from} to {until} in {Encoding.UTF8.GetString(text)}");
            Assert.That(!isAny || isStop || until - from > WideOpeningTables.Judged, () => $"{from} to {until} in {Encoding.UTF8.GetString(text)}");
            (none, some) = isAny ? (none, some + 1) : (none + 1, some);
        }

        Assert.That(Math.Min(none, some), Is.GreaterThan(Texts), "both are met");
    }

    [Test]
    public void EarliestStart_BehindWhiteSpace_IsBehindIt()
    {
        var random = new Random(73);
        var table = new EntityTable([.. EntityCatalog.Ids.Select(static (id, number) => (EntityCatalog.Find(id, least: 1)!, number))]);
        Assert.That(table.EarlyStarters, Is.Not.Empty);
        foreach (var detector in table.EarlyStarters)
        {
            var earlier = 0;
            for (var i = 0; i < Texts; i++)
            {
                var word =
                    Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(9)).Select(_ => Words[random.Next(Words.Length)].Trim())));
                for (var white = 0; white <= ' '; white++)
                {
                    var text = new ScanText([.. "joe.bloggs"u8, (byte)white, .. word], isEnd: false);
                    var start = detector.EarliestStart(ref text, text.Length, 0);
                    Assert.That(start, Is.GreaterThan("joe.bloggs".Length), () => $"{detector} {white}: {Encoding.UTF8.GetString(word)}");
                    earlier += start < text.Length ? 1 : 0;
                }
            }

            Assert.That(earlier, Is.GreaterThan(Texts), "it looks back");
        }
    }

    /// <summary>Which of the last 64 bytes are letters behind letters.</summary>
    private static ulong Within(byte[] text)
    {
        var within = 0UL;
        for (var at = Math.Max(1, text.Length - PlainWords.Told + 1); at < text.Length; at++)
        {
            var bit = 1UL << (at - text.Length + PlainWords.Told);
            within |= char.IsAsciiLetter((char)text[at]) && char.IsAsciiLetter((char)text[at - 1]) ? bit : 0;
        }

        return within;
    }

    private static void AssertSame(SimdLevel level, byte[] text, Random random)
    {
        var (quick, slow) = (Plan.NewSession(), Plan.NewSession());
        var (ofQuick, ofSlow) = (new List<ScanSpan>(), new List<ScanSpan>());
        var released = 0;
        for (var end = 0; end < text.Length;)
        {
            end = Math.Min(text.Length, end + random.Next(1, random.Next(2) == 0 ? 8 : 40));
            while (end < text.Length && AsciiByte.IsContinuation(text[end]))
            {
                end++;
            }

            var context = Math.Min(released, ScanPlan.Left);
            var pending = text.AsSpan(released - context, end - released + context);
            var isEnd = end == text.Length;
            var (byQuick, bySlow) =
                (Advance(level, quick, pending, context, isEnd, ofQuick), Advance(SimdLevel.Bits128, slow, pending, context, isEnd, ofSlow));
            Assert.That(byQuick, Is.EqualTo(bySlow), () => $"{end} of {Encoding.UTF8.GetString(text)}");
            Assert.That(ofQuick, Is.EqualTo(ofSlow), () => $"{end} of {Encoding.UTF8.GetString(text)}");
            if (byQuick < 0)
            {
                return;
            }

            released += byQuick - context;
        }
    }

    private static int Advance(SimdLevel level, ScanSession session, ReadOnlySpan<byte> pending, int context, bool isEnd, List<ScanSpan> spans)
    {
        Simd.Level = level;
        try
        {
            return session.Advance(pending, context, isEnd, spans);
        }
        catch (ScanBoundException bound)
        {
            return -1 - (int)bound.Bound;
        }
    }
}
