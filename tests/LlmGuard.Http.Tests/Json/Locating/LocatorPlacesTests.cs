using System.Text;
using LlmGuard.Http.Json;
using LlmGuard.Tests;

namespace LlmGuard.Http.Tests.Json.Locating;

/// <summary>What spans two blocks, in every place of them; and that no byte outside of the text is looked at.</summary>
public sealed class LocatorPlacesTests
{
    // Two blocks and a bit.
    private const int Places = 132;

    private static readonly string[] Escapes =
    [
        "\\\"", "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t", "\\u0041", "\\uFFFF", "\\ud83d\\ude00", "\\\\\\\"", "\\\\\\\\", "\\u005c\\\"",
        "\\ud83d\\ude00\\ud83d\\ude00",
        "\\a", "\\0", "\\U0041", "\\u004", "\\u00g1", "\\u", "\\ud83d", "\\ude00", "\\ud83dx", "\\ude00\\ud83d", "\\ud83d\\ud83d\\ude00",
        "\\ud83d\\u0041", "\\ud83d\\nude00", "\\ud83d\\ude0",
    ];

    [TestCaseSource(nameof(Escapes))]
    public void Locate_Escape_IsTheSameInEveryPlace(string escape)
    {
        var expected = Locators.AssertAgree(Encoding.UTF8.GetBytes($"\"{escape}\""), escape);
        for (var place = 0; place < Places; place++)
        {
            var status = Locators.AssertAgree(Encoding.UTF8.GetBytes($"[\"{new string('x', place)}{escape}y\"]"), escape);
            Assert.That(status, Is.EqualTo(expected).Or.EqualTo(JsonLocateStatus.Malformed), $"{escape} behind {place}");
            Locators.AssertAgree(Encoding.UTF8.GetBytes($"{new string(' ', place)}{{\"{escape}\":\"{escape}"), escape);
        }
    }

    [TestCaseSource(nameof(Escapes))]
    public void Locate_EscapeBehindOthers_IsTheSameInEveryPlace(string escape)
    {
        // A locator that looks at every string by itself counts its blocks from the first byte that is not plain.
        var expected = Locators.AssertAgree(Encoding.UTF8.GetBytes($"\"{escape}\""), escape);
        for (var place = 0; place < Places; place++)
        {
            var status = Locators.AssertAgree(Encoding.UTF8.GetBytes($"[\"\\n{new string('x', place)}{escape}y\",1]"), escape);
            Assert.That(status, Is.EqualTo(expected).Or.EqualTo(JsonLocateStatus.Malformed), $"{escape} behind {place}");
        }
    }

    [Test]
    public void Locate_CharacterBehindOthers_IsTheSameInEveryPlace([Values(
        "C3A9", "E282AC", "EDA080", "ED9FBF", "E08080", "E0A080", "F09F9880", "F0808080", "F4908080", "F48FBFBF", "F5808080", "C080", "C1BF",
        "C3", "E282", "F09F98", "80", "C3A9A9", "E282ACAC", "F09F988080", "FF")] string bytes)
    {
        var character = Convert.FromHexString(bytes);
        for (var place = 0; place < Places; place++)
        {
            byte[] plain = [.. Enumerable.Repeat((byte)'x', place)];
            Locators.AssertAgree([.. "[\"\u00E9"u8, .. plain, .. character, .. "y\",1]"u8], bytes);
            Locators.AssertAgree([.. "[\"\u00E9"u8, .. plain, .. character, .. "\",1]"u8], bytes);
            Locators.AssertAgree([.. "[\"\u00E9"u8, .. plain, .. character], bytes);
        }
    }

    // What is wrong in one block is still wrong where a later one is read in another way, or has the closing quote.
    [Test]
    public void Locate_OddByteBlocksBeforeAnother_IsTheSameInEveryPlace(
        [Values("1F", "5C22", "5C61", "5C7564383364", "80", "C3", "EDA080", "C080")] string odd,
            [Values("C3A9", "E282AC", "5C6E", "78")] string later)
    {
        for (var place = 0; place < Places; place++)
        {
            for (var between = 0; between < Places; between += 13)
            {
                byte[] text =
                [
                    .. "[\"\\n"u8, .. Plain(place), .. Convert.FromHexString(odd), .. Plain(between), .. Convert.FromHexString(later),
                        .. "y\",\"\u00E9\"]"u8,
                ];
                Locators.AssertAgree(text, $"{odd} {between} before {later}");
                Locators.AssertAgree(text.AsSpan(0, text.Length - " \"\u00E9\"]"u8.Length - 2), $"{odd} {between} before {later}, open");
            }
        }

        static IEnumerable<byte> Plain(int length) => Enumerable.Repeat((byte)'x', length);
    }

    [Test]
    public void Locate_RunsOfBackslashes_EscapeEverySecond([Range(0, 67)] int before)
    {
        for (var length = 1; length < Places; length++)
        {
            var text = Encoding.UTF8.GetBytes("[" + new string(' ', before) + "\"" + new string('\\', length) + "\",1]");
            Assert.That(Locators.AssertAgree(text, "run"), Is.EqualTo(length % 2 == 0 ? JsonLocateStatus.Ok : JsonLocateStatus.Malformed));
        }
    }

    [Test]
    public void Locate_AnyTwoBytesOfAString_AreWhatTheReferenceSays()
    {
        var text = new byte[64 + 5];
        text.AsSpan().Fill((byte)'x');
        (text[0], text[^1]) = ((byte)'"', (byte)'"');
        for (var first = 0; first < 256; first++)
        {
            for (var second = 0; second < 256; second++)
            {
                // Over the edge of a block.
                (text[63], text[64]) = ((byte)first, (byte)second);
                Locators.AssertAgree(text, "two bytes");
            }
        }
    }

