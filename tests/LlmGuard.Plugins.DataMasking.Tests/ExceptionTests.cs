namespace LlmGuard.Plugins.DataMasking.Tests;

/// <summary>What policies say is harmless, and what they say is not.</summary>
public sealed class ExceptionTests
{
    [TestCase("""{"apply_all": true, "allow": ["support@acme.com"]}""", "support@acme.com joe@acme.com", "support@acme.com [MASKED_EMAIL]")]
    [TestCase("""{"apply_all": true, "allow": ["support@acme.com"]}""", "SUPPORT@acme.com", "SUPPORT@acme.com")]
    [TestCase("""{"apply_all": true, "allow": ["acme.com"]}""", "joe@acme.com", "[MASKED_EMAIL]", Description = "only a whole match is excepted")]
    [TestCase("""{"apply_all": true, "allow_patterns": ["[a-z]+@acme\\.com"]}""", "joe@acme.com joe@acme.org", "joe@acme.com [MASKED_EMAIL]")]
    [TestCase("""{"apply_all": true, "allow_patterns": ["[a-z]+@acme"]}""", "joe@acme.com", "[MASKED_EMAIL]",
        Description = "a pattern must match all of it")]
    [TestCase("""{"apply_all": true, "allow_patterns": ["a|joe@acme.com"]}""", "joe@acme.com", "joe@acme.com",
        Description = "alternatives are anchored together")]
    [TestCase("""{"predefined_entities": [{"entity": "email", "allow": ["a@b.co"]}, {"entity": "ip_address"}]}""", "a@b.co 8.8.8.8",
        "a@b.co [MASKED_IP]")]
    [TestCase("""{"predefined_entities": [{"entity": "ip_address", "allow_patterns": ["10\\..*"]}]}""", "10.1.2.3 8.8.8.8", "10.1.2.3 [MASKED_IP]")]
    [TestCase("""{"rules": [{"type": "regex", "pattern": "INT-\\d+", "mask_with": "[ID]", "allow": ["INT-1"]}]}""", "INT-1 INT-2", "INT-1 [ID]")]
    [TestCase("""{"allow": ["INT-1"], "rules": [{"type": "regex", "pattern": "INT-\\d+", "mask_with": "[ID]"}]}""", "INT-1 INT-2", "INT-1 [ID]")]
    [TestCase("""{"predefined_entities": [{"entity": "email", "deny": ["joe at acme"]}]}""", "ask joe at acme", "ask [MASKED_EMAIL]")]
    [TestCase("""{"predefined_entities": [{"entity": "bank_account", "deny_patterns": ["ACC-\\d{4}"], "mask_with": "[A]"}]}""", "ACC-1234 ACC-12",
        "[A] ACC-12")]
    [TestCase("""{"predefined_entities": [{"entity": "email", "allow": ["x@y.co"], "deny": ["x@y.co"]}]}""", "x@y.co", "[MASKED_EMAIL]",
        Description = "what is denied is denied")]
    public void Mask_Lists_AreHonoured(string settings, string text, string expected) =>
        Assert.That(Masking.Mask(settings, text), Is.EqualTo(expected));

    [Test]
    public void Evaluate_DeniedValue_HasTheEntityAsItsType()
    {
        var verdict = Masking.Evaluate("""{"predefined_entities": [{"entity": "email", "deny": ["joe at acme"]}]}""",
            GuardrailContent.FromText("joe at acme", SegmentRole.User));
        Assert.That(verdict.Findings.Single().Type, Is.EqualTo("email"));
    }

    [Test]
    public void Evaluate_AllowedValue_IsNoFinding() =>
        Assert.That(
            Masking.Evaluate("""{"apply_all": true, "allow": ["a@b.co"]}""", GuardrailContent.FromText("a@b.co", SegmentRole.User)),
            Is.SameAs(GuardrailVerdict.Allow));

    [Test]
    public void Evaluate_AllowPatternBeyondItsBound_FailsRatherThanAllows()
    {
        // What a pattern cannot settle within its bounds is a failure of the evaluation, never a "does not match".
        var settings = """{"allow_patterns": ["a(?:.*b)?"], "rules": [{"type": "regex", "pattern": "a+", "mask_with": "[K]"}]}""";
        var verdict = Masking.Evaluate(settings, GuardrailContent.FromText(new string('a', 4000), SegmentRole.User));
        Assert.That(verdict.Failure is not null || verdict.Outcome == VerdictOutcome.Modify);
    }

    [Test]
    public void Create_TooManyValues_IsRefused()
    {
        var values = string.Join(",", Enumerable.Range(0, 1001).Select(i => $"\"v{i}\""));
        Assert.That(Masking.Problems($$"""{"apply_all": true, "allow": [{{values}}]}"""),
            Has.Some.StartsWith("$.allow: has 1001 items: expected at most 1000"));
    }
}
