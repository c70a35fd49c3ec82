using System.Text.Json;
using LlmGuard.FakeClouds.External;
using LlmGuard.FakeClouds.Hosting;

namespace LlmGuard.Plugins.ExternalApi.Tests;

public sealed class WebhookTests
{
    [Test]
    public async Task Request_OfACall_IsWhatTheSchemaSays()
    {
        await using var judged = await Judged.StartAsync();
        var builder = new GuardrailContentBuilder();
        builder.AddText("be nice", new SegmentInfo { Role = SegmentRole.System, Kind = SegmentKind.Message });
        builder.AddText("tell \"me\" \u2028 </script> 😀",
            new SegmentInfo { Role = new SegmentRole("wizard"), Kind = SegmentKind.ToolCall, Name = "a\"b", Editability = Editability.Signed });

        var verdict = await judged.WebhookAsync(Judged.CallOf(builder.Build()));

        Assert.That(verdict, Is.SameAs(GuardrailVerdict.Allow));
        Assert.That(judged.Fake.Violations, Is.Empty);
        var body = judged.LastBody;
        Assert.That(body["consumer"]!.GetValue<string>(), Is.EqualTo("alice"));
        Assert.That(body["groups"]!.AsArray().Select(g => g!.GetValue<string>()), Is.EqualTo(new[] { "premium", "beta" }));
        Assert.That(body["direction"]!.GetValue<string>(), Is.EqualTo("request"));
        Assert.That(body["segments"]![0]!["role"]!.GetValue<string>(), Is.EqualTo("system"));
        Assert.That(body["segments"]![1]!["role"], Is.Null);
        Assert.That(body["segments"]![1]!["name"]!.GetValue<string>(), Is.EqualTo("a\"b"));
        Assert.That(body["segments"]![1]!["editable"]!.GetValue<bool>(), Is.False);
        Assert.That(body["segments"]![1]!["text"]!.GetValue<string>(), Is.EqualTo("tell \"me\" \u2028 </script> 😀"));
    }

    [Test]
    public void FakesAnswers_FitTheSchema([Values(FakeExternalApi.Blocked, FakeExternalApi.Flagged, FakeExternalApi.Masked, "x")] string text) =>
        Assert.That(WebhookProtocol.Answer.Check(JsonSerializer.SerializeToElement(WebhookProtocol.Judge([text]))), Is.Empty);

