using System.Globalization;
using System.Text.Json.Nodes;
using Azure.Core;
using LlmGuard.Tests;
using LlmGuard.Tests.JudgeWalks;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Plugins.ToxicityAzure.Tests;

/// <summary>Nothing that a policy may say of this plugin is accepted and ignored.</summary>
public sealed class ContentSafetySettingWalkTests
{
    private const string Text = """ "text": "https://eu.example/contentsafety/text:analyze?api-version=2023-10-01" """;
    private const string Image = """ "image": "https://eu.example/contentsafety/image:analyze?api-version=2023-10-01" """;

    private static readonly string[] Places =
    [
        """ "endpoint": "https://us.example" """, $$""" "endpoints": {{{Text}}} """, $$""" "endpoints": {{{Image}}} """,
            $$""" "endpoints": {{{Text}}, {{Image}}} """,
    ];

    private static readonly string[] More =
    [
        "", """, "checks": ["text"] """, """, "checks": ["images"] """,
            """, "checks": ["text", "prompt_shields", "protected_material"], "api_version": "2024-09-01" """,
        """, "checks": ["prompt_shields"] """, """, "content_types": [{"type": "text", "path": "a.b"}] """,
            """, "content_types": [{"type": "image"}] """,
        """, "blocklists": ["words"], "halt_on_blocklist_hit": true """,
            """, "output_type": "EightSeverityLevels", "category_severity": {"Hate": 3} """,
        """, "categories": ["Hate"], "actions": {"type": "block", "message": "no %s"} """,
            """, "actions": {"type": "flag"}, "blob_hosts": ["a.blob.example"] """,
    ];

    private static readonly string[] Documents =
    [
        .. from credential in (string[])[""" "api_key": "k-0123456789" """, """ "credential": "entra_id" """]
           from place in Places
           from more in More
           where credential.Contains("api_key", StringComparison.Ordinal)
               || (place == Places[0] && !more.Contains("content_types", StringComparison.Ordinal))
           select $"{{{credential}, {place}{more}}}",
    ];

    [Test]
    public void Settings_EveryOneInEveryDocument_IsHonouredOrRefused()
    {
        var behaviour = new JudgeBehaviour(
            ToxicityAzurePlugin.Name,
            static b => b.AddToxicityAzure(new Credential()),
            Answer,
            [
                .. from text in (string[])["Hate 2", "Hate 3", "Hate 6 Violence 2", "Violence 4", "listed Hate 4", "listed", "attack"]
                   select (Func<GuardrailCall>)(() => JudgeBehaviour.TextCall(text)),
                static () => JudgeBehaviour.ImageCall("Hate 2"),
                static () => JudgeBehaviour.ImageCall("Hate 4 Violence 4"),
                static () => JudgeBehaviour.Call(Blob()),
                static () => JudgeBehaviour.TextCall(new string('a', 200) + " material", GuardrailStage.PreResponse),
            ]);
        var walk = new SettingWalk(behaviour.Plugin, behaviour.Of)
        {
            Values =
            {
                ["api_key"] = ["\"k-another\"", "\"k-third\"", "\"\""],
                ["api_version"] = ["\"2024-09-15-preview\"", "\"2025-01-01\"", "\"2023-10-01\""],
                ["text"] = ["\"https://x.example/contentsafety/text:analyze?api-version=2024-09-01\"",
                    "\"https://eu.example/b/contentsafety/text:analyze?api-version=2024-09-01\""],
                ["image"] = ["\"https://x.example/contentsafety/image:analyze?api-version=2024-09-01\"",
                    "\"https://eu.example/b/contentsafety/image:analyze?api-version=2024-09-01\""],
                ["token_scope"] = ["\"https://a.example/.default\"", "\"https://b.example/.default\""],
                ["checks"] = ["""["text"]""", """["images", "text"]""", """["prompt_shields"]""", """["protected_material", "text"]""", "[]"],
                ["content_types"] = ["""[{"type": "text"}]""", """[{"type": "image"}]""", "[]"],
                ["blocklists"] = ["""["words"]""", """["others"]""", "[]"],
                ["blob_hosts"] = ["""["b.blob.example"]""", """["a.blob.example"]""", "[]"],
                ["categories"] = ["""["Hate"]""", """["Violence", "Hate"]""", """["Sexual"]""", "[]"],
                ["category_severity"] = ["""{"Hate": 4}""", """{"Hate": 6, "Violence": 6}""", """{"Sexual": 1}""", "{}"],
                ["message"] = ["\"never\"", "\"never %s\"", "\"\""],
            },
            // The guide's documents give both addresses, whatever is checked.
            SaysWhatHolds = static (document, key, value) =>
                (key == "checks" && value == """["images", "text"]""")
                    || (key is "text" or "image" && document.Contains("endpoints", StringComparison.Ordinal))
                || key == "type" && value is "\"block\"" or "\"reject\"" && !document.Contains("\"flag\"", StringComparison.Ordinal),
        };
        foreach (var (key, values) in JudgeBehaviour.CommonValues)
        {
            walk.Values[key] = values;
        }

        var ignored = walk.FindIgnored(Documents);
        Assert.That(walk.Tried, Is.GreaterThan(400));
        Assert.That(string.Join('\n', ignored), Is.Empty);
    }

