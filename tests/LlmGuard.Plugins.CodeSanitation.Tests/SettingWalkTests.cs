using LlmGuard.Tests;

namespace LlmGuard.Plugins.CodeSanitation.Tests;

/// <summary>Nothing that a policy may say of this plugin is accepted and ignored.</summary>
public sealed class SettingWalkTests
{
    private static readonly string[] Documents =
    [
        .. from action in (string[])["block", "sanitize", "flag"]
           from chosen in (string[])
           [
               "", """, "apply_all_languages": true """, """, "min_severity": "high" """, """, "groups": ["process_start", "database"] """,
               """, "languages": [{"language": "python"}] """, """, "languages": [{"language": "python"}, {"language": "php"}] """,
               """, "apply_all_languages": true, "languages": [{"language": "python", "enabled": false}] """,
               """, "languages": [{"language": "python"}], "groups": ["process_start"], "min_severity": "low" """,
               """, "custom_patterns": [{"pattern": "zebra"}] """, """, "custom_patterns": [{"pattern": "zebra"}], "languages": [] """,
               """, "custom_patterns": [{"pattern": "zebra"}], "groups": [] """,
           ]
           select $$"""{"action": "{{action}}"{{chosen}}}""",
    ];

    private static readonly string[] Texts =
    [
        "```python\nimport os\nos.system('ping ' + request.args['h'])\n```", "```python\nimport os\nos.system('ping ' + host)\n```",
        "```python\nimport os\nos.system('ls')\n```", "```php\n<?php eval($_GET['x']); ?>\n```", "```php\n<?php system($_GET['x']); ?>\n```",
        "```sql\nSELECT a FROM b UNION SELECT password FROM users; DROP TABLE users\n```",
        "```python\ncursor.execute(f\"SELECT * FROM a WHERE id = {request.args['id']}\")\n```",
        "```html\n<script>alert(1)</script><img src=x onerror=alert(1)>\n```", "a zebra stands there",
    ];

    [Test]
    public void Settings_EveryOneInEveryDocument_IsHonouredOrRefused()
    {
        var walk = new SettingWalk(Code.Plugin, BehaviourOf)
        {
            Values =
            {
                ["groups"] = ["""["process_start"]""", """["database"]""", """["database", "process_start"]""", "[]", """["markup"]"""],
                ["language"] = ["\"python\"", "\"php\"", "\"sql\"", "\"html\""],
                ["pattern"] = ["\"zebra\"", "\"nowhere\""],
                ["status_code"] = ["422", "451"],
                ["error_message"] = ["\"no\"", "\"never\"", "\"\""],
                ["sanitize_with"] = ["\"gone\"", "\"\""],
            },
        };
        walk.Remarks.UnionWith(["name", "description"]);
        walk.SaysWhatHolds = static (document, key, value) =>
            (key == "apply_all_languages" && value == "true" && !document.Contains("\"languages\"", StringComparison.Ordinal))
            || (key == "groups" && value == "[]" && document.Contains("\"languages\": []", StringComparison.Ordinal));
        var ignored = walk.FindIgnored(Documents);
        Assert.That(walk.Tried, Is.GreaterThan(250));
        Assert.That(string.Join('\n', ignored), Is.Empty);
    }

    private static string? BehaviourOf(string document)
    {
        var settings = GuardrailSettings.Parse(document);
        var evaluator = Code.Plugin.Create(settings);
        settings.ReportUnread();
        if (settings.Problems.Count > 0)
        {
            return null;
        }

        var seen = new List<string>();
        foreach (var text in Texts)
        {
            foreach (var source in (SegmentSource[])[SegmentSource.Body, SegmentSource.PathAndQuery, SegmentSource.Headers])
            {
                var builder = new GuardrailContentBuilder();
                builder.AddText(text, new SegmentInfo { Role = SegmentRole.User, Kind = SegmentKind.Message, Source = source });
                var content = builder.Build();
                var verdict = Code.Judge(evaluator, content);
                var late = Code.Judge(evaluator, content, GuardrailStage.PostRequest).Refusal;
                var edits = string.Join(',', verdict.Edits.Select(e => $"{e.Span.Start}+{e.Span.Length}:{e.Replacement.Value}"));
                seen.Add($"{source} {verdict.Outcome} {string.Join(',', verdict.Findings.Select(static f => f.Rule))} {edits} {verdict.Refusal?.StatusCode} {verdict.Refusal?.Message} {late?.StatusCode} {late?.Message}");
            }
        }

        return string.Join('\n', seen);
    }
}
