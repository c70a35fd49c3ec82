using LlmGuard.Tests;

namespace LlmGuard.Plugins.RequestSizeLimiter.Tests;

/// <summary>Nothing that a policy may say of this plugin is accepted and ignored.</summary>
public sealed class SizeSettingWalkTests
{
    private static readonly BodyMetrics[] Bodies =
    [
        new() { HasBody = true, WireBytes = 2, DecodedBytes = 2, ContentLength = 2, Characters = 2, Messages = 1, JsonDepth = 1 },
        new() { HasBody = true, WireBytes = 2, DecodedBytes = 2, ContentLength = 2, Characters = 2, Messages = 3, JsonDepth = 1 },
        new() { HasBody = true, WireBytes = 2, DecodedBytes = 2, ContentLength = 2, Characters = 2, Messages = 1, JsonDepth = 3 },
        new() { HasBody = true, WireBytes = 4000, DecodedBytes = 4000, Characters = 10, Messages = 3, JsonDepth = 3 },
        new() { HasBody = true, WireBytes = 4_000_000, DecodedBytes = 4_000_000, ContentLength = 4_000_000, Characters = 100, Messages = 8,
            JsonDepth = 9 },
    ];

    private static readonly string[] Documents =
    [
        .. from size in (string[])["", """ "allowed_payload_size": 2 """, """ "allowed_payload_size": 2, "size_unit": "kilobytes" """,
            """ "size_unit": "bytes" """]
           from other in (string[])["", """ "max_chars_per_request": 5 """, """ "max_messages": 2 """, """ "max_json_depth": 2 """,
               """ "require_content_length": true """]
           select "{" + string.Join(',', new[] { size, other }.Where(static part => part.Length > 0)) + "}",
    ];

    [Test]
    public void Settings_EveryOneInEveryDocument_IsHonouredOrRefused()
    {
        var walk = new SettingWalk(new RequestSizeLimiterPlugin(), BehaviourOf);
        var ignored = walk.FindIgnored(Documents);
        Assert.That(walk.Tried, Is.EqualTo(Documents.Length * 6));
        Assert.That(string.Join('\n', ignored), Is.Empty);
    }

    private static string? BehaviourOf(string document)
    {
        var settings = GuardrailSettings.Parse(document);
        var evaluator = new RequestSizeLimiterPlugin().Create(settings);
        settings.ReportUnread();
        return settings.Problems.Count > 0 ? null : string.Join('\n', Bodies.Select(body => Told(evaluator, body)));
    }

    private static string Told(IGuardrailEvaluator evaluator, BodyMetrics body)
    {
        var call = new GuardrailCall(GuardrailStage.PreRequest, GuardrailContent.Empty) { Body = body };
        var verdict = evaluator.EvaluateAsync(call, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        return $"{verdict.Outcome} {verdict.Refusal?.Reason} {string.Join(',', verdict.ResponseHeaders.Select(static h => $"{h.Key}={h.Value}"))}";
    }
}