    private static GuardrailContent Blob()
    {
        var builder = new GuardrailContentBuilder();
        foreach (var host in (string[])["a.blob.example", "b.blob.example"])
        {
            builder.AddBinary(
                UninspectedKind.Image, default, "image/png", new Uri($"https://{host}/x.png"),
                    new SegmentInfo { Role = SegmentRole.User, Kind = SegmentKind.Message });
        }

        return builder.Build();
    }

    // Severities stand in the text: "Hate 4".
    private static (int Status, string Json) Answer(Uri address, string body)
    {
        var asked = JsonNode.Parse(body)!.AsObject();
        var words =
            ((string?)asked["text"] ?? (string?)asked["userPrompt"] ?? JudgeBehaviour.WordsOf((string?)asked["image"]?["content"])).Split(' ');
        var answer = new JsonObject();
        switch (address.AbsolutePath[(address.AbsolutePath.LastIndexOf(':') + 1)..])
        {
            case "shieldPrompt":
                answer["userPromptAnalysis"] = asked["userPrompt"] is null ? null : new JsonObject { ["attackDetected"] = words.Contains("attack") };
                answer["documentsAnalysis"] =
                    new JsonArray([.. (asked["documents"]?.AsArray() ?? []).Select(static _ => new JsonObject { ["attackDetected"] = false })]);
                break;
            case "detectProtectedMaterial":
                answer["protectedMaterialAnalysis"] = new JsonObject { ["detected"] = words.Contains("material") };
                break;
            default:
                var isListed = asked["blocklistNames"] is not null && words.Contains("listed");
                answer["blocklistsMatch"] = asked["blocklistNames"] is null ? null
                    : new JsonArray(isListed ? [new JsonObject { ["blocklistName"] = (string?)asked["blocklistNames"]![0] }] : []);
                answer["categoriesAnalysis"] = new JsonArray([.. asked["categories"]!.AsArray().Select(c =>
                {
                    var at = Array.IndexOf(words, (string?)c);
                    var level = at < 0 ? (asked["image"]?["blobUrl"] is null ? 0 : 4) : int.Parse(words[at + 1], CultureInfo.InvariantCulture);
                    return new JsonObject { ["category"] = (string?)c, ["severity"] = (string?)asked["outputType"] == "FourSeverityLevels"
                        ? level / 2 * 2 : level };
                })]);
                break;
        }

        return (200, answer.ToJsonString());
    }

    private sealed class Credential : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(requestContext.Scopes[0])), DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }
}
