using System.Text;
using LlmGuard.Http.Json;
using LlmGuard.Http.Json.Edits;
using LlmGuard.Http.Json.Locating;
using LlmGuard.Tests.Allocation;

namespace LlmGuard.Http.Tests.Json;

/// <summary>Splicing raw edits: what is not edited is copied, and what would change the structure is noticed.</summary>
public sealed class JsonSpliceTests
{
    private const string Body = """{"a":"one","b":[12,"two"],"c":{"d":null}}""";

    [TestCase("one", "1", """{"a":"1","b":[12,"two"],"c":{"d":null}}""", TestName = "Splice_ShorterText_IsKept")]
    [TestCase("one", "a much longer text \\n", """{"a":"a much longer text \n","b":[12,"two"],"c":{"d":null}}""",
        TestName = "Splice_LongerText_IsKept")]
    [TestCase("one", "", """{"a":"","b":[12,"two"],"c":{"d":null}}""", TestName = "Splice_EmptyText_IsKept")]
    [TestCase("two", "\\ud83d\\ude00", """{"a":"one","b":[12,"\ud83d\ude00"],"c":{"d":null}}""", TestName = "Splice_SurrogatePair_IsKept")]
    public void Splice_TextThatStaysAString_IsKept(string value, string replacement, string expected)
    {
        RawEdit[] edits = [InString(Body, value, replacement)];
        Assert.That(Spliced(Body, edits), Is.EqualTo(expected));
        Assert.That(IsKept(Body, edits), Is.True);
    }

    [TestCase("\"", TestName = "Splice_QuoteInText_IsNotKept")]
    [TestCase("\",\"x\":\"", TestName = "Splice_MemberInText_IsNotKept")]
    [TestCase("\\", TestName = "Splice_BackslashAtTheEnd_IsNotKept")]
    [TestCase("\n", TestName = "Splice_ControlCharacterInText_IsNotKept")]
    [TestCase("\\ud83d", TestName = "Splice_HalfASurrogatePair_IsNotKept")]
    [TestCase("\\x", TestName = "Splice_UnknownEscape_IsNotKept")]
    public void Splice_TextThatIsNoStringAnyMore_IsNotKept(string replacement) =>
        Assert.That(IsKept(Body, [InString(Body, "one", replacement)]), Is.False);

    [Test]
    public void Splice_TextThatIsNotUtf8_IsNotKept()
    {
        var edit = InString(Body, "one", "") with { Bytes = new byte[] { 0xC3 } };
        Assert.That(IsKept(Body, [edit]), Is.False);
    }

    [TestCase("12", "\"x\"", true)]
    [TestCase("12", "13", false)]
    [TestCase("12", "\"x\",\"y\"", false)]
    [TestCase("12", "", false)]
    [TestCase("""{"d":null}""", "null", true)]
    [TestCase("""{"d":null}""", "[]", true)]
    [TestCase("""{"d":null}""", "{}", false)]
    [TestCase("""{"d":null}""", "[1]", false)]
    [TestCase("null", "\"x\"", false)]
    public void Splice_ValueReplacedAsAWhole_IsKeptOnlyInItsPlace(string value, string replacement, bool isKept)
    {
        var at = new TextSpan(Body.IndexOf(value, StringComparison.Ordinal), value.Length);
        Assert.That(IsKept(Body, [new RawEdit(at.Start, at.Length, Encoding.UTF8.GetBytes(replacement)) { Value = at }]), Is.EqualTo(isKept));
    }

