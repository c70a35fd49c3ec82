using System.Text.RegularExpressions;

namespace LlmGuard.Plugins.DataMasking.Tests;

/// <summary>What each action makes of a match.</summary>
public sealed class ActionTests
{
    private const string Key = "\"hash_key\": \"0123456789abcdef\"";

    [Test]
    public void Mask_Hash_IsTheSameForTheSameValueAndNoOther()
    {
        var masked = Masking.Mask(Entity("email", "hash"), "a@b.co c@d.co a@b.co").Split(' ');
        Assert.Multiple(() =>
        {
            Assert.That(masked[0], Does.Match("^\\[EMAIL_HASH_[BCDFGHJKLMNPRSTV]{16}\\]$"));
            Assert.That(masked[2], Is.EqualTo(masked[0]));
            Assert.That(masked[1], Is.Not.EqualTo(masked[0]));
        });
    }

    [Test]
    public void Mask_Hash_DependsOnTheKeyAndTheType()
    {
        var one = Masking.Mask($$"""{"hash_key": "0123456789abcdef", "predefined_entities": [{"entity": "email", "action": "hash"}]}""", "a@b.co");
        var again = Masking.Mask($$"""{"hash_key": "0123456789abcdef", "predefined_entities": [{"entity": "email", "action": "hash"}]}""", "a@b.co");
        var other = Masking.Mask($$"""{"hash_key": "fedcba9876543210", "predefined_entities": [{"entity": "email", "action": "hash"}]}""", "a@b.co");
        var process = Masking.Mask(Entity("email", "hash", withKey: false), "a@b.co");
        Assert.That(new[] { again, other, process }, Is.EqualTo(new[] { one, other, process }));
        Assert.That(new[] { one, other, process }, Is.Unique);
    }

    [TestCase("4111 1111 1111 1111", "****1111")]
    [TestCase("joe@example.com", "****com")]
    [TestCase("DE89370400440532013000", "****3000")]
    public void Mask_Partial_ShowsTheLastQuarterAtMostFour(string text, string expected) =>
        Assert.That(Masking.Mask("""{"predefined_entities": [{"entity": "pii", "action": "partial"}]}""", text), Is.EqualTo(expected));

    [TestCase("abc", "[X]", Description = "too short to show anything")]
    [TestCase("abcd", "****d")]
    [TestCase("\U0001F600\U0001F600\U0001F600\U0001F600", "****\U0001F600", Description = "code points, not bytes")]
    public void Mask_PartialOfARule_CountsCodePoints(string text, string expected) =>
        Assert.That(Masking.Mask("""{"rules": [{"type": "regex", "pattern": "[^ ]{3,4}", "mask_with": "[X]", "action": "partial"}]}""", text),
            Is.EqualTo(text.Length == 3 ? expected : "[X]").Or.EqualTo(expected));

    [Test]
    public void Mask_PartialThatTheRuleWouldFindAgain_IsMaskedInFull() =>
        Assert.That(Masking.Mask("""{"rules": [{"type": "regex", "pattern": "\\d+", "mask_with": "[N]", "action": "partial"}]}""",
            "1234567890123456"), Is.EqualTo("[N]"));

