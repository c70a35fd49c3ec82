using System.Buffers.Binary;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Http.Tests.Streams.Shapes;
using LlmGuard.Http.Wire;
using LlmGuard.Http.Wire.Encodings;
using LlmGuard.Http.Wire.Streams.Live.Framing;

namespace LlmGuard.Http.Tests.Streams.Laws;

/// <summary>
/// The same of binary messages and of items of an array. An event is never compared with another one where somebody keeps the answer, so that what
/// leaves there, and when, is what a reader of every event lets out.
/// </summary>
[Parallelizable(ParallelScope.All)]
internal sealed class FramedOneByOneTests
{
    private const string ReadsAll = """
        , { "name": "data_masking", "mode": "monitor", "stage": "pre_response", "settings": { "rules": [
            { "pattern": "never said", "type": "keyword", "mask_with": "*" } ] } }
        """;

    private static readonly string[] Words = ["One ", "two. ", "three", " four. "];

    private static readonly string[] Separators = [",", ",\r\n", "\n,\r\n", " , "];

    [TestCase(true)]
    [TestCase(false)]
    public void StreamAsync_EventByEvent_IsTheSameTheShortWay(bool areMessages) =>
        Prop.ForAll(Gen.Zip(GeneratedRules.Cases, Gen.Choose(0, 1 << 30)).ToArbitrary(), pair =>
        {
            var (rules, seed) = pair;
            var random = new Random(seed);
            string[] texts = [.. Words, .. rules.Pieces, .. Words, .. rules.Pieces, .. Words];
            var events = areMessages ? Converse(texts, random) : Gemini(texts, random);
            CheckAsync(rules.Policy(withBlocks: true), events, areMessages, random).GetAwaiter().GetResult();
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(GeneratedRules.Count).WithReplay(20_261, 127));

    [Test]
    public async Task StreamAsync_MessageWithAnotherByte_IsReadAsEver([Values(0x01, 0x04, 0x20, 0x80)] int flip, [Values] bool isMended)
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        await using var reader = new GuardedStreams(StreamLawTests.Masking + ReadsAll);
        byte[][] messages = [.. Words.Select(static (w, n) => FramedShapeTests.Message(w, ",\"p\":\"" + "abcdef"[..n] + "\""))];
        for (var at = 0; at < messages[2].Length; at++)
        {
            var odd = messages[2].ToArray();
            odd[at] ^= (byte)flip;
            if (isMended)
            {
                Mend(odd);
            }

            await AssertAsReadAsync(app, reader, [.. messages, odd, .. messages], FramedShapeTests.Messages, null, $"byte {at}");
        }
    }

