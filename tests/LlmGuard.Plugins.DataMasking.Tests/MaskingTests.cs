namespace LlmGuard.Plugins.DataMasking.Tests;

/// <summary>What texts become.</summary>
public sealed class MaskingTests
{
    private const string All = """{"apply_all": true}""";

    [TestCase("mail joe@example.com, card 4111 1111 1111 1111", "mail [MASKED_EMAIL], card [MASKED_CC]")]
    [TestCase("4111111111111111", "[MASKED_CC]")]
    [TestCase("password=hunter2\n\n  two  spaces", "password=[MASKED_PASSWORD]\n\n  two  spaces")]
    [TestCase("nothing to see", "nothing to see")]
    [TestCase("ssn 536-22-8714 and order 12345 12345", "ssn [MASKED_SSN] and order 12345 12345")]
    public void Mask_AllEntities_ExactlyTheSpans(string text, string expected) => Assert.That(Masking.Mask(All, text), Is.EqualTo(expected));

    [Test]
    public void Mask_EntityWithOwnMask_IsHonoured()
    {
        var settings = """{"predefined_entities": [{"entity": "email", "mask_with": "(mail)"}, {"entity": "ssn", "preserve_len": true, "mask_with": "#"}, {"entity": "iban", "preserve_len": true}]}""";
        Assert.That(Masking.Mask(settings, "a@b.co 536-22-8714 DE89370400440532013000 8.8.8.8"),
            Is.EqualTo("(mail) ########### ********************** 8.8.8.8"));
    }

    [Test]
    public void Mask_EntitySwitchedOffUnderApplyAll_Stays() =>
        Assert.That(Masking.Mask("""{"apply_all": true, "predefined_entities": [{"entity": "email", "enabled": false}]}""", "a@b.co 8.8.8.8"),
            Is.EqualTo("a@b.co [MASKED_IP]"));

    [Test]
    public void Mask_GuideExample_MasksKeywordPasswordAndId()
    {
        var settings = """
            {
              "similarity_threshold": 0.8,
              "apply_all": true,
              "rules": [
                {"pattern": "secret_key", "type": "keyword", "mask_with": "[MASKED_KEY]", "preserve_len": false, "case_sensitive": false},
                {"pattern": "(?i)password=\\S+", "type": "regex", "mask_with": "[MASKED_PASSWORD]", "preserve_len": false},
                {"pattern": "INT-\\d{6}", "type": "regex", "mask_with": "[MASKED_ID]", "preserve_len": true}
              ]
            }
            """;
        Assert.That(
            Masking.Mask(settings, "My SECRET_KEY, secret-key; PASSWORD=abc!1 and INT-123456, a@b.co"),
            Is.EqualTo("My [MASKED_KEY], [MASKED_KEY]; [MASKED_PASSWORD] and **********, [MASKED_EMAIL]"));
    }

    [TestCase("0.8", null, "confidentail confidentiel confid", "[K] [K] confid")]
    [TestCase("0.8", 1, "confidentail confidentiel", "confidentail [K]")]
    [TestCase("0.8", 0, "confidentiel confidential", "confidentiel [K]")]
    [TestCase("1", null, "confidentiel confidential", "confidentiel [K]")]
    public void Mask_SimilarWords_ByThresholdAndEdits(string threshold, int? maxEdits, string text, string expected)
    {
        var cap = maxEdits is null ? "" : $"\"max_edit_distance\": {maxEdits},";
        var settings =
            $$"""{"similarity_threshold": {{threshold}}, {{cap}} "rules": [{"type": "keyword", "pattern": "confidential", "mask_with": "[K]"}]}""";
        Assert.That(Masking.Mask(settings, text), Is.EqualTo(expected));
    }

    [TestCase("true", "s\u0435cret \uFF53\uFF45\uFF43\uFF52\uFF45\uFF54", "[K] [K]")]
    [TestCase("false", "x\u0435cr\u0435t SECRET", "x\u0435cr\u0435t [K]")]
    public void Mask_NormalizeInput_IsHonoured(string normalize, string text, string expected)
    {
        var settings = $$"""{"normalize_input": {{normalize}}, "rules": [{"type": "keyword", "pattern": "secret", "mask_with": "[K]"}]}""";
        Assert.That(Masking.Mask(settings, text), Is.EqualTo(expected));
    }