    [Test]
    public void Locate_CharactersOfThreeAndFourBytes_AreWhatTheReferenceSays()
    {
        byte[] leads = [0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5];
        byte[] others = [0x22, 0x5C, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xE1];
        var text = new byte[3 * 64];
        foreach (var (lead, second, third, fourth) in
            from lead in leads from second in others from third in others from fourth in others select (lead, second, third, fourth))
        {
            text.AsSpan().Fill((byte)'x');
            (text[0], text[^1]) = ((byte)'"', (byte)'"');
            var at = 60 + ((second + third + fourth) % 5);
            (text[at], text[at + 1], text[at + 2], text[at + 3]) = (lead, second, third, fourth);
            Locators.AssertAgree(text, "four bytes");
            if (fourth == others[0])
            {
                // Cut off at the end of the text.
                Locators.AssertAgree(text.AsSpan(0, at + 3), "cut");
            }
        }
    }

    [Test]
    public void Locate_ShortStringsBehindOddOnes_AreWhatTheReferenceSays([Values] bool isSound)
    {
        // Behind a string that is not plain, a short one is looked at by itself.
        byte[][] sound = [.. new[] { "x", "ab", "\u00E9", "\u043F\u0440", "\u65E5", "\U0001F600", "\\n", "\\\"", "\\\\", "\\b", "\\u00e9", "\u007F" }
            .Select(Encoding.UTF8.GetBytes)];
        byte[][] odd =
            [[0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0x80], [0x1F], "\\a"u8.ToArray(), "\\u00"u8.ToArray(), "\\ud83d"u8.ToArray(), [0xC0, 0x80]];
        var random = new Random(17);
        var statuses = new HashSet<JsonLocateStatus>();
        for (var round = 0; round < 20_000; round++)
        {
            var text = new List<byte>("[\"\u00E9\\n\""u8.ToArray());
            for (var strings = random.Next(1, 6); strings > 0; strings--)
            {
                text.AddRange(",\""u8);
                for (var pieces = random.Next(20); pieces > 0; pieces--)
                {
                    text.AddRange(!isSound && random.Next(60) == 0 ? odd[random.Next(odd.Length)] : sound[random.Next(sound.Length)]);
                }

                text.Add((byte)'"');
            }

            text.AddRange(Encoding.ASCII.GetBytes($"]{new string(' ', random.Next(70))}"));
            statuses.Add(Locators.AssertAgree(text.ToArray(), $"round {round}"));
        }

        Assert.That(statuses, isSound ? Is.EquivalentTo(new[] { JsonLocateStatus.Ok })
            : Has.Member(JsonLocateStatus.Malformed).And.Member(JsonLocateStatus.Ok));
    }

    [Test]
    public void Locate_EveryByteOutsideOfStrings_IsWhatTheReferenceSays(
        [Values("[1{0}]", "[{0}1]", "{{\"a\"{0}:1}}", "{{{0}\"a\":1}}", "[1,2]{0}", "{0}", "tru{0}", "-{0}", "1.5{0}", "1e{0}")] string frame)
    {
        var (before, after) =
            (frame.Split("{0}")[0].Replace("{{", "{", StringComparison.Ordinal), frame.Split("{0}")[1].Replace("}}", "}", StringComparison.Ordinal));
        for (var value = 0; value < 256; value++)
        {
            foreach (var place in (int[])[0, 61, 62, 63, 64, 127])
            {
                Locators.AssertAgree([.. Enumerable.Repeat((byte)' ', place), .. Encoding.ASCII.GetBytes(before), (byte)value,
                    .. Encoding.ASCII.GetBytes(after)], frame);
            }
        }
    }

    [Test]
    [Platform("Linux")]
    public void Locate_TextBetweenGuardPages_LooksAtNothingElse()
    {
        using var guarded = new GuardedBytes();
        var template = "{\"a\":[\"x\\n\",1.5,true,null,\"\\ud83d\\ude00é信😀\"],\"bcd\":\"" + new string('y', 200) + "\"}";
        var whole = Encoding.UTF8.GetBytes(template);
        for (var length = 0; length <= whole.Length; length++)
        {
            Locators.AssertAgree(guarded.AtStart(whole.AsSpan(0, length)), "start");
            Locators.AssertAgree(guarded.AtEnd(whole.AsSpan(0, length)), "end");
            Locators.AssertAgree(guarded.AtEnd(whole.AsSpan(whole.Length - length)), "tail");
        }

        for (var seed = 0; seed < 1_000; seed++)
        {
            var text = OddTexts.Of(seed);
            Locators.AssertAgree(guarded.AtEnd(text.AsSpan(0, Math.Min(text.Length, GuardedBytes.Size))), $"seed {seed}");
        }
    }

    [Test]
    public void Locate_TextsAroundAChunk_AreWhatTheReferenceSays(
        [Values("[\"{0}\"]", "[\"\\n{0}\",1]", "[1,{1}2]", "{{\"k{0}\":\"v{0}\"}}", "[{2}]", "\"{0}\\u0041\"")] string frame)
    {
        for (var length = 4080; length <= 4110; length++)
        {
            var text = frame.Replace("{{", "{", StringComparison.Ordinal).Replace("}}", "}", StringComparison.Ordinal)
                .Replace("{0}", new string('z', length), StringComparison.Ordinal)
                .Replace("{1}", new string(' ', length), StringComparison.Ordinal)
                .Replace("{2}", string.Join(',', Enumerable.Repeat("[]", length / 3)) + new string(' ', length % 3), StringComparison.Ordinal);
            Assert.That(Locators.AssertAgree(Encoding.UTF8.GetBytes(text), frame, maxTokens: int.MaxValue), Is.EqualTo(JsonLocateStatus.Ok));
        }
    }
}
