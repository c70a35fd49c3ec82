using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Http.Wire.Streams;

namespace LlmGuard.Http.Tests.Wire;

public sealed class SseLineTests
{
    [TestCase("data: a\n\n", "Data=a", "End=")]
    [TestCase("data: a\r\n\r\n", "Data=a", "End=")]
    [TestCase("data: a\r\rdata: b", "Data=a", "End=", "Data=b")]
    [TestCase("\uFEFFdata: a", "Data=a")]
    [TestCase("data:a", "Data=a")]
    [TestCase("data:  a", "Data= a")]
    [TestCase("data", "Data=")]
    [TestCase(": ping", "Comment=ping")]
    [TestCase(":", "Comment=")]
    [TestCase("event: x\nid: 7\nretry: 10", "Event=x", "Id=7", "Retry=10")]
    [TestCase("data : a", "Unknown=data : a")]
    [TestCase("Data: a", "Unknown=Data: a")]
    [TestCase("other", "Unknown=other")]
    [TestCase("data: a\u2028b", "Data=a\u2028b")]
    [TestCase("")]
    public void Split_Line_IsReadAsTheStandardSays(string stream, params string[] expected)
    {
        var bytes = Encoding.UTF8.GetBytes(stream);

        var lines = SseLine.Split(bytes).Select(line => $"{line.Field}={Encoding.UTF8.GetString(bytes.AsSpan(line.Value.Start, line.Value.Length))}");

        Assert.That(lines, Is.EqualTo(expected));
    }

    [Test]
    public void Split_AnyBytes_CoversEveryByteOnce() => Prop.ForAll(
        Gen.ArrayOf(Gen.Elements("data", ":", " ", "\r", "\n", "x", "event", "\u20AC")).ToArbitrary(),
        pieces =>
        {
            var bytes = Encoding.UTF8.GetBytes(string.Concat(pieces));
            var at = 0;
            foreach (var line in SseLine.Split(bytes))
            {
                if (line.Line.Start != at || line.Value.Start < at || line.Value.End > line.Line.End)
                {
                    return false;
                }

                at = line.Line.End;
            }

            return at == bytes.Length;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(4711, 17));
}
