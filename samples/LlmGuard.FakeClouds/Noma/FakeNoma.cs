using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LlmGuard.FakeClouds.Hosting;

namespace LlmGuard.FakeClouds.Noma;

/// <summary>
/// Noma's three scan endpoints and its token endpoint. A text with <see cref="Unsafe"/> is unsafe, one with an e-mail address holds sensitive data
/// and comes back with asterisks.
/// </summary>
internal sealed partial class FakeNoma : FakeCloud
{
    /// <summary>The API key it accepts.</summary>
    public const string Key = "noma-fake-api-key";

    public const string ClientId = "noma-fake-client";

    public const string ClientSecret = "noma-fake-client-secret";

    /// <summary>The word that is unsafe.</summary>
    public const string Unsafe = "FAKE-UNSAFE";

    private const string ScanPath = "/ai-dr/v2/prompt/scan";
    private const string AggregatePath = "/ai-dr/v1/prompt/scan/aggregate";

    private static readonly string[] ScanPaths = [ScanPath, AggregatePath, "/litellm/guardrail"];

    private readonly Lock _lock = new();
    private readonly HashSet<string> _tokens = [];
    private int _issued;

    public override string Name => "noma_runtime_protection";

    public override IReadOnlyDictionary<string, string> Secrets => new Dictionary<string, string> { ["Noma"] = ClientSecret };

    /// <summary>Whether answers of the scan carry <c>aggregatedAction</c>, as newer ones do.</summary>
    public bool TellsAction { get; set; } = true;

    /// <summary>Whether it asks for credentials, as Noma's own service does.</summary>
    public bool NeedsCredentials { get; set; } = true;

    /// <summary>How long tokens live, in seconds; null to leave it out.</summary>
    public int? TokenLifetime { get; set; } = 3600;

    /// <summary>How many tokens were handed out.</summary>
    public int TokensIssued => Volatile.Read(ref _issued);

    /// <summary>Takes back all tokens before their time.</summary>
    public void RevokeTokens()
    {
        lock (_lock)
        {
            _tokens.Clear();
        }
    }

    protected override FakeAnswer Answer(FakeRequest request)
    {
        if (request.Method != "POST" || request.Header("Content-Type") != "application/json" || request.Json() is not { } body)
        {
            return Refuse(400, "expected a JSON POST");
        }

        if (request.Path is "/auth" or "/v1/oauth/token")
        {
            return Token(request, JsonNode.Parse(body.GetRawText())!);
        }

        if (!ScanPaths.Contains(request.Path, StringComparer.Ordinal))
        {
            return Refuse(404, "no such path: " + request.Path);
        }

        if (NeedsCredentials && !IsAuthorized(request))
        {
            return Error(401, "Unauthorized");
        }

        var problems = new List<string>();
        var answer = request.Path switch
        {
            ScanPath => Scan(NomaScanRequest.Read(body, problems)),
            AggregatePath => Aggregate(NomaAggregateRequest.Read(request, body, problems)),
            _ => Guardrail(NomaGuardrailRequest.Read(body, problems)),
        };
        return problems.Count > 0 ? Refuse(400, string.Join("; ", problems))
            : answer;
    }

    [GeneratedRegex(@"[A-Za-z0-9.]+@[A-Za-z0-9]+\.[A-Za-z]+")]
    private static partial Regex Email { get; }

    private static string Anonymized(string text) => Email.Replace(text, static match => new string('*', match.Length));

    private static bool IsUnsafe(string text) => text.Contains(Unsafe, StringComparison.Ordinal);

    private static FakeAnswer Error(int status, string message) => new(status, new JsonObject { ["message"] = message }.ToJsonString());

    private FakeAnswer Refuse(int status, string problem)
    {
        Violate(problem);
        return Error(status, problem);
    }

