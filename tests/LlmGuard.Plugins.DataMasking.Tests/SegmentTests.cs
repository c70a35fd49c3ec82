namespace LlmGuard.Plugins.DataMasking.Tests;

/// <summary>Segments that cannot be edited freely, and texts in several parts.</summary>
public sealed class SegmentTests
{
    private const string All = """{"apply_all": true}""";
    private static readonly SegmentInfo User = new() { Role = SegmentRole.User, Kind = SegmentKind.Message };

    [TestCase("4111111111111111", "[MASKED_CC]")]
    [TestCase("-4111111111111111", "[MASKED_CC]")]
    [TestCase("17", "17")]
    public void Evaluate_Number_IsMaskedWholeOrNotAtAll(string number, string expected) =>
        Assert.That(Run(All, b => b.AddText(number, User with { Editability = Editability.WholeValue })), Is.EqualTo(new[] { expected }));

    [Test]
    public void Evaluate_FindingThatCannotBeEdited_FailsAsInput([Values] bool asKey)
    {
        var builder = new GuardrailContentBuilder();
        builder.AddText("joe@example.com", User with { Kind = asKey ? SegmentKind.Key : SegmentKind.Reasoning,
            Editability = asKey ? Editability.Key : Editability.Signed });
        var verdict = Masking.Evaluate(All, builder.Build());
        Assert.That(verdict.Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Input, FailureReasons.MaskNotApplicable)));
    }

    [TestCase("123e4567-e89b-12d3-a456-426614174000", "uuid")]
    [TestCase("joe@example.com", "email")]
    [TestCase("chatcmpl-4111111111111111", "credit_card")]
    [TestCase("call_Falcon", "keyword")]
    [TestCase("resp_INT-123456", "regex")]
    public void Evaluate_FindingInIdentifier_IsOnlyFlagged(string id, string type)
    {
        const string settings = """
            {
              "apply_all": true,
              "rules": [
                { "type": "keyword", "pattern": "falcon", "mask_with": "[P]" },
                { "type": "regex", "pattern": "INT-[0-9]{6}", "mask_with": "[T]" }
              ]
            }
            """;
        var builder = new GuardrailContentBuilder();
        builder.AddText(id, User with { Editability = Editability.Identifier });
        var verdict = Masking.Evaluate(settings, builder.Build());
        Assert.That((verdict.Outcome, verdict.Edits.Count), Is.EqualTo((VerdictOutcome.Flag, 0)));
        Assert.That(verdict.Findings.Select(f => f.Type), Does.Contain(type));
    }

    [Test]
    public void Evaluate_IdentifierBesideText_LeavesTheMaskOfTheText() => Assert.That(
        Run(All, b =>
        {
            b.AddText("joe@example.com", User with { Editability = Editability.Identifier });
            b.AddText("ann@example.com", User);
        }),
        Is.EqualTo(new[] { "joe@example.com", "[MASKED_EMAIL]" }));

    [Test]
    public void Evaluate_MatchFromIdentifierIntoText_MasksTheText() => Assert.That(
        Run(All, b =>
        {
            b.AddText("4111 1111", User with { Join = 0, Editability = Editability.Identifier });
            b.AddText(" 1111 1111", User with { Join = 0 });
        }),
        Is.EqualTo(new[] { "4111 1111", "[MASKED_CC]" }));

    [Test]
    public void Evaluate_CardSplitOverParts_FirstPartGetsTheMask() => Assert.That(
        Run(All, b =>
        {
            b.AddText("card 4111 1111", User with { Join = 0 });
            b.AddText(" 1111 ", User with { Join = 0 });
            b.AddText("1111 thanks", User with { Join = 0 });
        }),
        Is.EqualTo(new[] { "card [MASKED_CC]", "", " thanks" }));

    [Test]
    public void Evaluate_PartsAndFindingsWithinThem_DoNotCollide() => Assert.That(
        Run(All, b =>
        {
            b.AddText("a@b.co and joe@exam", User with { Join = 0 });
            b.AddText("ple.com, 8.8.8.8", User with { Join = 0 });
        }),
        Is.EqualTo(new[] { "[MASKED_EMAIL] and [MASKED_EMAIL]", ", [MASKED_IP]" }));

    [Test]
    public void Evaluate_FindingOfOnePartThatGrowsAcross_IsOneEdit() => Assert.That(
        Run(All, b =>
        {
            b.AddText("joe@example.co", User with { Join = 0 });
            b.AddText("m.", User with { Join = 0 });
        }),
        Is.EqualTo(new[] { "[MASKED_EMAIL]", "." }));

    [Test]
    public void Evaluate_SpanAcrossASignedPart_FailsAsInput()
    {
        var builder = new GuardrailContentBuilder();
        builder.AddText("joe@exam", User with { Join = 0 });
        builder.AddText("ple.com", User with { Join = 0, Editability = Editability.Signed });
        Assert.That(Masking.Evaluate(All, builder.Build()).Failure?.Reason, Is.EqualTo(FailureReasons.MaskNotApplicable));
    }

    [Test]
    public void Evaluate_LengthKeptAcrossParts_EachPartKeepsItsOwn() => Assert.That(
        Run("""{"predefined_entities": [{"entity": "ssn", "preserve_len": true}]}""", b =>
        {
            b.AddText("x 536-22", User with { Join = 0 });
            b.AddText("-8714", User with { Join = 0 });
        }),
        Is.EqualTo(new[] { "x ******", "*****" }));

    [Test]
    public void Evaluate_Binary_IsLeftToThePolicy()
    {
        var builder = new GuardrailContentBuilder();
        builder.AddBinary(UninspectedKind.Image, "joe@example.com"u8.ToArray(), "image/png", null, User);
        Assert.That(Masking.Evaluate(All, builder.Build()).Outcome, Is.EqualTo(VerdictOutcome.Allow));
    }

    private static string[] Run(string settings, Action<GuardrailContentBuilder> build)
    {
        var builder = new GuardrailContentBuilder();
        build(builder);
        var content = builder.Build();
        return Masking.Apply(content, Masking.Evaluate(settings, content));
    }
}
