using System.Text;
using System.Text.Json;
using LlmGuard.Http.Wire.Streams.Live.Framing;
using LlmGuard.Tests.Fuzzing;

namespace LlmGuard.Http.Tests.Streams.Framing;

/// <summary>A JSON array cut into its items, against a reader that has all of it.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class ArrayFramingTests
{
    private static readonly string[] Values =
    [
        "1", "-2.5e3", "true", "null", "\"\"", "\"a\"", "\"]\"", "\"\\\"\"", "\"\\\\\"", "\"\\u005d,\"", "{}", "[]", "[[],{}]",
            "{\"a\":[1,{\"b\":\"}]\"}]}", "{\"❤\":\"😀\\\\\"}", "[ \"[\" , 1 ]",
    ];

    private static readonly string[] Blanks = ["", " ", "\r\n", "\n\t "];

    [Test]
    public void TryNext_GeneratedArrays_CutsWhatAReaderOfTheWholeFinds()
    {
        var random = new Random(20_261);
        for (var run = 0; run < Runs; run++)
        {
            var items = Enumerable.Range(0, random.Next(6)).Select(_ => Values[random.Next(Values.Length)]).ToArray();
            var array = Blank() + "[" + string.Join(",", items.Select(i => Blank() + i + Blank())) + Blank() + "]" + Blank();
            var bytes = Encoding.UTF8.GetBytes(array);
            Assert.That(Cut(bytes, [], out _), Is.EqualTo(items), array);
            Assert.That(Cut(bytes, Enumerable.Range(1, bytes.Length - 1), out var left), Is.EqualTo(items), array);
            Assert.That(left, Is.EqualTo(array), "frames are all of the stream, in its order");
            Assert.That(Cut(bytes, Enumerable.Range(0, 4).Select(_ => random.Next(bytes.Length)).Order(), out _), Is.EqualTo(items), array);
        }

        string Blank() => Blanks[random.Next(Blanks.Length)];
    }

    [TestCase("")]
    [TestCase(" ")]
    [TestCase("[")]
    [TestCase("[1")]
    [TestCase("[1,")]
    [TestCase("[1,]")]
    [TestCase("[,1]")]
    [TestCase("[1 2]")]
    [TestCase("[{}{}]")]
    [TestCase("[1]]")]
    [TestCase("[1],")]
    [TestCase("[1][2]")]
    [TestCase("[1]{\"a\":1}")]
    [TestCase("{\"a\":1}")]
    [TestCase("\"a\"")]
    [TestCase("[\"a]")]
    [TestCase("[\"a\\")]
    [TestCase("[:1]")]
    [TestCase("[}]")]
    [TestCase("\uFEFF[1]")]
    public void TryNext_WhatIsNoArray_Fails(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        foreach (var cuts in (IEnumerable<int>[])[[], Enumerable.Range(1, Math.Max(0, bytes.Length - 1))])
        {
            var framing = new ArrayFraming();
            Feed(framing, bytes, cuts, []);
            Assert.That(framing.Failure, Is.EqualTo(FailureReasons.Undecodable), text);
        }
    }

    [Test]
    public void TryNext_AnyBytes_NeverCutsOtherwiseThanByteByByte()
    {
        var random = new Random(20_262);
        for (var run = 0; run < Runs; run++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 24)).Select(_ => "[]{},:\"\\ 1a\n"[random.Next(12)]));
            var bytes = Encoding.UTF8.GetBytes("[" + text);
            ArrayFraming atOnce = new(), slowly = new();
            List<string> first = [], second = [];
            Feed(atOnce, bytes, [], first);
            Feed(slowly, bytes, Enumerable.Range(1, bytes.Length - 1), second);
            Assert.That(second, Is.EqualTo(first), text);
            Assert.That(slowly.Failure, Is.EqualTo(atOnce.Failure), text);
            Assert.That(atOnce.Failure is null, Is.EqualTo(IsArray(bytes) || (atOnce.Failure is null && first.Exists(static f => !IsValue(f)))),
                text);
        }
    }

    [Test]
    public void Append_LongItemInSmallPieces_KeepsOnlyWhatBelongsToNoFrame()
    {
        var framing = new ArrayFraming();
        framing.Append("["u8);
        for (var item = 0; item < 100; item++)
        {
            framing.Append(Encoding.UTF8.GetBytes((item == 0 ? "" : ",") + "{\"text\":\"" + new string('x', 10_000) + "\"}"));
            Assert.That(framing.TryNext(isEnd: false, out var frame));
            Assert.That(ArrayFraming.ItemOf(frame.Span).Length, Is.EqualTo(10_011));
            Assert.That(framing.Bytes.Count, Is.Zero);
        }
    }

    [TestCase(20_000, 1)]
    [TestCase(1, 20_000)]
    public void Untouched_ByteByByte_OffersNoMoreThanTwiceWhatCame(int text, int between)
    {
        var array = "[1" + new string('\n', between) + ",{\"text\":\"" + new string('x', text) + "\"}" + new string(' ', between) + ",2";
        var bytes = Encoding.UTF8.GetBytes(array);
        var framing = new ArrayFraming();
        var offered = 0L;
        foreach (var next in bytes)
        {
            framing.Append([next]);
            offered += framing.Untouched.Length;
            while (framing.TryNext(isEnd: false, out _))
            {
            }
        }

        Assert.That(offered, Is.LessThanOrEqualTo(2 * bytes.Length), "what comes byte by byte is not looked at again with each");
    }

    private static int Runs => FuzzBudget.Of(2_000);

    private static List<string> Cut(byte[] bytes, IEnumerable<int> cuts, out string left)
    {
        var framing = new ArrayFraming();
        List<string> frames = [];
        Feed(framing, bytes, cuts, frames);
        Assert.That(framing.Failure, Is.Null);
        Assert.That(framing.Bytes.Count, Is.Zero);
        left = string.Concat(frames);
        return [.. frames.Select(ItemOf).Where(static i => i.Length > 0)];
    }

    private static void Feed(ArrayFraming framing, byte[] bytes, IEnumerable<int> cuts, List<string> frames)
    {
        var start = 0;
        foreach (var cut in cuts.Append(bytes.Length))
        {
            framing.Append(bytes.AsSpan(start, cut - start));
            start = cut;
            while (framing.TryNext(isEnd: false, out var frame))
            {
                frames.Add(Encoding.UTF8.GetString(frame.Span));
            }
        }

        while (framing.TryNext(isEnd: true, out var frame))
        {
            frames.Add(Encoding.UTF8.GetString(frame.Span));
        }
    }

    private static string ItemOf(string frame)
    {
        var bytes = Encoding.UTF8.GetBytes(frame);
        var item = ArrayFraming.ItemOf(bytes);
        return Encoding.UTF8.GetString(bytes, item.Start, item.Length);
    }

    private static bool IsValue(string frame) => ItemOf(frame) is var item && (item.Length == 0 || IsJson(Encoding.UTF8.GetBytes(item)));

    private static bool IsArray(byte[] bytes) => IsJson(bytes);

    private static bool IsJson(byte[] bytes)
    {
        try
        {
            using var parsed = JsonDocument.Parse(bytes);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
