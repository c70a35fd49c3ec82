namespace LlmGuard.Plugins.RequestSizeLimiter.Tests;

public sealed class RequestSizeVerdictTests
{
    private const string All =
        """
        {"allowed_payload_size": 100, "size_unit": "bytes", "max_chars_per_request": 50, "max_messages": 5, "max_json_depth": 4,
         "require_content_length": true}
        """;

    private static readonly BodyMetrics AtEveryLimit = new()
    {
        HasBody = true, ContentLength = 100, WireBytes = 100, DecodedBytes = 100, Characters = 50, Messages = 5, JsonDepth = 4,
    };

    private static IEnumerable<TestCaseData> Excesses()
    {
        var length = (411, "content_length_required", "require_content_length");
        var bytes = (413, "too_many_bytes", "allowed_payload_size");
        var depth = (413, "too_deep", "max_json_depth");
        var characters = (413, "too_many_characters", "max_chars_per_request");
        var messages = (413, "too_many_messages", "max_messages");

        yield return Case("bytes", AtEveryLimit with { WireBytes = 101, DecodedBytes = 101 }, bytes, "The request has 101 bytes; the limit is 100.");
        yield return Case("bytes once decoded", AtEveryLimit with { DecodedBytes = 4000 }, bytes, "The request has 4000 bytes; the limit is 100.");
        yield return Case("bytes as sent", AtEveryLimit with { WireBytes = 120 }, bytes, "The request has 120 bytes; the limit is 100.");
        yield return Case(
            "bytes as stated",
            AtEveryLimit with { ContentLength = 5000, WireBytes = 0, DecodedBytes = 0, IsTruncated = true },
            bytes,
            "The request has 5000 bytes; the limit is 100.");
        yield return Case(
            "cut at the limit",
            AtEveryLimit with { ContentLength = 60, IsTruncated = true },
            bytes,
            "The request has more than 100 bytes; the limit is 100.");
        yield return Case("characters", AtEveryLimit with { Characters = 51 }, characters, "The request has 51 characters; the limit is 50.");
        yield return Case("messages", AtEveryLimit with { Messages = 6 }, messages, "The request has 6 messages; the limit is 5.");
        yield return Case("depth", AtEveryLimit with { JsonDepth = 5 }, depth, "The request has 5 levels of JSON nesting; the limit is 4.");
        yield return Case(
            "depth where reading stopped",
            AtEveryLimit with { IsTruncated = true, IsTooDeep = true },
            depth,
            "The request has more than 4 levels of JSON nesting; the limit is 4.");
        yield return Case(
            "depth not counted",
            AtEveryLimit with { JsonDepth = 0, IsTruncated = true, IsTooDeep = true },
            depth,
            "The request has more than 4 levels of JSON nesting; the limit is 4.");
        yield return Case("no length", AtEveryLimit with { ContentLength = null }, length, "Content-Length header is required.");
        yield return Case(
            "no length before too large",
            AtEveryLimit with { ContentLength = null, DecodedBytes = 4000 },
            length,
            "Content-Length header is required.");
        yield return Case(
            "bytes before characters",
            AtEveryLimit with { DecodedBytes = 4000, Characters = 4000 },
            bytes,
            "The request has 4000 bytes; the limit is 100.");
    }

    private static TestCaseData Case(string name, BodyMetrics body, (int Status, string Reason, string Rule) limit, string message) =>
        new TestCaseData(body, limit.Status, limit.Reason, limit.Rule, message).SetName("Evaluate_Excess_IsRefused: " + name);

    [TestCaseSource(nameof(Excesses))]
    public async Task Evaluate_Excess_IsRefused(BodyMetrics body, int status, string reason, string rule, string message)
    {
        var verdict = await Judge(All, body);
        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(verdict.Refusal, Is.EqualTo(new GuardrailRefusal { StatusCode = status, Reason = reason, Message = message }));
        Assert.That(verdict.Findings, Is.EqualTo(new[] { new GuardrailFinding(rule, "size") }));
        Assert.That(Names(verdict), Does.Contain("X-Request-Size-Bytes").And.Contain("X-Size-Limit-Bytes").And.Contain("X-Size-Limit-Chars"));
    }

