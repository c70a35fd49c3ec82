using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LlmGuard.FakeClouds.Bedrock;

/// <summary>
/// A guardrail with every policy. Words such as <c>FAKE-TOPIC</c> and <c>FAKE-VIOLENCE</c> are denied; e-mail addresses and <c>TCK-1234</c> are
/// masked, social security numbers block; an answer is grounded when half of its words stand in the sources.
/// </summary>
internal static partial class FakeGuardrail
{
    /// <summary>What its owner wants blocked callers to read.</summary>
    public const string BlockedMessage = "Sorry, the model cannot answer this question.";

    private const int UnitCharacters = 1000;
    private const double GroundingThreshold = 0.5;

    private static readonly string[] ContentTypes = ["INSULTS", "HATE", "SEXUAL", "VIOLENCE", "MISCONDUCT", "PROMPT_ATTACK"];

    /// <summary>The word that makes it block for a content filter.</summary>
    public static string TriggerOf(string contentType) => "FAKE-" + contentType.Replace('_', '-');

    /// <summary>Judges a request.</summary>
    public static JsonObject Answer(ApplyGuardrailRequest request, string guardrailId, string version)
    {
        var guarded = request.Texts.Where(t => t.IsGuarded).Select(t => t.Text).ToArray();
        var text = string.Join('\n', guarded);
        var seen = string.Join('\n', guarded.Concat(request.Images));
        var assessment = new JsonObject();
        var actions = new List<string>();
        void Add(string policy, JsonObject? found)
        {
            if (found is not null)
            {
                assessment[policy] = found;
                actions.AddRange(found.SelectMany(p => p.Value!.AsArray()).Select(e => e!["action"]?.GetValue<string>() ?? "NONE"));
            }
        }

        Add("topicPolicy", Policy("topics", Topics(text)));
        Add("contentPolicy", Policy("filters", ContentFilters(seen, request.IsFull)));
        Add("wordPolicy", Words(text));
        Add("sensitiveInformationPolicy", SensitiveInformation(text));
        var isGrounded = request.Source == "OUTPUT" && request.Texts.Any(t => t.Is("grounding_source")) && request.Texts.Any(t => t.Is("query"));
        Add("contextualGroundingPolicy", isGrounded ? Policy("filters", Grounding(request, text)) : null);
        Add("automatedReasoningPolicy", Policy("findings", Reasoning(text)));
        var usage = Usage(text, request.Images.Count, isGrounded);
        var coverage = Coverage(request, text);
        assessment["invocationMetrics"] =
            new JsonObject { ["guardrailProcessingLatency"] = 12, ["usage"] = usage.DeepClone(), ["guardrailCoverage"] = coverage.DeepClone() };
        assessment["appliedGuardrailDetails"] = new JsonObject
        {
            ["guardrailId"] = guardrailId,
            ["guardrailVersion"] = version,
            ["guardrailOrigin"] = new JsonArray("REQUEST"),
            ["guardrailOwnership"] = "SELF",
        };
        var isBlocked = actions.Contains("BLOCKED");
        var isMasked = actions.Contains("ANONYMIZED");
        var answer = new JsonObject
        {
            ["usage"] = usage,
            ["action"] = isBlocked || isMasked ? "GUARDRAIL_INTERVENED" : "NONE",
            ["outputs"] = isBlocked ? new JsonArray(new JsonObject { ["text"] = BlockedMessage })
                : isMasked ? new JsonArray([.. guarded.Select(t => new JsonObject { ["text"] = Masked(t) })])
                : new JsonArray(),
            ["assessments"] = new JsonArray(assessment),
            ["guardrailCoverage"] = coverage,
        };
        if (isBlocked || isMasked)
        {
            answer["actionReason"] = isBlocked ? "Guardrail blocked." : "Guardrail masked.";
        }

        return answer;
    }

    [GeneratedRegex(@"[a-z0-9.]+@[a-z0-9-]+\.[a-z]{2,}", RegexOptions.CultureInvariant)]
    private static partial Regex Email { get; }

    [GeneratedRegex(@"[0-9]{3}-[0-9]{2}-[0-9]{4}", RegexOptions.CultureInvariant)]
    private static partial Regex SocialSecurityNumber { get; }

    [GeneratedRegex("TCK-[0-9]{4}", RegexOptions.CultureInvariant)]
    private static partial Regex Ticket { get; }

    private static string Masked(string text) => Ticket.Replace(Email.Replace(text, "{EMAIL}"), "{ticket}");

    private static JsonObject? Policy(string list, IEnumerable<JsonNode> entries) =>
        entries.ToArray() is { Length: > 0 } found ? new JsonObject { [list] = new JsonArray(found) } : null;

    private static IEnumerable<JsonNode> Topics(string text) => text.Contains("FAKE-TOPIC", StringComparison.Ordinal)
        ? [new JsonObject { ["name"] = "Investment advice", ["type"] = "DENY", ["action"] = "BLOCKED", ["detected"] = true }]
        : [];