    private bool IsAuthorized(FakeRequest request)
    {
        if (request.Header("Authorization") is not { } header || !header.StartsWith("Bearer ", StringComparison.Ordinal))
        {
            return false;
        }

        lock (_lock)
        {
            return header["Bearer ".Length..] is var token && (token == Key || _tokens.Contains(token));
        }
    }

    private FakeAnswer Token(FakeRequest request, JsonNode body)
    {
        if (body is not JsonObject { Count: 2 } || request.Header("Authorization") is not null)
        {
            return Refuse(400, "a token request is clientId and secret, and nothing else");
        }

        if ((string?)body["clientId"] != ClientId || (string?)body["secret"] != ClientSecret)
        {
            return Error(401, "Invalid client credentials");
        }

        var token = "noma-fake-token-" + Interlocked.Increment(ref _issued);
        lock (_lock)
        {
            _tokens.Add(token);
        }

        var answer = new JsonObject { ["accessToken"] = token };
        if (TokenLifetime is { } seconds)
        {
            answer["expiresIn"] = seconds;
        }

        return new FakeAnswer(200, answer.ToJsonString());
    }

    private FakeAnswer Scan(IReadOnlyList<NomaScanItem> items)
    {
        var isUnsafe = items.Any(i => IsUnsafe(i.Text));
        var isSensitive = items.Any(i => Email.IsMatch(i.Text));
        var results = new JsonArray();
        foreach (var item in items)
        {
            var result = new JsonObject { ["type"] = item.Type, ["results"] = Detectors(item.Text) };
            if (item.Role is not null)
            {
                result["role"] = item.Role;
            }

            results.Add(result);
        }

        var answer = new JsonObject { ["aggregatedScanResult"] = isUnsafe || isSensitive, ["scanResult"] = results };
        if (TellsAction)
        {
            answer["aggregatedAction"] = isUnsafe ? "block" : isSensitive ? "mask" : "allow";
        }

        return new FakeAnswer(200, answer.ToJsonString());
    }

    private static FakeAnswer Aggregate(string text)
    {
        var side = text.StartsWith("response:", StringComparison.Ordinal) ? "response" : "prompt";
        var scanned = text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return new FakeAnswer(200, new JsonObject
        {
            ["verdict"] = !IsUnsafe(scanned) && !Email.IsMatch(scanned),
            ["originalResponse"] = new JsonObject { [side] = Detectors(scanned) },
        }.ToJsonString());
    }

    private static FakeAnswer Guardrail((IReadOnlyList<string> Texts, IReadOnlyList<string> Images) inputs)
    {
        var texts = inputs.Texts;
        if (texts.Concat(inputs.Images).Any(IsUnsafe))
        {
            return new FakeAnswer(200, """{"action":"BLOCKED","blocked_reason":"vendor words"}""");
        }

        if (!texts.Any(Email.IsMatch))
        {
            return new FakeAnswer(200, """{"action":"NONE"}""");
        }

        return new FakeAnswer(200, new JsonObject
        {
            ["action"] = "GUARDRAIL_INTERVENED",
            ["texts"] = new JsonArray([.. texts.Select(t => (JsonNode)Email.Replace(t, "<EMAIL>"))]),
        }.ToJsonString());
    }

    private static JsonObject Detectors(string text)
    {
        var isSensitive = Email.IsMatch(text);
        var results = new JsonObject
        {
            ["harmfulContent"] = Detector(IsUnsafe(text)),
            ["maliciousIntent"] = Detector(false),
            ["sensitiveData"] = new JsonObject { ["email"] = Detector(isSensitive), ["PCI"] = Detector(false) },
            ["metadata"] = new JsonObject { ["result"] = true },
        };
        if (isSensitive)
        {
            results["anonymizedContent"] = new JsonObject { ["anonymized"] = Anonymized(text) };
        }

        return results;
    }

    private static JsonObject Detector(bool result) => new() { ["result"] = result, ["probability"] = result ? 0.98 : 0.02, ["status"] = "SUCCESS" };
}
