using System.Text;
using LlmGuard.Tests;

namespace LlmGuard.Plugins.DataMasking.Tests;

/// <summary>
/// Nothing that a policy may say of this plugin is accepted and ignored, but for what tells how, of which the guide's documents give too much.
/// </summary>
public sealed class MaskingSettingWalkTests
{
    private static readonly string[] Entities =
    [
        """ "apply_all": true """,
        """ "predefined_entities": [{"entity": "email"}] """,
        """ "predefined_entities": [{"entity": "email", "mask_with": "#"}, {"entity": "pii", "action": "hash"}] """,
        """ "predefined_entities": [{"entity": "credit_card", "action": "partial"}, {"entity": "email", "action": "synthetic"}] """,
        """ "predefined_entities": [{"entity": "email", "action": "flag"}, {"entity": "credit_card", "action": "block"}] """,
        """ "apply_all": true, "predefined_entities": [{"entity": "email", "enabled": false}] """,
        """ "rules": [{"type": "keyword", "pattern": "zanzibar", "mask_with": "[MASKED_KEY]"}] """,
        """ "rules": [{"type": "keyword", "pattern": "Zanzibar", "mask_with": "k", "case_sensitive": true, "action": "hash"}] """,
        """ "rules": [{"type": "regex", "pattern": "INT-[0-9]{6}", "mask_with": "[MASKED_ID]"}] """,
        """ "rules": [{"type": "regex", "pattern": "int-[0-9]{6}", "mask_with": "*", "preserve_len": true, "case_sensitive": false}] """,
        """ "strip_invisible": true """,
    ];

    private static readonly string[] Documents =
    [
        .. from entities in Entities
           from how in (string[])
           [
               "", """, "reversible_hashing": {"enabled": true} """,
                   """, "reversible_hashing": {"enabled": true, "secret": "0123456789abcdef", "scope": "call"} """,
               """, "allow": ["jane.doe@example.com"] """, """, "allow_patterns": ["INT-0.*"], "hash_key": "0123456789abcdef" """,
               """, "similarity_threshold": 0.9, "max_edit_distance": 1, "normalize_input": false """,
           ]

           // What says how keywords are compared is for rules; compiling all entities again and again takes its time.
           where !how.Contains("similarity", StringComparison.Ordinal) || entities.Contains("rules", StringComparison.Ordinal)
           where !how.Contains("secret", StringComparison.Ordinal) || !entities.Contains("apply_all", StringComparison.Ordinal)
           select $"{{{entities}{how}}}",
    ];

    private static readonly string[] Texts =
    [
        "write to jane.doe@example.com now", "and to john@example.org", "card 4111 1111 1111 1111 it is", "INT-012345 and int-999999 and INT-777777",
            "Zanzibar zanzibar",
        "zanzobar, Zamzibor", "ＺＡＮＺＩＢＡＲ z4nzib4r", "a\u200bb INT-\u200b123456", "am6hbmUuZG9lQGV4YW1wbGUuY29t amFuZS5kb2VAZXhhbXBsZS5jb20=",
        "call 212-555-0143 or 1234567890", "password = hunter2secret", "４１１１ １１１１ １１１１ １１１１", "nothing at all",
    ];

    [Test]
    public void Settings_EveryOneInEveryDocument_IsHonouredOrRefused()
    {
        var walk = new SettingWalk(new DataMaskingPlugin(), BehaviourOf)
        {
            Values =
            {
                ["similarity_threshold"] = ["0.5", "0.7", "1"],
                ["max_edit_distance"] = ["0", "1", "2"],
                ["hash_key"] = ["\"0123456789abcdef\"", "\"fedcba9876543210\""],
                ["secret"] = ["\"0123456789abcdef\"", "\"fedcba9876543210\""],
                ["allow"] = ["""["jane.doe@example.com", "zanzibar", "INT-012345", "int-999999", "INT-777777", "4111 1111 1111 1111"]""",
                    """["john@example.org"]""", "[]"],
                ["allow_patterns"] = ["""["[a-z]*@example.org", "[A-Za-z]*z[io]bar", "[INTint]+-[0-9]+", "[0-9 ]+"]""", """["[A-Z0-9]*"]""", "[]"],
                ["deny"] = ["""["nothing"]""", "[]"],
                ["deny_patterns"] = ["""["noth..g"]""", "[]"],
                ["entity"] = ["\"email\"", "\"credit_card\"", "\"phone_number\""],
                ["pattern"] = ["\"nothing\"", "\"call\""],
                ["mask_with"] = ["\"x\"", "\"longer [MASK]\"", "\"\""],
                ["min_confidence"] = ["0.0", "0.99"],
                ["restore_into"] = ["""["lookup"]""", "[]"],
                ["ttl"] = ["\"2m\"", "\"24h\""],
            },
            SaysWhatHolds = SaysHowOnly,
        };
        var ignored = walk.FindIgnored(Documents);
        Assert.That(walk.Tried, Is.GreaterThan(900));
        Assert.That(string.Join('\n', ignored), Is.Empty);
    }

    // Documents give these with every entry: the guide's do, and hosts whose entries share one object.
    private static bool SaysHowOnly(string document, string key, string value) => key switch
    {
        "similarity_threshold" => !document.Contains("keyword", StringComparison.Ordinal),
        "max_edit_distance" => !document.Contains("keyword", StringComparison.Ordinal) || document.Contains("0.9", StringComparison.Ordinal),
        "normalize_input" => document.Contains("strip_invisible", StringComparison.Ordinal)
            || document.Contains("\"case_sensitive\": true", StringComparison.Ordinal),
        "type" or "case_sensitive" => document.Contains("regex", StringComparison.Ordinal)
            || document.Contains("\"normalize_input\": false", StringComparison.Ordinal),
        "hash_key" => true,
        "action" => (value == "\"mask\"" && document.Contains("preserve_len", StringComparison.Ordinal)) || value == "\"reversible\""
            && document.Contains("reversible_hashing", StringComparison.Ordinal),

        // Required of a rule, so an entity has one too; a rule that no longer blocks has its mask.
        "mask_with" => document.Contains("\"block\"", StringComparison.Ordinal),
        _ => false,
    };

    private static string? BehaviourOf(string document)
    {
        var settings = GuardrailSettings.Parse(document);
        var evaluator = new DataMaskingPlugin().Create(settings);
        settings.ReportUnread();
        if (settings.Problems.Count > 0)
        {
            return null;
        }

        var seen = new StringBuilder();
        foreach (var text in Texts)
        {
            var content = GuardrailContent.FromText(text, SegmentRole.User);
            var verdict = evaluator.EvaluateAsync(new GuardrailCall(GuardrailStage.PreRequest, content), CancellationToken.None).AsTask().GetAwaiter()
                .GetResult();
            seen.Append(verdict.Outcome).Append(' ').AppendJoin(',', verdict.Findings.Select(static f => $"{f.Rule} {f.Span}"))
                .Append(verdict.Failure?.Reason).Append(' ').AppendJoin(';', Masking.Apply(content, verdict))
                .AppendJoin(',', verdict.Edits.Select(static e => $"{e.Replacement.Form} {e.Replacement.Value} {e.Replacement.Type}")).Append('\n');
        }

        var reversible = (evaluator as IReversibleEvaluator)?.Reversible;
        seen.Append(Convert.ToHexString(reversible?.Key ?? [])).Append(reversible?.Scope).Append(' ').Append(reversible?.Lifetime).Append(' ')
            .AppendJoin(',', reversible?.RestoreInto ?? []);
        return seen.ToString();
    }
}