    [Test]
    public async Task StreamAsync_ItemWithAnotherByte_IsReadAsEver([Values(0x01, 0x02, 0x04, 0x10, 0x20, 0x80)] int flip)
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        await using var reader = new GuardedStreams(StreamLawTests.Masking + ReadsAll);
        byte[][] items = [.. Words.Select(static w => Encoding.UTF8.GetBytes(",\r\n" + FramedShapeTests.Item(w, false) + "\n"))];
        for (var at = 0; at < items[2].Length; at++)
        {
            var odd = items[2].ToArray();
            odd[at] ^= (byte)flip;
            byte[][] array = [[(byte)'[', .. items[0][3..]], .. items, odd, .. items, [(byte)']']];
            await AssertAsReadAsync(app, reader, array, FramedShapeTests.Items, StreamForm.Array, $"byte {at}");
        }
    }

    private static IEnumerable<TestCaseData> Arrays()
    {
        var item = FramedShapeTests.Item("word. ", false);
        foreach (var odd in (string[])
        [
            item, "[" + item, ",," + item, "," + item + item, "," + item + ",", "," + item + "]", "," + item + "] ", "," + item + "}",
            "," + item + "\n\t ", ",", "\n", ",\n" + item, "\r\n," + item, "," + item + "," + item + "\n," + item, "]", " ]\n",
            "\0," + item, "," + item + "\0", ", \"ann@example.com\"",
        ])
        {
            var name = System.Text.Json.JsonSerializer.Serialize(odd.Replace(item, "item", StringComparison.Ordinal));
            string[] joined = ["[" + item, "," + item, "," + item, odd, "," + item, "," + item, "]"];
            string[] lines = [.. joined.Select(read => read == odd ? read : read + "\n")];
            yield return new TestCaseData([joined]).SetArgDisplayNames(name);
            yield return new TestCaseData([lines]).SetArgDisplayNames(name + " between lines");
        }
    }

    [TestCaseSource(nameof(Arrays))]
    public async Task StreamAsync_WhatStandsBetweenItems_IsReadAsEver(string[] reads)
    {
        await using var app = new GuardedStreams(StreamLawTests.Masking);
        await using var reader = new GuardedStreams(StreamLawTests.Masking + ReadsAll);
        await AssertAsReadAsync(app, reader, [.. reads.Select(Encoding.UTF8.GetBytes)], FramedShapeTests.Items, StreamForm.Array, "between");
    }

    private static async Task CheckAsync(string policy, byte[][] events, bool areMessages, Random random)
    {
        await using var app = new GuardedStreams(policy);
        await using var reader = new GuardedStreams(policy + ReadsAll);
        var (head, told) = areMessages ? (FramedShapeTests.Messages, (StreamForm?)null) : (FramedShapeTests.Items, StreamForm.Array);
        var stream = events.SelectMany(static e => e).ToArray();
        var ends = Ends(events);
        foreach (var cuts in (int[][])
        [
            ends, [.. ends.Where(_ => random.Next(3) > 0)], [.. ends.Select(end => random.Next(5) == 0 ? end - random.Next(1, 4) : end).Order()],
            [.. ends.Append(random.Next(stream.Length)).Append(random.Next(stream.Length)).Order()],
        ])
        {
            await OneByOneTests.AssertSameAsync(app, stream, head, cuts, string.Join(',', cuts), told);
            await AssertAsReadAsync(app, reader, stream, head, cuts, told, string.Join(',', cuts));
        }
    }

    private static Task AssertAsReadAsync(GuardedStreams app, GuardedStreams reader, byte[][] events, WireHead head, StreamForm? told, string how) =>
        AssertAsReadAsync(app, reader, [.. events.SelectMany(static e => e)], head, Ends(events), told, how);

    private static async Task AssertAsReadAsync(
        GuardedStreams app, GuardedStreams reader, byte[] stream, WireHead head, int[] cuts, StreamForm? told, string how)
    {
        var compared = await app.StreamAsync(stream, head, cuts, told);
        var read = await reader.StreamAsync(stream, head, cuts, told);
        Assert.That(OneByOneTests.Left(compared), Is.EqualTo(OneByOneTests.Left(read)), how);
        Assert.That(compared.Lengths, Is.EqualTo(read.Lengths), how);
        Assert.That(compared.Waits, Is.EqualTo(read.Waits), how);
        Assert.That(compared.Refusal?.Reason, Is.EqualTo(read.Refusal?.Reason), how);
        Assert.That(compared.Refusal?.Code, Is.EqualTo(read.Refusal?.Code), how);
        Assert.That(compared.Usage, Is.EqualTo(read.Usage), how);
    }

    private static int[] Ends(byte[][] events)
    {
        var at = 0;
        return [.. events.Select(e => at += e.Length)];
    }

    private static byte[][] Converse(string[] texts, Random random) =>
        [.. texts.Select(text =>
        {
            var padding = random.Next(2) == 0 ? "" : ",\"p\":\"" + "abcdefghij"[..random.Next(10)] + "\"";
            return FramedShapeTests.Message(text, padding, block: random.Next(9) / 8);
        })];

    private static byte[][] Gemini(string[] texts, Random random)
    {
        // Where a server puts line feeds is the same for most of its items, and now and then another.
        var usual = Separators[random.Next(Separators.Length)];
        var behind = random.Next(2) == 0 ? "\n" : "";
        return
        [
            .. texts.Select((text, n) => Encoding.UTF8.GetBytes(
                (n == 0 ? "[" : random.Next(9) == 0 ? Separators[random.Next(Separators.Length)] : usual)
                + FramedShapeTests.Item(text, random.Next(9) == 0) + behind)),
            Encoding.UTF8.GetBytes("]" + behind),
        ];
    }

    /// <summary>Makes both checksums right again, where the lengths still are.</summary>
    private static void Mend(byte[] message)
    {
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(8), Crc32.Of(message.AsSpan(0, 8)));
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(message.Length - 4), Crc32.Of(message.AsSpan(0, message.Length - 4)));
    }
}
