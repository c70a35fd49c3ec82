using System.Globalization;
using System.Text;
using LlmGuard.FakeClouds.Bedrock;
using LlmGuard.FakeClouds.Hosting;
using LlmGuard.Plugins.BedrockGuardrail.Checks;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.BedrockGuardrail.Tests;

public sealed class ChecksTests
{
    private const string All = """
        "checks": {
          "content_filter": { "HATE": 0.5, "VIOLENCE": 0.9375 },
          "prompt_attack": { "JAILBREAK": 0.5 },
          "sensitive_information": { "entities": ["EMAIL", "PHONE"], "min_confidence": 0.9375 }
        }
        """;

    private static readonly GuardrailFailure Incomplete = new(FailureClass.Input, FailureReasons.VerdictIncomplete);

    [Test]
    public async Task Judge_EveryCheck_IsAskedForWithRoles()
    {
        await using var judged = await Judged.StartAsync();
        var builder = new GuardrailContentBuilder();
        builder.AddText("be nice", new SegmentInfo { Role = SegmentRole.System });
        builder.AddText("hello", new SegmentInfo { Role = SegmentRole.User });
        builder.AddText("hi", new SegmentInfo { Role = SegmentRole.Assistant });
        builder.AddText("42", new SegmentInfo { Role = SegmentRole.Tool });

        Assert.That(await JudgeAsync(judged, builder.Build()), Is.SameAs(GuardrailVerdict.Allow));
        var request = judged.Fake.Requests.Single();
        Assert.That(request.RawTarget, Is.EqualTo("/guardrail-checks/invoke"));
        Assert.That(request.Text, Is.EqualTo(
            """{"messages":[{"role":"system","content":[{"text":"be nice"}]},{"role":"user","content":[{"text":"hello"}]},{"role":"assistant","content":[{"text":"hi"}]},{"role":"user","content":[{"text":"42"}]}],"""
            + """ "checks":{"contentFilter":{"categories":[{"category":"HATE"},{"category":"VIOLENCE"}]},"promptAttack":{"categories":[{"category":"JAILBREAK"}]},"sensitiveInformation":{"entities":[{"type":"EMAIL"},{"type":"PHONE"}]}}}""".TrimStart()));
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [TestCase("FAKE-HATE", "content.hate", "hate")]
    [TestCase("FAKE-VIOLENCE", "content.violence", "violence")]
    [TestCase("FAKE-JAILBREAK", "attack.jailbreak", "jailbreak")]
    [TestCase("a@b.cc", "pii.email", "sensitive information")]
    public async Task Judge_ScoreAtTheThreshold_Blocks(string text, string code, string shown)
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await JudgeAsync(judged, text, """ "actions": { "message": "%s" } """);

        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(verdict.Refusal!.Reason, Is.EqualTo(code));
        Assert.That(verdict.Refusal.Message, Is.EqualTo(shown));
        Assert.That(verdict.Findings.Single().Confidence, Is.EqualTo(FakeChecks.High));
    }

    [TestCase("\"HATE\": 0.93750001", "FAKE-HATE", VerdictOutcome.Allow)]
    [TestCase("\"HATE\": 0.9375", "FAKE-HATE", VerdictOutcome.Block)]
    [TestCase("\"HATE\": 0.0625", "hello", VerdictOutcome.Block)]
    public async Task Judge_ScoreAndThreshold_AreComparedAtLeast(string threshold, string text, VerdictOutcome expected)
    {
        await using var judged = await Judged.StartAsync();

        Assert.That(
            (await JudgeAsync(judged, text, operation: $$""" "checks": { "content_filter": { {{threshold}} } } """)).Outcome, Is.EqualTo(expected));
    }

    [Test]
    public async Task Judge_SensitiveInformation_IsMaskedByItsOffsets([Values] bool countsUtf16)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.CountsUtf16 = countsUtf16;
        var builder = new GuardrailContentBuilder();
        builder.AddText("größer: a@b.cc, x@y.zz", new SegmentInfo { Role = SegmentRole.User });
        builder.AddText("nothing", new SegmentInfo { Role = SegmentRole.User });
        builder.AddText("me@x.org 😀", new SegmentInfo { Role = SegmentRole.Tool });
        var content = builder.Build();

        var verdict = await JudgeAsync(judged, content, """ "pii_action": "anonymize" """);

        Assert.That(Judged.Edited(content, verdict), Is.EqualTo(new[] { "größer: {EMAIL}, {EMAIL}", "nothing", "{EMAIL} 😀" }));
        Assert.That(verdict.Findings, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Judge_OffsetsAfterAnEmoji_CoverWhatIsMeantHoweverItIsCounted([Values] bool countsUtf16)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.CountsUtf16 = countsUtf16;
        var content = GuardrailContent.FromText("😀😀 write to me@x.org, please", SegmentRole.User);

        var verdict = await JudgeAsync(judged, content, """ "pii_action": "anonymize" """);

        var start = Encoding.UTF8.GetByteCount("😀😀 write to ");
        Assert.That(
            Enumerable.Range(start, "me@x.org".Length), Has.All.Matches<int>(i => verdict.Edits.Any(e => e.Span.Start <= i && i < e.Span.End)));
    }

