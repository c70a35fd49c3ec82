using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using LlmGuard.Http.Json;
using LlmGuard.Http.Tests.Json.Locating;
using LlmGuard.Tests;

namespace LlmGuard.Http.Tests.Json;

/// <summary>Escapes and their texts, in every place of a block.</summary>
public sealed class JsonEscapesTests
{
    private static readonly string[] Escapes =
        ["\\\"", "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t", "\\u0041", "\\u00e9", "\\u4fe1", "\\ud83d\\ude00", "\\\\\\\"", "\\\\n",
        "\\n\\n\\n\\n\\n\\n\\n\\n", "\\u0000\\u0001"];

    [TestCaseSource(nameof(Escapes))]
    public void Unescape_Escape_IsItsTextInEveryPlace(string escape)
    {
        var meaning = JsonSerializer.Deserialize<string>($"\"{escape}\"")!;
        for (var before = 0; before < 140; before++)
        {
            foreach (var after in (int[])[0, 1, 15, 16, 63, 64, 65])
            {
                var (head, tail) = (new string('x', before), new string('y', after));
                Assert.That(Unescaped(head + escape + tail + escape), Is.EqualTo(head + meaning + tail + meaning), $"{before}, {after}");
            }
        }
    }

    [Test]
    public void Unescape_AnyString_IsWhatTheReaderReads()
    {
        var strings = 0;
        for (var seed = 0; seed < 4_000; seed++)
        {
            var json = OddTexts.Of(seed);
            foreach (var token in ReferenceLocator.Of(json) is { IsMalformed: false, IsAmbiguous: false } reference ? reference.Tokens : [])
            {
                if (token.HasEscapes)
                {
                    var raw = Encoding.UTF8.GetString(json, token.Start, token.Length);
                    Assert.That(Unescaped(raw), Is.EqualTo(JsonSerializer.Deserialize<string>($"\"{raw}\"")), $"seed {seed}");
                    strings++;
                }
            }
        }

        Assert.That(strings, Is.GreaterThan(1_000));
    }

    [Test]
    public void Unescape_RunOfBackslashes_IsHalfOfIt()
    {
        for (var length = 2; length < 400; length += 2)
        {
            Assert.That(Unescaped("x" + new string('\\', length) + "y"), Is.EqualTo("x" + new string('\\', length / 2) + "y"));
        }
    }

    [Test]
    [Platform("Linux")]
    public void Unescape_TextBetweenGuardPages_LooksAtAndWritesNothingElse()
    {
        using var from = new GuardedBytes();
        using var to = new GuardedBytes();
        var raw = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("plain \\n \\u00e9 \\\\ \\\" é信😀", 12)));
        for (var length = 0; length < raw.Length; length++)
        {
            var source = from.AtEnd(raw.AsSpan(raw.Length - length));
            if (!JsonEscapes.IsWellFormed(source))
            {
                // Cut in the middle of an escape or a character.
                continue;
            }

            // There is as much room as the raw text takes, and no more.
            var room = to.AtEnd(new byte[length]);
            var text = MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(room), length);
            Assert.That(Encoding.UTF8.GetString(text[..JsonEscapes.Unescape(source, text)]), Is.EqualTo(Unescaped(Encoding.UTF8.GetString(source))));
        }
    }

    private static string Unescaped(string raw)
    {
        var bytes = Encoding.UTF8.GetBytes(raw);
        var text = new byte[bytes.Length];
        return Encoding.UTF8.GetString(text, 0, JsonEscapes.Unescape(bytes, text));
    }
}