    [TestCase("email", "Joe.Doe@corp.org", "^[A-Z][a-z]{2}\\.[A-Z][a-z]{2}@example\\.com$")]
    [TestCase("credit_card", "4111-1111-1111-1111", "^\\d{4}-\\d{4}-\\d{4}-\\d{4}$")]
    [TestCase("ip_address", "8.8.8.8", "^203\\.0\\.113\\.\\d{1,3}$")]
    [TestCase("ip6_address", "2a00:1450:4001:81b::200e", "^2001:db8::[0-9a-f]{1,4}:[0-9a-f]{1,4}$")]
    [TestCase("ssn", "536-22-8714", "^666-\\d{2}-\\d{4}$")]
    [TestCase("uuid", "123e4567-e89b-12d3-a456-426614174000", "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]
    [TestCase("iban", "DE89 3704 0044 0532 0130 00", "^DE\\d\\d \\d{4} \\d{4} \\d{4} \\d{4} \\d\\d$")]
    [TestCase("phone_number", "+44 20 7946 0958", "^\\+\\d\\d \\d\\d \\d{4} \\d{4}$")]
    public void Mask_Synthetic_KeepsTheFormAndIsAnotherValue(string entity, string value, string form)
    {
        var settings = Entity(entity, "synthetic");
        var made = Masking.Mask(settings, value);
        Assert.Multiple(() =>
        {
            Assert.That(made, Does.Match(new Regex(form)));
            Assert.That(made, Is.Not.EqualTo(value));
            Assert.That(Masking.Mask(settings, value), Is.EqualTo(made), "the same value, the same conversation");
        });
    }

    [Test]
    public void Mask_SyntheticCardsAndAccounts_NeverHaveRightCheckDigits()
    {
        var cards = Entity("credit_card", "synthetic");
        var found = """{"predefined_entities": [{"entity": "financial"}]}""";
        for (var i = 0; i < 50; i++)
        {
            var card = WithLuhn($"411111111{i:000000}");
            Assert.That(Masking.Mask(found, Masking.Mask(cards, card)), Does.Not.Contain("[MASKED_CC]"), card);
        }
    }

    [Test]
    public void Mask_SyntheticOfOtherScripts_ShowsNoLetterOfIt() =>
        Assert.That(
            Masking.Mask("""{"rules": [{"type": "regex", "pattern": "\\p{L}+", "mask_with": "[X]", "action": "synthetic"}]}""",
                "\u0418\u0432\u0430\u043D"),
            Does.Match("^[A-Z][a-z]{3}$"));

    [TestCase("block", "mail a@b.co", VerdictOutcome.Block)]
    [TestCase("flag", "mail a@b.co", VerdictOutcome.Flag)]
    [TestCase("mask", "mail a@b.co", VerdictOutcome.Modify)]
    public void Evaluate_BlockAndFlag_SayWhatWasFoundAndEditNothing(string action, string text, VerdictOutcome expected)
    {
        var verdict = Masking.Evaluate(Entity("email", action), GuardrailContent.FromText(text, SegmentRole.User));
        Assert.Multiple(() =>
        {
            Assert.That(verdict.Outcome, Is.EqualTo(expected));
            Assert.That(verdict.Findings.Select(f => (f.Type, f.Span)), Is.EqualTo(new[] { ("email", new TextSpan(5, 6)) }));
            Assert.That(verdict.Edits, Has.Count.EqualTo(expected == VerdictOutcome.Modify ? 1 : 0));
        });
    }

    [Test]
    public void Evaluate_Block_DoesNotQuoteWhatItFound()
    {
        var verdict = Masking.Evaluate(Entity("email", "block"), GuardrailContent.FromText("a@b.co", SegmentRole.User));
        Assert.That(verdict.Refusal?.Message, Is.EqualTo("The content holds data that must not pass."));
        Assert.That(verdict.Refusal?.Reason, Is.EqualTo("data_blocked"));
    }

    [TestCase("partial", "mask", "[K]")]
    [TestCase("mask", "partial", "[R]")]
    [TestCase("synthetic", "partial", "[R]", Description = "no form is kept in a union")]
    [TestCase("flag", "mask", "[K]")]
    public void Mask_OverlappingRules_TheStrictestActionDecides(string first, string second, string expected)
    {
        var settings = $$"""{"rules": [{"type": "regex", "pattern": "abcdef", "mask_with": "[R]", "action": "{{first}}"}, {"type": "regex", "pattern": "defghijk", "mask_with": "[K]", "action": "{{second}}"}]}""";
        Assert.That(Masking.Mask(settings, "abcdefghijk"), Is.EqualTo(expected));
    }

    [Test]
    public void Evaluate_BlockOverlapsMask_Blocks()
    {
        var settings = """{"rules": [{"type": "regex", "pattern": "abc", "mask_with": "[R]"}, {"type": "regex", "pattern": "cde", "mask_with": "[K]", "action": "block"}]}""";
        Assert.That(Masking.Evaluate(settings, GuardrailContent.FromText("abcde", SegmentRole.User)).Outcome, Is.EqualTo(VerdictOutcome.Block));
    }

    [TestCase("hash")]
    [TestCase("partial")]
    [TestCase("synthetic")]
    public void Evaluate_ValueLongerThanAPiece_BlocksRatherThanHashingAPart(string action)
    {
        var settings = $$"""{"rules": [{"type": "regex", "pattern": "x+", "mask_with": "[X]", "action": "{{action}}"}]}""";
        Assert.That(Masking.Evaluate(settings, GuardrailContent.FromText(new string('x', 10_000), SegmentRole.User)).Outcome,
            Is.EqualTo(VerdictOutcome.Block));
        Assert.That(Masking.Evaluate(settings, GuardrailContent.FromText(new string('x', 4000), SegmentRole.User)).Outcome,
            Is.EqualTo(VerdictOutcome.Modify));
    }

    [Test]
    public void Evaluate_ValueAcrossParts_IsMaskedByTheFixedText([Values("hash", "partial", "synthetic")] string action)
    {
        var builder = new GuardrailContentBuilder();
        var info = new SegmentInfo { Role = SegmentRole.User, Kind = SegmentKind.Message, Join = 1 };
        builder.AddText("mail joe@exa", info);
        builder.AddText("mple.com now", info);
        var content = builder.Build();
        Assert.That(Masking.Apply(content, Masking.Evaluate(Entity("email", action), content)), Is.EqualTo(new[] { "mail [MASKED_EMAIL]", " now" }));
    }

    [Test]
    public void Evaluate_Number_BecomesWhatTheActionSays()
    {
        var builder = new GuardrailContentBuilder();
        builder.AddText("4111111111111111", new SegmentInfo { Role = SegmentRole.User, Editability = Editability.WholeValue });
        var content = builder.Build();
        Assert.Multiple(() =>
        {
            Assert.That(Masking.Apply(content, Masking.Evaluate(Entity("credit_card", "partial"), content)), Is.EqualTo(new[] { "****1111" }));
            Assert.That(Masking.Evaluate(Entity("credit_card", "block"), content).Outcome, Is.EqualTo(VerdictOutcome.Block));
            Assert.That(Masking.Evaluate(Entity("credit_card", "flag"), content).Edits, Is.Empty);
        });
    }

    [Test]
    public void Evaluate_FlaggedKey_IsNoFailure()
    {
        var builder = new GuardrailContentBuilder();
        builder.AddText("joe@example.com", new SegmentInfo { Role = SegmentRole.User, Kind = SegmentKind.Key, Editability = Editability.Key });
        var content = builder.Build();
        Assert.That(Masking.Evaluate(Entity("email", "flag"), content).Outcome, Is.EqualTo(VerdictOutcome.Flag));
        Assert.That(Masking.Evaluate(Entity("email", "block"), content).Outcome, Is.EqualTo(VerdictOutcome.Block));
    }

    private static string Entity(string entity, string action, bool withKey = true) =>
        $$"""{{{(withKey ? Key + "," : "")}} "predefined_entities": [{"entity": "{{entity}}", "action": "{{action}}"}]}""";

    private static string WithLuhn(string digits)
    {
        var sum = digits.Reverse().Select((c, i) => i % 2 == 0 ? (c - '0') * 2 : c - '0').Sum(d => d > 9 ? d - 9 : d);
        return digits + ((10 - (sum % 10)) % 10);
    }
}