    [Test]
    public void Splice_EditThatLeavesItsValue_IsNotKept()
    {
        var edit = InString(Body, "one", "x");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(IsKept(Body, [edit with { Start = edit.Start - 1 }]), Is.False);
            Assert.That(IsKept(Body, [edit with { Length = edit.Length + 1 }]), Is.False);
            Assert.That(
                IsKept(Body, [edit with { Value = new TextSpan(edit.Value.Start, edit.Value.Length + 1), Length = edit.Length + 1 }]), Is.False);
            Assert.That(IsKept(Body, [edit with { IsInString = false }]), Is.False);
        }
    }

    [Test]
    public void Splice_AnythingKept_HasTheSameStructureWhenAllOfItIsLocatedAgain()
    {
        string[] replacements = ["", "x", "\\n", "\"", "\\", "\\u00e9", "\\ud800", "\t", "é", "a\",\"b\":\"c", "}", "\\\\", "\u0001", "]"];
        var (kept, refused) = (0, 0);
        for (var seed = 0; seed < 3_000; seed++)
        {
            var random = new Random(seed);
            var json = Encoding.UTF8.GetBytes(new JsonSample(seed, 30).Json);
            var before = Structure(json);
            Assert.That(before, Is.Not.Null);
            using var tape = JsonTape.Rent();
            JsonLocator.Instance.Locate(json, 64, int.MaxValue, tape);
            var edits = new List<RawEdit>();
            for (var i = 0; i < tape.Count; i++)
            {
                if (tape[i].Kind == JsonTokenKind.String && random.Next(6) == 0)
                {
                    // Anywhere in the string, also in the middle of an escape or a character.
                    var start = random.Next(tape[i].Length + 1);
                    var length = random.Next(tape[i].Length - start + 1);
                    edits.Add(new RawEdit(tape[i].Start + start, length,
                        Encoding.UTF8.GetBytes(replacements[random.Next(random.Next(4) == 0 ? replacements.Length : 3)]))
                    {
                        Value = new TextSpan(tape[i].Start, tape[i].Length),
                        IsInString = true,
                    });
                }
            }

            var result = RawEdit.Apply(json, edits);
            if (JsonSplice.IsKept(json, edits.ToArray(), result))
            {
                Assert.That(Structure(result), Is.EqualTo(before), $"seed {seed}");
                kept += edits.Count > 0 ? 1 : 0;
            }
            else
            {
                refused++;
            }
        }

        Assert.That(Math.Min(kept, refused), Is.GreaterThan(30), "both must occur, or nothing was shown");
    }

    [Test]
    public void Splice_InSteadyState_AllocatesNothing()
    {
        var json = Encoding.UTF8.GetBytes(Body);
        var result = new byte[json.Length];
        RawEdit[] edits = [InString(Body, "one", "1"), InString(Body, "two", "2")];
        Assert.That(LeastAllocated.By(() => Splice(json, edits, result)), Is.Zero);
    }

    private static void Splice(byte[] json, RawEdit[] edits, byte[] result)
    {
        var length = JsonSplice.LengthOf(json, edits);
        JsonSplice.Write(json, edits, result);
        if (!JsonSplice.IsKept(json, edits, result.AsSpan(0, length)))
        {
            throw new InvalidOperationException("Both edits leave strings.");
        }
    }

    /// <summary>The kinds of the tokens and the keys, or null if it is no JSON text.</summary>
    private static string? Structure(byte[] json)
    {
        using var tape = JsonTape.Rent();
        if (JsonLocator.Instance.Locate(json, 64, int.MaxValue, tape) != JsonLocateStatus.Ok)
        {
            return null;
        }

        var structure = new StringBuilder();
        for (var i = 0; i < tape.Count; i++)
        {
            structure.Append(tape[i].Kind).Append(tape[i].Next).Append(' ');
            if (tape[i].Kind == JsonTokenKind.Key)
            {
                structure.Append(Encoding.UTF8.GetString(json, tape[i].Start, tape[i].Length)).Append(' ');
            }
        }

        return structure.ToString();
    }

    private static RawEdit InString(string json, string value, string replacement)
    {
        var at = new TextSpan(json.IndexOf(value, StringComparison.Ordinal), value.Length);
        return new RawEdit(at.Start, at.Length, Encoding.UTF8.GetBytes(replacement)) { Value = at, IsInString = true };
    }

    private static string Spliced(string json, RawEdit[] edits) => Encoding.UTF8.GetString(RawEdit.Apply(Encoding.UTF8.GetBytes(json), [.. edits]));

    private static bool IsKept(string json, RawEdit[] edits) => JsonSplice.IsKept(Encoding.UTF8.GetBytes(json), edits);
}