    private static IEnumerable<TestCaseData> Acceptable()
    {
        yield return new TestCaseData(AtEveryLimit).SetName("Evaluate_WithinLimits_Allows: at every limit");
        yield return new TestCaseData(default(BodyMetrics)).SetName("Evaluate_WithinLimits_Allows: no body and so no length");
        yield return new TestCaseData(new BodyMetrics { HasBody = true, ContentLength = 0 }).SetName("Evaluate_WithinLimits_Allows: empty body");
        yield return new TestCaseData(AtEveryLimit with { ContentLength = 80, WireBytes = 80, DecodedBytes = 80, IsTruncated = true })
            .SetName("Evaluate_WithinLimits_Allows: cut at a smaller limit of somebody else");
        yield return new TestCaseData(AtEveryLimit with { JsonDepth = 3, IsTruncated = true, IsTooDeep = true })
            .SetName("Evaluate_WithinLimits_Allows: too deep for somebody else");
    }

    [TestCaseSource(nameof(Acceptable))]
    public async Task Evaluate_WithinLimits_Allows(BodyMetrics body)
    {
        Assert.That((await Judge(All, body)).Outcome, Is.EqualTo(VerdictOutcome.Allow));
    }

    [Test]
    public async Task Evaluate_DefaultSettings_LimitBytesOnly()
    {
        var body = new BodyMetrics { HasBody = true, WireBytes = 10 << 20, DecodedBytes = 10 << 20, Characters = 10 << 20, Messages = 100_000,
            JsonDepth = 1000 };
        Assert.That((await Judge("{}", body)).Outcome, Is.EqualTo(VerdictOutcome.Allow));
        Assert.That((await Judge("{}", body with { DecodedBytes = (10 << 20) + 1 })).Refusal!.StatusCode, Is.EqualTo(413));
    }

    [Test]
    public async Task Evaluate_Allowed_TellsSizesAndLimits()
    {
        var verdict = await Judge(All, AtEveryLimit with { DecodedBytes = 90, WireBytes = 70, ContentLength = 70, Characters = 42 });
        Assert.That(verdict.ResponseHeaders, Is.EqualTo(new Dictionary<string, string>
        {
            ["X-Request-Size-Bytes"] = "90", ["X-Request-Size-Chars"] = "42", ["X-Size-Limit-Bytes"] = "100", ["X-Size-Limit-Chars"] = "50",
        }));
    }

    [Test]
    public async Task Evaluate_NoLimitOnCharacters_TellsNone()
    {
        Assert.That(
            Names(await Judge("{}", AtEveryLimit)), Is.EqualTo(new[] { "X-Request-Size-Bytes", "X-Request-Size-Chars", "X-Size-Limit-Bytes" }));
    }

    [Test]
    public async Task Evaluate_BodyNotReadToItsEnd_TellsNoCharacters()
    {
        Assert.That(Names(await Judge(All, AtEveryLimit with { IsTruncated = true })), Does.Not.Contain("X-Request-Size-Chars"));
    }

    [Test]
    public async Task Evaluate_Content_IsNotQuoted()
    {
        var call = new GuardrailCall(GuardrailStage.PreRequest,
            GuardrailContent.FromText("marker", SegmentRole.User)) { Body = AtEveryLimit with { Messages = 6 } };
        var verdict = await new RequestSizeLimiterPlugin().Create(GuardrailSettings.Parse(All)).EvaluateAsync(call, CancellationToken.None);
        Assert.That(string.Join(' ', verdict, verdict.Refusal, string.Join(' ', verdict.Findings), string.Join(' ', verdict.ResponseHeaders)),
            Does.Not.Contain("marker"));
    }

    private static async Task<GuardrailVerdict> Judge(string settings, BodyMetrics body)
    {
        var call = new GuardrailCall(GuardrailStage.PreRequest, GuardrailContent.Empty) { Body = body };
        return await new RequestSizeLimiterPlugin().Create(GuardrailSettings.Parse(settings)).EvaluateAsync(call, CancellationToken.None);
    }

    private static string[] Names(GuardrailVerdict verdict) => [.. verdict.ResponseHeaders.Select(h => h.Key)];
}
