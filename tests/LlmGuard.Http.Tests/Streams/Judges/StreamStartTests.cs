using System.Buffers;
using System.Text;
using LlmGuard.Http.Wire.AmazonEvents;
using LlmGuard.Http.Wire.Bodies;
using LlmGuard.Http.Wire.Streams;
using LlmGuard.Http.Wire.Streams.Live.Framing;

namespace LlmGuard.Http.Tests.Streams.Judges;

/// <summary>Telling a stream by its first bytes.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class StreamStartTests
{
    private const string Chat = "openai.chat_completions";
    private const string Gemini = "google.gemini";

    [TestCase("data: {}\n\n", Chat, "Events")]
    [TestCase("data:", Chat, "Events")]
    [TestCase("event: message_start\n", Chat, "Events")]
    [TestCase(": comment\n\n", Chat, "Events")]
    [TestCase("id: 1\n", Chat, "Events")]
    [TestCase("retry: 1\n", Chat, "Events")]
    [TestCase("\r\n\ndata: 1", Chat, "Events")]
    [TestCase("\uFEFFdata: 1", Chat, "Events")]
    [TestCase("{\"a\":1}\n{\"a\":2}\n", Chat, "Lines")]
    [TestCase("\n{\"a\":1}\r\n\r\n {\"a\":2}", Chat, "Lines")]
    [TestCase("[{\"candidates\":[]}]", Gemini, "Array")]
    [TestCase(" \r\n[", Gemini, "Array")]
    [TestCase("[{}]", Chat, null)]
    [TestCase(" data: 1", Chat, null)]
    [TestCase("dates: 1", Chat, null)]
    [TestCase("Hello", Chat, null)]
    [TestCase("{\n  \"a\": 1\n}", Chat, null)]
    [TestCase("{\"a\":1}\ntext", Chat, null)]
    [TestCase("{\"a\":1} {\"a\":2}\n{\"a\":2}", Chat, null)]
    [TestCase("\"text\"", Chat, null)]
    [TestCase("\uFEFF{\"a\":1}\n{\"a\":2}", Chat, null)]
    [TestCase("\uFEFF[1]", Gemini, null)]
    [TestCase("\0\0\0\0\0\0\0\0\0\0\0\0", "bedrock.converse", null)]
    public void TryTell_Start_IsToldOnceAndForAll(string text, string dialect, string? expected)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var told = false;
        for (var length = 0; length <= bytes.Length; length++)
        {
            var tells = StreamStart.TryTell(bytes.AsSpan(0, length), dialect, out var form);
            Assert.That(!told || tells, "what was told stays told");
            Assert.That(tells ? form?.ToString() : null, Is.EqualTo(tells ? expected : null), $"after {length} bytes");
            told = tells;
        }

        Assert.That(told);
    }

    [TestCase("{\"a\":1}")]
    [TestCase("{\"a\":1}\n")]
    [TestCase("{\"a\":1}\n\n  ")]
    [TestCase("")]
    [TestCase(" \n")]
    [TestCase("dat")]
    public void TryTell_WhatMayStillBeTwoThings_Waits(string text) =>
        Assert.That(StreamStart.TryTell(Encoding.UTF8.GetBytes(text), Chat, out _), Is.False);

    [Test]
    public void TryTell_BinaryMessage_IsToldByItsPrelude()
    {
        var stream = new ArrayBufferWriter<byte>();
        AmazonEventWriter.WriteEvent(stream, "messageStart", "{}"u8);
        for (var length = 1; length < AmazonEventFrame.PreludeLength; length++)
        {
            Assert.That(StreamStart.TryTell(stream.WrittenSpan[..length], "bedrock.converse", out _), Is.False);
        }

        Assert.That(StreamStart.TryTell(stream.WrittenSpan[..AmazonEventFrame.PreludeLength], "bedrock.converse", out var form));
        Assert.That(form, Is.EqualTo(StreamForm.AmazonEvents));
    }

    [TestCase(null, true)]
    [TestCase("application/json", true)]
    [TestCase("application/json; charset=utf-8", true)]
    [TestCase("text/plain", true)]
    [TestCase("text/html", true)]
    [TestCase("application/octet-stream", true)]
    [TestCase("text/plain; charset=utf-16", false)]
    [TestCase("text/event-stream", false)]
    [TestCase("application/x-ndjson", false)]
    [TestCase("image/png", false)]
    [TestCase("multipart/mixed; boundary=a", false)]
    public void MayMislead_Type_IsOneThatServersGiveForWantOfABetterOne(string? value, bool expected)
    {
        Assert.That(MediaType.TryParse(value, out var type));
        Assert.That(StreamStart.MayMislead(type), Is.EqualTo(expected));
    }
}
