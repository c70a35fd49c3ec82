using System.Text;
using LlmGuard.Redis.Client;

namespace LlmGuard.Redis.Tests.Client;

[TestFixture]
public sealed class RespReaderTests
{
    private static readonly TestCaseData[] Replies =
    [
        new("+OK\r\n", new[] { "OK" }, null),
        new(":-42\r\n", new[] { "-42" }, null),
        new("$5\r\nhe\r\no\r\n", new[] { "he\r\no" }, null),
        new("$0\r\n\r\n", new[] { "" }, null),
        new("$-1\r\n", new string?[] { null }, null),
        new("*-1\r\n", Array.Empty<string>(), null),
        new("*0\r\n", Array.Empty<string>(), null),
        new("*3\r\n:1\r\n$-1\r\n$8\r\nключ\r\n", new[] { "1", null, "ключ" }, null),
        new("-NOSCRIPT No matching script.\r\n", Array.Empty<string>(), "NOSCRIPT"),
        new("-ERR user_script:3: secret\r\n", Array.Empty<string>(), "ERR"),
        new("-something strange with content\r\n", Array.Empty<string>(), "ERR"),
    ];

    private static readonly string[] Refused =
    [
        "hello\r\n", "\r\n", "$x\r\n", "$-2\r\n", "*99999\r\n", "$1048577\r\n", "*1\r\n*1\r\n:1\r\n", "%1\r\n", "$+5 \r\n", "$99999999999999\r\n",
    ];

    [TestCaseSource(nameof(Replies))]
    public void TryRead_WholeAndCutAnywhere_IsTheReplyOrNothing(string text, string?[] values, string? error)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.That(RespReader.TryRead(bytes.AsSpan(0, length), out _, out _), Is.False, $"cut at {length}");
        }

        Assert.That(RespReader.TryRead([.. bytes, .. "+next"u8], out var reply, out var consumed), Is.True);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(consumed, Is.EqualTo(bytes.Length));
            Assert.That(reply.Values, Is.EqualTo(values));
            Assert.That(reply.Error, Is.EqualTo(error));
        }
    }

    [TestCaseSource(nameof(Refused))]
    public void TryRead_NotWhatWasAsked_IsRefused(string text) =>
        Assert.That(() => RespReader.TryRead(Encoding.UTF8.GetBytes(text), out _, out _), Throws.InstanceOf<InvalidDataException>());

    [Test]
    public void TryRead_Noise_EndsInAnAnswerOrARefusal()
    {
        var random = new Random(7);
        var alphabet = "$*:+-0159\r\nab"u8.ToArray();
        for (var run = 0; run < 20_000; run++)
        {
            var bytes = random.GetItems(alphabet, random.Next(0, 24));
            try
            {
                var isRead = RespReader.TryRead(bytes, out _, out var consumed);
                Assert.That(consumed, isRead ? Is.InRange(1, bytes.Length) : Is.Zero);
            }
            catch (InvalidDataException)
            {
                // Refused.
            }
        }
    }
}