    private static IEnumerable<JsonNode> ContentFilters(string text, bool isFull)
    {
        foreach (var type in ContentTypes)
        {
            var isHit = text.Contains(TriggerOf(type), StringComparison.Ordinal);
            var isDetected = type == "HATE" && text.Contains("FAKE-DETECTED", StringComparison.Ordinal);
            if (isHit || isDetected || isFull)
            {
                yield return new JsonObject
                {
                    ["type"] = type,
                    ["confidence"] = isHit ? "HIGH" : isDetected ? "LOW" : "NONE",
                    ["filterStrength"] = "MEDIUM",
                    ["action"] = isHit ? "BLOCKED" : "NONE",
                    ["detected"] = isHit || isDetected,
                };
            }
        }
    }

    private static JsonObject? Words(string text)
    {
        var custom = new JsonArray();
        var managed = new JsonArray();
        if (text.Contains("FAKE-WORD", StringComparison.Ordinal))
        {
            custom.Add(new JsonObject { ["match"] = "FAKE-WORD", ["action"] = "BLOCKED", ["detected"] = true });
        }

        if (text.Contains("FAKE-PROFANITY", StringComparison.Ordinal))
        {
            managed.Add(new JsonObject { ["match"] = "FAKE-PROFANITY", ["type"] = "PROFANITY", ["action"] = "BLOCKED", ["detected"] = true });
        }

        return custom.Count + managed.Count == 0 ? null : new JsonObject { ["customWords"] = custom, ["managedWordLists"] = managed };
    }

    private static JsonObject? SensitiveInformation(string text)
    {
        var entities = new JsonArray();
        foreach (Match match in Email.Matches(text))
        {
            entities.Add(new JsonObject { ["match"] = match.Value, ["type"] = "EMAIL", ["action"] = "ANONYMIZED", ["detected"] = true });
        }

        foreach (Match match in SocialSecurityNumber.Matches(text))
        {
            entities.Add(new JsonObject { ["match"] = match.Value,
                ["type"] = "US_SOCIAL_SECURITY_NUMBER", ["action"] = "BLOCKED", ["detected"] = true });
        }

        var regexes = new JsonArray();
        foreach (Match match in Ticket.Matches(text))
        {
            regexes.Add(new JsonObject { ["name"] = "ticket", ["match"] = match.Value,
                ["regex"] = "TCK-[0-9]{4}", ["action"] = "ANONYMIZED", ["detected"] = true });
        }

        return entities.Count + regexes.Count == 0 ? null : new JsonObject { ["piiEntities"] = entities, ["regexes"] = regexes };
    }

    private static IEnumerable<JsonNode> Grounding(ApplyGuardrailRequest request, string answer)
    {
        yield return Filter("GROUNDING", Overlap(answer, request.Texts.Where(t => t.Is("grounding_source"))));
        yield return Filter("RELEVANCE", Overlap(string.Join(' ', request.Texts.Where(t => t.Is("query")).Select(t => t.Text)),
            [new GuardedText(answer, [])]));

        static JsonObject Filter(string type, double score) => new()
        {
            ["type"] = type,
            ["threshold"] = GroundingThreshold,
            ["score"] = score,
            ["action"] = score < GroundingThreshold ? "BLOCKED" : "NONE",
            ["detected"] = score < GroundingThreshold,
        };
    }

    // The share of the long words of a text that the others hold too.
    private static double Overlap(string text, IEnumerable<GuardedText> others)
    {
        var words = text.Split([' ', '\n', '.', ',', '?'], StringSplitOptions.RemoveEmptyEntries).Where(w => w.Length > 3).ToArray();
        var known = string.Join(' ', others.Select(o => o.Text));
        return words.Length == 0 ? 1 : words.Count(w => known.Contains(w, StringComparison.OrdinalIgnoreCase)) / (double)words.Length;
    }

    private static IEnumerable<JsonNode> Reasoning(string text) => text.Contains("FAKE-CLAIM", StringComparison.Ordinal)
        ? [new JsonObject { ["valid"] =
            new JsonObject() }, new JsonObject { ["invalid"] = new JsonObject { ["translation"] = new JsonObject { ["confidence"] = 0.9 } } }]
        : [];

    private static JsonObject Usage(string text, int images, bool isGrounded)
    {
        var units = (text.EnumerateRunes().Count() + UnitCharacters - 1) / UnitCharacters;
        return new JsonObject
        {
            ["topicPolicyUnits"] = units,
            ["contentPolicyUnits"] = units,
            ["wordPolicyUnits"] = units,
            ["sensitiveInformationPolicyUnits"] = units,
            ["sensitiveInformationPolicyFreeUnits"] = units,
            ["contextualGroundingPolicyUnits"] = isGrounded ? units : 0,
            ["contentPolicyImageUnits"] = images,
        };
    }

    private static JsonObject Coverage(ApplyGuardrailRequest request, string text)
    {
        var guarded = text.EnumerateRunes().Count();
        var missed = text.Contains("FAKE-UNGUARDED", StringComparison.Ordinal) ? 1 : 0;
        var total = guarded + request.Texts.Where(t => !t.IsGuarded).Sum(t => t.Text.EnumerateRunes().Count());
        return new JsonObject
        {
            ["textCharacters"] = new JsonObject { ["guarded"] = guarded - missed, ["total"] = total },
            ["images"] = new JsonObject { ["guarded"] = request.Images.Count, ["total"] = request.Images.Count },
        };
    }
}
