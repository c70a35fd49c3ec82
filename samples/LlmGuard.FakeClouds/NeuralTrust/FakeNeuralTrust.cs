using System.Text.Json;
using System.Text.Json.Nodes;
using LlmGuard.FakeClouds.Hosting;

namespace LlmGuard.FakeClouds.NeuralTrust;

/// <summary>
/// NeuralTrust's firewall and TrustGuard in all forms. A text with <see cref="Jailbreak"/>, <see cref="Toxic"/> or a topic's name after
/// <c>FAKE-TOPIC-</c> scores high; TrustGuard blocks the former two, reports <see cref="Reported"/> and replaces <see cref="Private"/>.
/// </summary>
internal sealed class FakeNeuralTrust : FakeCloud
{
    /// <summary>The static token of the firewall, and the collector's API key of the guard.</summary>
    public const string Token = "nt-fake-token";

    /// <summary>The secret with which tokens of the firewall may be signed instead.</summary>
    public const string SigningKey = "nt-fake-signing-key";

    public const string ClientId = "nt-fake-client";

    public const string ClientSecret = "nt-fake-client-secret";

    public const string CollectorId = "3f2b8c1e-9a54-4f7d-8b1e-0a9d6c5e4f32";

    public const string GatewayId = "gateway-1";

    public const string Jailbreak = "FAKE-JAILBREAK";

    public const string Toxic = "FAKE-TOXIC";

    public const string Reported = "FAKE-REPORT";

    /// <summary>What TrustGuard replaces by <c>[PRIVATE]</c>.</summary>
    public const string Private = "FAKE-PRIVATE";

    /// <summary>The score of what counts.</summary>
    public const double High = 0.93;

    private const double Low = 0.02;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _tokens = [];
    private readonly HashSet<string> _revoked = [];
    private int _issued;

    public override string Name => "neuraltrust_guardrail";

    public override IReadOnlyDictionary<string, string> Secrets => new Dictionary<string, string> { ["NeuralTrust"] = Token };

    /// <summary>Whether <c>/v1/guard</c> speaks the form that was documented first.</summary>
    public bool SpeaksLegacyGuard { get; set; }

    /// <summary>How many tokens TrustGuard handed out.</summary>
    public int TokensIssued => Volatile.Read(ref _issued);

    /// <summary>Takes back all tokens that were in use, before their time.</summary>
    public void RevokeTokens()
    {
        lock (_lock)
        {
            _tokens.Clear();
            _revoked.UnionWith(Requests.Select(r => r.Header("Token")).OfType<string>());
        }
    }

    protected override FakeAnswer Answer(FakeRequest request)
    {
        if (request.Method != "POST" || request.Header("Content-Type") != "application/json" || request.Json() is not { } body)
        {
            return Refuse(400, "expected a JSON POST");
        }

        return request.Path switch
        {
            "/v1/jailbreak" or "/v1/toxicity" or "/v1/prompt-moderation" => Firewall(request, body),
            "/v1/guard" => request.Header("Authorization") == "Bearer " + Token
                ? TrustGuard(body, SpeaksLegacyGuard ? GuardForm.Legacy : GuardForm.Sdk)
                : Error(401),
            "/v1/evaluate" => IsIssued(request) ? TrustGuard(body, GuardForm.Evaluate) : Error(401),
            "/v1/token" => Issue(request, body),
            _ => Refuse(404, "no such path: " + request.Path),
        };
    }

    private static FakeAnswer Error(int status) =>
        new(status, $$"""{"error":"vendor words {{status}}","trace_id":"t-1","request_id":"r-1"}""");

    private static bool Has(string text, string trigger) => text.Contains(trigger, StringComparison.Ordinal);

    private FakeAnswer Refuse(int status, string problem)
    {
        Violate(problem);
        return Error(status);
    }

    private FakeAnswer Firewall(FakeRequest request, JsonElement body)
    {
        if (request.Header("Authorization") is not null)
        {
            return Refuse(400, "the firewall's token goes into the header Token");
        }

        if (request.Header("Token") is not { } token || _revoked.Contains(token) || (token != Token && !FirewallToken.IsValid(token, SigningKey)))
        {
            return Error(401);
        }

        var problems = new List<string>();
        var read = FirewallRequest.Read(body, request.Path == "/v1/prompt-moderation", problems);
        return problems.Count > 0 ? Refuse(400, string.Join("; ", problems)) : new FakeAnswer(200, request.Path switch
        {
            "/v1/jailbreak" => Score(read.Text, "category_scores", "malicious_prompt", Jailbreak),
            "/v1/toxicity" => Score(read.Text, "categories", "toxic_prompt", Toxic),
            _ => Topics(read),
        });
    }

    private static string Score(string text, string map, string name, string trigger) =>
        new JsonArray(new JsonObject { [map] = new JsonObject { [name] = Has(text, trigger) ? High : Low } }).ToJsonString();

    private static string Topics(FirewallRequest read)
    {
        var scores = new JsonObject();
        var blocked = new JsonArray();
        foreach (var (topic, threshold) in read.Topics)
        {
            var probability = Has(read.Text, "FAKE-TOPIC-" + topic) ? High : Low;
            scores[topic] = new JsonObject { ["topic"] = topic, ["probability"] = probability, ["blocked"] = probability >= threshold };
            if (probability >= threshold)
            {
                blocked.Add((JsonNode)topic);
            }
        }

        return new JsonArray(new JsonObject
        {
            ["topic_scores"] = scores,
            ["is_blocked"] = blocked.Count > 0,
            ["blocked_topics"] = blocked,
            ["warnings"] = new JsonArray(),
        }).ToJsonString();
    }

    private bool IsIssued(FakeRequest request)
    {
        lock (_lock)
        {
            return request.Header("Authorization") is { } header && header.StartsWith("Bearer ", StringComparison.Ordinal)
                && _tokens.Contains(header["Bearer ".Length..]);
        }
    }

    private FakeAnswer Issue(FakeRequest request, JsonElement body)
    {
        string[] members = ["grant_type", "client_id", "client_secret", "scope", "collector_id", "gateway_id"];
        if (request.Header("Authorization") is not null || body.EnumerateObject().Count() != members.Length
            || members.Any(m => !body.TryGetProperty(m, out var value) || value.ValueKind != JsonValueKind.String))
        {
            return Refuse(400, "a token request has exactly: " + string.Join(", ", members));
        }

        string Member(string name) => body.GetProperty(name).GetString()!;
        if (Member("grant_type") != "client_credentials" || Member("scope") != "platform"
            || Member("collector_id") != CollectorId || Member("gateway_id") != GatewayId)
        {
            return Refuse(400, "wrong grant, scope, collector or gateway");
        }

        if (Member("client_id") != ClientId || Member("client_secret") != ClientSecret)
        {
            return Error(401);
        }

        var token = "nt-fake-issued-" + Interlocked.Increment(ref _issued);
        lock (_lock)
        {
            _tokens.Add(token);
        }

        return new FakeAnswer(200, $$"""{"access_token":"{{token}}","token_type":"Bearer","expires_in":3600}""");
    }

    private FakeAnswer TrustGuard(JsonElement body, GuardForm form)
    {
        var problems = new List<string>();
        var read = GuardRequest.Read(body, form, GatewayId, problems);
        return problems.Count > 0 ? Refuse(400, string.Join("; ", problems)) : new FakeAnswer(200, GuardAnswer.Of(read, form));
    }
}