    [Test]
    public void Mask_ReadmeExample_BecomesWhatItSays()
    {
        var settings = """{"apply_all": true, "rules": [{ "type": "keyword", "pattern": "Project Falcon", "mask_with": "[PROJECT]" }]}""";
        Assert.That(Masking.Mask(settings, "mail joe@example.com about project falcno"), Is.EqualTo("mail [MASKED_EMAIL] about [PROJECT]"));
    }

    [Test]
    public void Mask_CaseSensitiveRules_KeepCase()
    {
        var settings = """{"similarity_threshold": 1, "rules": [{"type": "keyword", "pattern": "Acme", "mask_with": "[K]", "case_sensitive": true}, {"type": "regex", "pattern": "ab+", "mask_with": "[R]", "case_sensitive": false}]}""";
        Assert.That(Masking.Mask(settings, "Acme acme ABB"), Is.EqualTo("[K] acme [R]"));
    }

    [Test]
    public void Mask_OverlappingRules_OneMaskOverTheUnion()
    {
        var settings = """{"rules": [{"type": "regex", "pattern": "abc", "mask_with": "*", "preserve_len": true}, {"type": "regex", "pattern": "cde", "mask_with": "[SECOND]"}]}""";
        Assert.That(Masking.Mask(settings, "xabcdex abc"), Is.EqualTo("x*x ***"));
    }

    [Test]
    public void Evaluate_Findings_NameEntityAndRuleAndSpan()
    {
        var verdict = Masking.Evaluate("""{"apply_all": true, "rules": [{"type": "keyword", "pattern": "acme", "mask_with": "[K]"}]}""",
            GuardrailContent.FromText("acme a@b.co", SegmentRole.User));
        Assert.That(verdict.Findings, Is.EqualTo(new[]
        {
            new GuardrailFinding("rules[0]", "keyword", 0, new TextSpan(0, 4)),
            new GuardrailFinding("email", "email", 0, new TextSpan(5, 6), 0.85),
        }));
    }

    [Test]
    public void Evaluate_CleanText_Allows() =>
        Assert.That(Masking.Evaluate(All, GuardrailContent.FromText("hello", SegmentRole.User)), Is.SameAs(GuardrailVerdict.Allow));

    [Test]
    public void Evaluate_PatternBeyondItsBound_FailsAsInput()
    {
        var verdict = Masking.Evaluate(
            """{"rules": [{"type": "regex", "pattern": "a(?:.*b)?", "mask_with": "[K]"}]}""",
            GuardrailContent.FromText(new string('a', 40_000), SegmentRole.User));
        Assert.That(verdict.Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Input, FailureReasons.PatternBound)));
    }

    [Test]
    public void Evaluate_CallerCancelled_Throws()
    {
        var call = new GuardrailCall(GuardrailStage.PreRequest, GuardrailContent.FromText("a@b.co", SegmentRole.User));
        Assert.That(async () => await Masking.Evaluator(All).EvaluateAsync(call, new CancellationToken(true)),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [TestCase(3, false)]
    [TestCase(2, true)]
    public async Task Evaluate_MoreFindingsThanAllowed_IsOverTheLimit(int allowed, bool fails)
    {
        var call = new GuardrailCall(GuardrailStage.PreRequest,
            GuardrailContent.FromText("a@example.com b@example.com c@example.com", SegmentRole.User)) { MaxFindings = allowed };

        var verdict = await Masking.Evaluator(All).EvaluateAsync(call, CancellationToken.None);

        Assert.That(verdict.Failure, Is.EqualTo(fails ? new GuardrailFailure(FailureClass.Input, FailureReasons.LimitExceeded) : null));
        Assert.That(verdict.Edits, Has.Count.EqualTo(fails ? 0 : 3));
    }
}
