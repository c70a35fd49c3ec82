using System.Text;
using LlmGuard.Tests;

namespace LlmGuard.Plugins.PromptModeration.Tests;

/// <summary>Nothing that a policy may say of this plugin is accepted and ignored.</summary>
public sealed class ModerationSettingWalkTests
{
    private static readonly string[] Documents =
    [
        .. from lists in (string[])
           [
               """ "keywords": ["zanzibar"] """, """ "regex": ["INT-[0-9]{6}"] """,
                   """ "keywords": ["zanzibar", "open sesame"], "regex": ["INT-[0-9]{6}"] """,
               """ "topics": [{"name": "places", "keywords": ["zanzibar"]}] """,
               """ "keywords": ["sesame"], "topics": [{"name": "places", "roles": ["user"], "regex": ["INT-[0-9]{6}"]}, {"name": "b", "keywords": ["zanzibar"]}] """,
           ]
           from how in (string[])
           [
               "", """, "actions": {"type": "block", "message": "no %s"} """, """, "actions": {"type": "mask"} """,
                   """, "actions": {"type": "flag"} """,
               """, "similarity_threshold": 0.9, "actions": {"type": "reject"} """,
           ]
           select $"{{{lists}{how}}}",
    ];

    private static readonly string[] Texts =
        ["off to Zanzibar", "zanzobar", "zambozar it is", "INT-123456", "open sesame", "opan sesami", "sesame", "nowhere at all", "a word"];

    [Test]
    public void Settings_EveryOneInEveryDocument_IsHonouredOrRefused()
    {
        var walk = new SettingWalk(Moderation.Plugin, BehaviourOf)
        {
            Values =
            {
                ["keywords"] = ["""["nowhere"]""", """["word", "nowhere"]""", "[]"],
                ["regex"] = ["""["now[a-z]*"]""", """["[a-z]*ord"]""", "[]"],
                ["similarity_threshold"] = ["0.5", "0.7", "1"],
                ["name"] = ["\"other\"", "\"third\""],
                ["roles"] = ["""["user"]""", """["system", "tool"]""", """["assistant"]""", "[]"],
                ["message"] = ["\"never\"", "\"never %s\"", "\"\""],
                ["mask_with"] = ["\"gone\"", "\"\""],
            },

            // The guide's documents give the threshold with every entry.
            SaysWhatHolds = static (document, key, value) =>
                (key == "similarity_threshold" && !document.Contains("keywords", StringComparison.Ordinal))
                || (key == "type" && value is "\"block\"" or "\"reject\"" && !document.Contains("\"mask\"", StringComparison.Ordinal)
                    && !document.Contains("\"flag\"", StringComparison.Ordinal)),
        };
        var ignored = walk.FindIgnored(Documents);
        Assert.That(walk.Tried, Is.GreaterThan(150));
        Assert.That(string.Join('\n', ignored), Is.Empty);
    }

    private static string? BehaviourOf(string document)
    {
        var settings = GuardrailSettings.Parse(document);
        var evaluator = Moderation.Plugin.Create(settings);
        settings.ReportUnread();
        if (settings.Problems.Count > 0)
        {
            return null;
        }

        var seen = new StringBuilder();
        foreach (var text in Texts)
        {
            foreach (var role in (SegmentRole[])[SegmentRole.User, SegmentRole.System, SegmentRole.Assistant, SegmentRole.Tool])
            {
                var call = new GuardrailCall(GuardrailStage.PreRequest, GuardrailContent.FromText(text, role));
                var verdict = evaluator.EvaluateAsync(call, CancellationToken.None).AsTask().GetAwaiter().GetResult();
                seen.Append(verdict.Outcome).Append(' ').AppendJoin(',', verdict.Findings.Select(static f => $"{f.Rule} {f.Type} {f.Span}"))
                    .Append(' ').AppendJoin(',', verdict.Edits.Select(static e => $"{e.Span} {e.Replacement.Value}"))
                    .Append(' ').Append(verdict.Refusal?.Message).Append(' ').Append(verdict.Refusal?.Reason).Append('\n');
            }
        }

        return seen.ToString();
    }
}