    [TestCase("\"results\":{\"contentFilter\"", "\"results\":{\"other\"", TestName = "a check is missing")]
    [TestCase("{\"category\":\"HATE\",\"severityScore\":0.0625},", "", TestName = "a category is missing")]
    [TestCase("\"category\":\"HATE\"", "\"category\":\"SARCASM\"", TestName = "unknown category")]
    [TestCase("\"severityScore\":0.0625", "\"severityScore\":1.5", TestName = "score out of range")]
    [TestCase("\"severityScore\":0.0625", "\"severityScore\":\"low\"", TestName = "score of another type")]
    [TestCase("\"usage\":", "\"used\":", TestName = "no usage of the checks")]
    [TestCase("\"truncated\":false", "\"truncated\":true", TestName = "list was truncated")]
    [TestCase("\"truncated\":false", "\"truncated\":\"no\"", TestName = "truncated of another type")]
    public async Task Judge_AnswerThatDoesNotCoverWhatWasAsked_IsIncomplete(string old, string @new)
    {
        await using var judged = await Judged.StartAsync();
        Change(judged, old, @new);

        Assert.That((await JudgeAsync(judged, "hello")).Failure, Is.EqualTo(Incomplete));
    }

    [TestCase("\"type\":\"EMAIL\"", "\"type\":\"SHOE_SIZE\"", TestName = "unknown entity")]
    [TestCase("\"beginOffset\":3", "\"beginOffset\":-1", TestName = "begins before the text")]
    [TestCase("\"endOffset\":9", "\"endOffset\":10", TestName = "ends behind the text")]
    [TestCase("\"endOffset\":9", "\"endOffset\":3", TestName = "is empty")]
    [TestCase("\"messageIndex\":0", "\"messageIndex\":1", TestName = "lies in no message")]
    [TestCase("\"contentIndex\":0", "\"contentIndex\":1", TestName = "lies in no content")]
    public async Task Judge_EntityThatLiesNowhere_IsIncomplete(string old, string @new)
    {
        await using var judged = await Judged.StartAsync();
        Change(judged, old, @new);

        Assert.That((await JudgeAsync(judged, "to a@b.cc", """ "pii_action": "anonymize" """)).Failure, Is.EqualTo(Incomplete));
    }

    [Test]
    public async Task Judge_BlockBesideATruncatedList_StillBlocks()
    {
        await using var judged = await Judged.StartAsync();

        Assert.That((await JudgeAsync(judged, "FAKE-TRUNCATED FAKE-HATE")).Outcome, Is.EqualTo(VerdictOutcome.Block));
    }

    [Test]
    public async Task Judge_LongConversation_IsAskedInSeveralRequests()
    {
        await using var judged = await Judged.StartAsync();
        var builder = new GuardrailContentBuilder();
        for (var i = 0; i < 100; i++)
        {
            builder.AddText(
                string.Create(CultureInfo.InvariantCulture, $"message {i} ") + new string('x', 900), new SegmentInfo { Role = SegmentRole.User });
        }

        builder.AddText("FAKE-HATE", new SegmentInfo { Role = SegmentRole.User });

        Assert.That((await JudgeAsync(judged, builder.Build())).Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(judged.Fake.Requests.Max(r => r.Body.Length), Is.LessThan(32_000));
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [TestCase("abc", 0, 3, "0+3")]
    [TestCase("abc", 1, 2, "1+1")]
    [TestCase("äöü", 1, 3, "2+4")]
    [TestCase("😀a", 0, 2, "0+5,0+4")]
    [TestCase("😀abc", 2, 3, "5+1,4+1")]
    [TestCase("a😀", 1, 3, "1+4")]
    [TestCase("a😀", 1, 2, "1+4")]
    public void ToUtf8_SpanOfCharacters_IsEveryReadingThatMakesSense(string text, int begin, int end, string expected) =>
        Assert.That(
            CharacterOffsets.ToUtf8(Encoding.UTF8.GetBytes(text), begin, end).Select(s => $"{s.Start}+{s.Length}"), Is.EqualTo(expected.Split(',')));

    [TestCase("abc", 1, 1)]
    [TestCase("abc", 2, 1)]
    [TestCase("abc", 0, 4)]
    [TestCase("abc", 3, 4)]
    [TestCase("", 0, 1)]
    public void ToUtf8_SpanThatIsNone_HasNoAnswer(string text, int begin, int end) =>
        Assert.That(() => CharacterOffsets.ToUtf8(Encoding.UTF8.GetBytes(text), begin, end), Throws.TypeOf<UnusableAnswerException>());

    private static void Change(Judged judged, string old, string @new) => judged.Fake.Faults.Then(Fault.Changed(body =>
    {
        Assert.That(body, Does.Contain(old));
        return body.Replace(old, @new, StringComparison.Ordinal);
    }));

    private static Task<GuardrailVerdict> JudgeAsync(Judged judged, string text, string settings = "", string operation = All) =>
        JudgeAsync(judged, GuardrailContent.FromText(text, SegmentRole.User), settings, operation);

    private static async Task<GuardrailVerdict> JudgeAsync(Judged judged, GuardrailContent content, string settings = "", string operation = All) =>
        await judged.Create(settings, operation: operation).EvaluateAsync(Judged.Call(content), default);
}
