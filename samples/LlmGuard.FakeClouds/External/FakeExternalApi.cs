using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LlmGuard.FakeClouds.Hosting;

namespace LlmGuard.FakeClouds.External;

/// <summary>
/// A guardrail somebody wrote: <c>POST /guardrail</c> speaks the webhook protocol, <c>/check</c> an interface of its own for templates and
/// conditions, <c>/status/418</c> answers with that status. A text that holds one of the trigger words is blocked, flagged or masked.
/// </summary>
internal sealed partial class FakeExternalApi : FakeCloud
{
    /// <summary>The token it accepts.</summary>
    public const string Token = "fake-external-token";

    /// <summary>The key with which requests to the webhook are signed.</summary>
    public const string SigningKey = "fake-external-signing-key-0123456789";

    /// <summary>The words.</summary>
    public const string Blocked = "FAKE-BLOCK", Flagged = "FAKE-FLAG", Masked = "FAKE-MASK";

    public override string Name => "external_api";

    public override Uri Endpoint => new(Address, "guardrail");

    public override IReadOnlyDictionary<string, string> Secrets =>
        new Dictionary<string, string> { ["GuardrailAuthorization"] = "Bearer " + Token, ["GuardrailSigningKey"] = SigningKey };

    /// <summary>The address of the webhook.</summary>
    public Uri Webhook => new(Address, "guardrail");

    /// <summary>The address of the interface of its own.</summary>
    public Uri Check => new(Address, "check");

    protected override FakeAnswer Answer(FakeRequest request)
    {
        if (request.Header("Authorization") != "Bearer " + Token)
        {
            return new FakeAnswer(401, """{"error":"unauthorized"}""");
        }

        return request.Path switch
        {
            "/guardrail" => AnswerWebhook(request),
            "/check" => AnswerCheck(request),
            _ when StatusPath().Match(request.Path) is { Success: true } status =>
                new FakeAnswer(int.Parse(status.Groups[1].Value, null), """{"verdict":"allow","score":0.5}"""),
            _ => Refuse(404, $"{request.Method} {request.Path}"),
        };
    }

    [GeneratedRegex("^/status/([0-9]{3})$")]
    private static partial Regex StatusPath();

    private FakeAnswer AnswerWebhook(FakeRequest request)
    {
        if (request.Method != "POST" || request.Header("Content-Type") != "application/json")
        {
            return Refuse(405, $"{request.Method} with {request.Header("Content-Type")}");
        }

        if (WebhookSignature.ProblemOf(request, SigningKey, TimeProvider.System.GetUtcNow()) is { } problem)
        {
            Violate(problem);
            return new FakeAnswer(401, """{"error":"bad signature"}""");
        }

        if (request.Json() is not { } body || WebhookProtocol.Request.Check(body) is not [])
        {
            return Refuse(400, "not a request of version 1: " + (request.Json() is { } json
                ? string.Join("; ", WebhookProtocol.Request.Check(json))
                : "no strict JSON"));
        }

        var segments = body.GetProperty("segments").EnumerateArray().Select(s => s.GetProperty("text").GetString()!).ToArray();
        return new FakeAnswer(200, WebhookProtocol.Judge(segments).ToJsonString());
    }

    private FakeAnswer AnswerCheck(FakeRequest request)
    {
        var text = request.Method == "GET" ? request.Query.GetValueOrDefault("text") : TextOf(request);
        if (text is null)
        {
            return Refuse(400, "a check without text");
        }

        var at = text.IndexOf(Masked, StringComparison.Ordinal);
        return new FakeAnswer(200, new JsonObject
        {
            ["verdict"] = text.Contains(Blocked, StringComparison.Ordinal) ? "block"
                : text.Contains(Flagged, StringComparison.Ordinal) ? "review" : "allow",
            ["score"] = text.Contains(Blocked, StringComparison.Ordinal) ? 0.97 : 0.02,
            ["labels"] = text.Contains(Flagged, StringComparison.Ordinal) ? new JsonArray("odd") : new JsonArray(),
            ["results"] = new JsonArray(new JsonObject { ["name"] = "toxicity", ["hit"] = text.Contains(Blocked, StringComparison.Ordinal) }),
            ["entities"] = at < 0 ? new JsonArray() : new JsonArray(new JsonObject { ["from"] = at, ["size"] = Masked.Length, ["as"] = "[FAKE]" }),
            ["redacted"] = text.Replace(Masked, "[FAKE]", StringComparison.Ordinal),
        }.ToJsonString());
    }

    private static string? TextOf(FakeRequest request) =>
        request.Json() is { ValueKind: System.Text.Json.JsonValueKind.Object } body && body.TryGetProperty("text", out var text)
            && text.ValueKind == System.Text.Json.JsonValueKind.String
            ? text.GetString()
            : null;

    private FakeAnswer Refuse(int status, string problem)
    {
        Violate(problem);
        return new FakeAnswer(status, new JsonObject { ["error"] = problem }.ToJsonString());
    }
}
