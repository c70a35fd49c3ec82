using System.Text.Json.Nodes;

namespace LlmGuard.FakeClouds.NeuralTrust;

/// <summary>What TrustGuard answers.</summary>
internal static class GuardAnswer
{
    private const string Masked = "[PRIVATE]";

    public static string Of(GuardRequest request, GuardForm form)
    {
        var texts = request.Messages.Select(m => m.Text).Concat(request.Attachments).ToArray();
        var type = Has(texts, FakeNeuralTrust.Jailbreak) ? "jailbreak"
            : Has(texts, FakeNeuralTrust.Toxic) ? "toxicity"
            : Has(texts, FakeNeuralTrust.Private) ? "pii"
            : Has(texts, FakeNeuralTrust.Reported) ? "topic"
            : null;
        var status = type switch
        {
            null => "",
            "pii" => "transform",
            "topic" => "report",
            _ => "block",
        };
        return (form switch
        {
            GuardForm.Legacy => Legacy(request, type, status),
            GuardForm.Sdk => Sdk(request, type, status),
            _ => Evaluate(request, type, status),
        }).ToJsonString();
    }

    private static bool Has(string[] texts, string trigger) => texts.Any(t => t.Contains(trigger, StringComparison.Ordinal));

    private static JsonObject? Transformed(GuardRequest request, string status) => status != "transform" ? null : new JsonObject
    {
        ["messages"] = new JsonArray([.. request.Messages.Select(m => (JsonNode)new JsonObject
        {
            ["role"] = m.Role,
            ["content"] = m.Text.Replace(FakeNeuralTrust.Private, Masked, StringComparison.Ordinal),
        })]),
    };

    private static JsonObject Legacy(GuardRequest request, string? type, string status) => new()
    {
        ["is_flagged"] = status is "block" or "transform",
        ["transformed_payload"] = Transformed(request, status),
        ["findings"] = type is null ? [] : new JsonArray(new JsonObject
        {
            ["detection_type"] = type,
            ["confidence"] = FakeNeuralTrust.High,
            ["rule_name"] = "rule",
            ["is_flagged"] = status is "block" or "transform",
        }),
    };

    private static JsonObject Sdk(GuardRequest request, string? type, string status) => new()
    {
        ["status"] = status,
        ["transformed_payload"] = Transformed(request, status),
        ["findings"] = type is null ? [] : new JsonArray(new JsonObject
        {
            ["detection_type"] = type,
            ["confidence"] = FakeNeuralTrust.High,
            ["rule_name"] = "rule",
            ["status"] = status,
            ["policy_id"] = "p-1",
            ["detector_id"] = "d-1",
            ["action"] = status,
            ["details"] = null,
        }),
        ["trace_id"] = "t-1",
        ["request_id"] = "r-1",
    };

    private static JsonObject Evaluate(GuardRequest request, string? type, string status) => new()
    {
        ["status"] = status.Length == 0 ? "allow" : status,
        ["transformed_payload"] = Transformed(request, status),
        ["findings"] = type is null ? [] : new JsonArray(new JsonObject
        {
            ["source"] =
                new JsonObject { ["kind"] = "detector", ["plugin"] = "p", ["detector_id"] = "d-1",
                ["detector_name"] = "D", ["policy_id"] = "p-1", ["gate_name"] = "g" },
            ["signal"] = new JsonObject { ["type"] = type, ["confidence"] = FakeNeuralTrust.High },
            ["outcome"] = new JsonObject { ["action"] = status },
            ["evidence"] = new JsonObject(),
        }),
        ["trace_id"] = "t-1",
        ["request_id"] = "r-1",
    };
}
