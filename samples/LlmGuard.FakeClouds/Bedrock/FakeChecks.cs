using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LlmGuard.FakeClouds.Bedrock;

/// <summary>
/// <c>InvokeGuardrailChecks</c>: a category scores high when a message holds its word (<c>FAKE-VIOLENCE</c>, <c>FAKE-JAILBREAK</c>); e-mail addresses
/// are found with their offsets; <c>FAKE-TRUNCATED</c> cuts the list of what was found.
/// </summary>
internal static partial class FakeChecks
{
    /// <summary>The score of a category that is found, and of an e-mail address.</summary>
    public const double High = 0.9375;

    private const double Low = 0.0625;

    private static readonly string[] Content = ["VIOLENCE", "HATE", "SEXUAL", "MISCONDUCT", "INSULTS"];

    private static readonly string[] Attacks = ["JAILBREAK", "PROMPT_INJECTION", "PROMPT_LEAKAGE"];

    /// <summary>Makes the checks of a request.</summary>
    /// <param name="body">The body.</param>
    /// <param name="countsUtf16">Whether a character outside the basic plane is two characters.</param>
    /// <exception cref="ModelException">The body does not fit.</exception>
    public static JsonObject Answer(JsonElement body, bool countsUtf16)
    {
        body.WithMembers("body", ["messages", "checks"]);
        var messages = body.GetProperty("messages").NonEmptyItems("messages").Select(ReadMessage).ToArray();
        var checks = body.GetProperty("checks").WithMembers("checks", [], "contentFilter", "promptAttack", "sensitiveInformation");
        var units = messages.Sum(m => (m.EnumerateRunes().Count() + 999) / 1000);
        var results = new JsonObject();
        var usage = new JsonObject();
        foreach (var check in checks.EnumerateObject())
        {
            results[check.Name] = check.Name switch
            {
                "contentFilter" => Scores(check.Value, messages, Content),
                "promptAttack" => Scores(check.Value, messages, Attacks),
                _ => Entities(check.Value, messages, countsUtf16),
            };
            usage[check.Name] = new JsonObject { ["textUnits"] = units };
        }

        return new JsonObject { ["results"] = results, ["usage"] = usage };
    }

    [GeneratedRegex(@"[a-z0-9.]+@[a-z0-9-]+\.[a-z]{2,}", RegexOptions.CultureInvariant)]
    private static partial Regex Email { get; }

    private static string ReadMessage(JsonElement message)
    {
        message.WithMembers("messages[]", ["role", "content"]);
        message.GetProperty("role").Word("role", "user", "assistant", "system");
        var blocks = message.GetProperty("content").NonEmptyItems("content");
        return blocks is [var block] && block.WithMembers("content[]", ["text"]).GetProperty("text").Text("text") is { Length: > 0 } text
            ? text
            : throw new ModelException("this fake takes one text per message, and none that is empty");
    }

    private static JsonObject Scores(JsonElement check, string[] messages, string[] known)
    {
        var results = new JsonArray();
        foreach (var item in check.WithMembers("check", ["categories"]).GetProperty("categories").NonEmptyItems("categories", known.Length))
        {
            var category = item.WithMembers("categories[]", ["category"]).GetProperty("category").Word("category", known);
            var isHit = messages.Any(m => m.Contains("FAKE-" + category.Replace('_', '-'), StringComparison.Ordinal));
            results.Add(new JsonObject { ["category"] = category, ["severityScore"] = isHit ? High : Low });
        }

        return new JsonObject { ["results"] = results };
    }

    private static JsonObject Entities(JsonElement check, string[] messages, bool countsUtf16)
    {
        var types = check.WithMembers("sensitiveInformation", ["entities"]).GetProperty("entities").NonEmptyItems("entities", 31)
            .Select(e => e.WithMembers("entities[]", ["type"]).GetProperty("type").Text("type")).ToArray();
        var results = new JsonArray();
        foreach (var (index, message) in messages.Index())
        {
            foreach (Match match in types.Contains("EMAIL", StringComparer.Ordinal) ? Email.Matches(message) : Enumerable.Empty<Match>())
            {
                results.Add(new JsonObject
                {
                    ["type"] = "EMAIL",
                    ["confidenceScore"] = High,
                    ["beginOffset"] = Offset(message, match.Index),
                    ["endOffset"] = Offset(message, match.Index + match.Length),
                    ["messageIndex"] = index,
                    ["contentIndex"] = 0,
                });
            }
        }

        return new JsonObject { ["results"] = results, ["truncated"] = messages.Any(m => m.Contains("FAKE-TRUNCATED", StringComparison.Ordinal)) };

        int Offset(string message, int index) => countsUtf16 ? index : message[..index].EnumerateRunes().Count();
    }
}
