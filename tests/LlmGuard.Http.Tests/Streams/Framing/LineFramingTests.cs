using System.Text;
using LlmGuard.Http.Wire.Streams.Live.Framing;

namespace LlmGuard.Http.Tests.Streams.Framing;

/// <summary>An event stream cut into events, wherever its bytes were cut before.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class LineFramingTests
{
    private static readonly string[] Pieces =
    [
        "data: a\n\n", "data: b\r\n\r\n", "data: c\r\r", ": comment\n", ":\r\n", "event: e\ndata: d\n\n", "\n", "\r\n", "data: ❤\rdata: f\n\n",
            "id: 7\r\n\n", "data: " + new string('x', 90) + "\n\n",
    ];

    [Test]
    public void TryNext_AnyCuts_GiveTheEventsOfTheWhole()
    {
        var random = new Random(20_262);
        for (var run = 0; run < 300; run++)
        {
            var stream = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => Pieces[random.Next(Pieces.Length)]))
                + (random.Next(3) == 0 ? "data: open" : "");
            var bytes = Encoding.UTF8.GetBytes((random.Next(4) == 0 ? "\uFEFF" : "") + stream);
            var whole = Cut(bytes, [], out _);
            Assert.That(string.Concat(whole), Is.EqualTo(Encoding.Latin1.GetString(bytes)), "frames are all of the stream, in its order");
            Assert.That(Cut(bytes, Enumerable.Range(1, bytes.Length - 1), out _), Is.EqualTo(whole));
            Assert.That(Cut(bytes, Enumerable.Range(0, 5).Select(_ => random.Next(bytes.Length)).Order(), out _), Is.EqualTo(whole));
        }
    }

    [Test]
    public void Untouched_AnyCuts_OffersNoMoreThanTwiceWhatCame()
    {
        var random = new Random(20_263);
        var bytes = Encoding.UTF8.GetBytes("data: " + new string('x', 20_000) + "\n\n");
        foreach (var cuts in (IEnumerable<int>[])[Enumerable.Range(1, bytes.Length - 1),
            Enumerable.Range(0, 40).Select(_ => random.Next(bytes.Length)).Order()])
        {
            Cut(bytes, cuts, out var offered);
            Assert.That(offered, Is.LessThanOrEqualTo(2 * bytes.Length), "an event that comes byte by byte is not looked at again with each");
        }
    }

    [Test]
    public void Untouched_EventThatWasCut_IsOfferedAsAWholeOnceItHasCome()
    {
        var framing = new LineFraming(isEventStream: true);
        framing.Append("data: a"u8);
        Assert.That(framing.TryNext(isEnd: false, out _), Is.False);
        Assert.That(framing.Untouched.IsEmpty, Is.True);
        framing.Append("bc\n\ndata: d\n\n"u8);
        Assert.That(Encoding.UTF8.GetString(framing.Untouched), Is.EqualTo("data: abc\n\ndata: d\n\n"));
    }

    private static List<string> Cut(byte[] stream, IEnumerable<int> cuts, out long offered)
    {
        var framing = new LineFraming(isEventStream: true);
        var frames = new List<string>();
        offered = 0;
        var start = 0;
        foreach (var end in cuts.Append(stream.Length))
        {
            framing.Append(stream.AsSpan(start, end - start));
            offered += framing.Untouched.Length;
            for (start = end; framing.TryNext(end == stream.Length, out var frame);)
            {
                frames.Add(Encoding.Latin1.GetString(frame.Span));
            }
        }

        return frames;
    }
}