    [Test]
    public async Task Block_ByDefault_ShowsAndRecordsNothingTheServiceWrote()
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await judged.WebhookAsync(FakeExternalApi.Blocked);

        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(verdict.Refusal, Is.EqualTo(new GuardrailRefusal { Reason = "webhook", StatusCode = 451 }));
        Assert.That(verdict.Findings.Single().Rule, Is.EqualTo("webhook"));
    }

    [Test]
    public async Task Block_DeclaredReasonAndShownMessage_AreUsed()
    {
        await using var judged = await Judged.StartAsync();

        var shown = await judged.WebhookAsync(FakeExternalApi.Blocked, """ "reasons": ["forbidden"], "show_message": true """);
        var templated =
            await judged.WebhookAsync(FakeExternalApi.Blocked, """ "reasons": ["forbidden"], "actions": { "message": "No %s, 100%." } """);

        Assert.That(shown.Refusal!.Message, Is.EqualTo("Our rules forbid this."));
        Assert.That(shown.Refusal.Reason, Is.EqualTo("forbidden"));
        Assert.That(templated.Refusal!.Message, Is.EqualTo("No forbidden, 100%."));
    }

    [TestCase("""{"version":1,"action":"block","reason":7,"message":{},"status":"x","findings":3}""")]
    [TestCase("""{"version":1,"action":"block","message":"a\r\nb","status":503}""")]
    [TestCase("""{"version":1,"action":"block","findings":[{"segment":99}]}""")]
    public async Task Block_WithNonsenseAround_StillBlocks(string answer)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Always = Fault.Instead(200, answer);

        var verdict = await judged.WebhookAsync("x", """ "show_message": true """);

        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(verdict.Refusal, Is.EqualTo(new GuardrailRefusal { Reason = "webhook" }));
    }

    [TestCase("""{"version":2,"action":"allow"}""")]
    [TestCase("""{"version":"1","action":"allow"}""")]
    [TestCase("""{"action":"allow"}""")]
    [TestCase("""{"version":1,"action":"ALLOW"}""")]
    [TestCase("""{"version":1,"action":null}""")]
    [TestCase("""{"version":1,"action":"allow","action":"allow"}""")]
    [TestCase("""{"version":1,"action":"allow","edits":[{"segment":0,"text":"y"}]}""")]
    [TestCase("""{"version":1,"action":"flag","edits":[{"segment":0,"text":"y"}]}""")]
    [TestCase("""{"version":1,"action":"flag","reason":["x"]}""")]
    [TestCase("""{"version":1,"action":"flag","findings":[{"segment":1}]}""")]
    [TestCase("""{"version":1,"action":"mask"}""")]
    [TestCase("""{"version":1,"action":"mask","edits":[]}""")]
    [TestCase("""{"version":1,"action":"mask","edits":[{"segment":0,"text":"ab😀cd"}]}""")]
    [TestCase("""{"version":1,"action":"mask","edits":[{"segment":1,"text":"y"}]}""")]
    [TestCase("""{"version":1,"action":"mask","edits":[{"segment":0,"start":0,"end":1,"replacement":"y"}]}""")]
    [TestCase("""{"version":1,"action":"mask","unit":"runes","edits":[{"segment":0,"start":0,"end":1,"replacement":"y"}]}""")]
    [TestCase("""{"version":1,"action":"mask","unit":"utf16","edits":[{"segment":0,"start":0,"end":1}]}""")]
    [TestCase("""{"version":1,"action":"mask","unit":"utf16","edits":[{"segment":0,"start":1,"end":1,"replacement":"y"}]}""")]
    [TestCase("""{"version":1,"action":"mask","unit":"utf16","edits":[{"segment":0,"start":0,"end":3,"replacement":"y"}]}""")]
    [TestCase("""{"version":1,"action":"mask","unit":"utf16","edits":[{"segment":0,"start":0,"end":7,"replacement":"y"}]}""")]
    [TestCase("""{"version":1,"action":"mask","unit":"bytes","edits":[{"segment":0,"start":2,"end":4,"replacement":"y"}]}""")]
    [TestCase("""{"version":1,"action":"mask","unit":"code_points","edits":[{"segment":0,"start":0,"end":6,"replacement":"y"}]}""")]
    [TestCase("""{"version":1,"action":"mask","unit":"utf16","edits":[{"segment":0,"start":0,"end":1,"replacement":"\ud800"}]}""")]
    public async Task Answer_ThatIsNoVerdict_IsIncompleteAndNeverAPass(string answer)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Always = Fault.Instead(200, answer);

        var verdict = await judged.WebhookAsync("ab😀cd");

        Assert.That(verdict.Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Input, FailureReasons.VerdictIncomplete)));
    }

    [TestCase("utf16", 2, 4)]
    [TestCase("code_points", 2, 3)]
    [TestCase("bytes", 2, 6)]
    public async Task Mask_InEveryUnit_HitsTheSameBytes(string unit, int start, int end)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Always = Fault.Instead(
            200, $$"""{"version":1,"action":"mask","unit":"{{unit}}","edits":[{"segment":0,"start":{{start}},"end":{{end}},"replacement":"[X]"}]}""");

        var verdict = await judged.WebhookAsync("ab😀cd");

        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Modify));
        Assert.That(verdict.Edits.Single().Span, Is.EqualTo(new TextSpan(2, 4)));
    }

    [Test]
    public async Task Mask_ByWholeText_TouchesOnlyWhatDiffers()
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Always = Fault.Instead(200, """{"version":1,"action":"mask","edits":[{"segment":0,"text":"call [PHONE] now"}]}""");

        var verdict = await judged.WebhookAsync("call 555-0100 now");

        Assert.That(verdict.Edits.Single().Span, Is.EqualTo(new TextSpan(5, 8)));
    }

    [Test]
    public async Task Mask_OfSignedTextOrAtPostRequest_FailsInsteadOfPassing([Values] bool isSigned)
    {
        await using var judged = await Judged.StartAsync();
        var builder = new GuardrailContentBuilder();
        builder.AddText(
            FakeExternalApi.Masked, new SegmentInfo { Role = SegmentRole.Assistant, Editability = isSigned ? Editability.Signed : Editability.Span });

        var verdict = await judged.WebhookAsync(Judged.CallOf(builder.Build(), isSigned ? GuardrailStage.PreRequest : GuardrailStage.PostRequest));

        Assert.That(verdict.Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Input, FailureReasons.MaskNotApplicable)));
    }

    [Test]
    public async Task Mask_AcrossWindowsOfALongText_HitsEveryPlaceOnce()
    {
        await using var judged = await Judged.StartAsync();
        var text = string.Join(' ', Enumerable.Repeat("lorem 中 " + FakeExternalApi.Masked + " ipsum", 400));

        var verdict = await judged.WebhookAsync(text, """ "max_text_bytes": 1024 """);

        Assert.That(verdict.Edits, Has.Count.EqualTo(400));
        Assert.That(judged.Fake.RequestCount, Is.GreaterThan(10));
        Assert.That(judged.Fake.Violations, Is.Empty);
    }

    [Test]
    public async Task Flag_OfTheService_IsAFindingAndNoMore()
    {
        await using var judged = await Judged.StartAsync();

        var verdict = await judged.WebhookAsync(FakeExternalApi.Flagged, """ "reasons": ["odd"] """);

        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Flag));
        Assert.That(verdict.Findings.Single().Rule, Is.EqualTo("odd"));
    }
}
