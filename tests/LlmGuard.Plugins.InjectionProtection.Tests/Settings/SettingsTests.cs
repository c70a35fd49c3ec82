using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Plugins.InjectionProtection.Settings;

namespace LlmGuard.Plugins.InjectionProtection.Tests.Settings;

public sealed class SettingsTests
{
    [TestCase("""{"predefined_injections": [{"type": "sqll"}]}""", "predefined_injections[0].type")]
    [TestCase("""{"predefined_injections": [{"enabled": true}]}""", "predefined_injections[0].type")]
    [TestCase("""{"predefined_injections": [{"type": "sql", "enabled": "yes"}]}""", "predefined_injections[0].enabled")]
    [TestCase("""{"predefined_injections": [{"type": "sql", "roles": ["robot"]}]}""", "predefined_injections[0].roles[0]")]
    [TestCase("""{"predefined_injections": [{"type": "sql", "kinds": ["prose"]}]}""", "predefined_injections[0].kinds[0]")]
    [TestCase("""{"predefined_injections": [{"type": "all", "kinds": ["message"]}]}""", "predefined_injections[0].kinds")]
    [TestCase("""{"custom_injections": [{"name": "a"}]}""", "custom_injections[0].pattern")]
    [TestCase("""{"custom_injections": [{"pattern": "a"}]}""", "custom_injections[0].name")]
    [TestCase("""{"custom_injections": [{"name": "a", "pattern": "("}]}""", "custom_injections[0].pattern")]
    [TestCase("""{"custom_injections": [{"name": "a", "pattern": "(?=a)"}]}""", "custom_injections[0].pattern")]
    [TestCase("""{"custom_injections": [{"name": "a", "pattern": "a", "content_to_check": ["cookies"]}]}""",
        "custom_injections[0].content_to_check[0]")]
    [TestCase("""{"action": "mask"}""", "action")]
    [TestCase("""{"sql_dialects": ["db2"]}""", "sql_dialects[0]")]
    [TestCase("""{"scoring": {"mode": "sum"}}""", "scoring.mode")]
    [TestCase("""{"scoring": {"threshold": 5}}""", "scoring.threshold")]
    [TestCase("""{"scoring": {"mode": "anomaly", "threshold": 0}}""", "scoring.threshold")]
    [TestCase("""{"min_severity": "grave"}""", "min_severity")]
    [TestCase("""{"sanitize_with": "x"}""", "sanitize_with")]
    [TestCase("""{"canaries": ["short"]}""", "canaries[0]")]
    [TestCase("""{"leak_similarity": 0}""", "leak_similarity")]
    [TestCase("""{"status_code": 200}""", "status_code")]
    [TestCase("""{"action": "flag", "status_code": 422}""", "status_code")]
    [TestCase("""{"action": "flag", "error_message": "no"}""", "error_message")]
    [TestCase("""{"predefined_injections": [{"type": "xss"}], "sql_dialects": ["mysql"]}""", "sql_dialects")]
    [TestCase("""{"leak_similarity": 0.5}""", "leak_similarity")]
    [TestCase("""{"predefined_injections": [{"type": "all", "enabled": false}]}""", "predefined_injections")]
    [TestCase("""{"predefined_injections": [{"type": "sql", "enabled": false}]}""", "predefined_injections")]
    [TestCase("""{"error_message": ""}""", "error_message")]
    [TestCase("""{"canaries": []}""", "canaries")]
    [TestCase("""{"canaries": ["one canary", "one canary"]}""", "canaries")]
    [TestCase("""{"sql_dialects": []}""", "sql_dialects")]
    [TestCase("""{"sql_dialects": ["mysql", "mysql"]}""", "sql_dialects[1]")]
    [TestCase("""{"predefined_injections": []}""", "predefined_injections")]
    [TestCase("""{"predefined_injections": [{"type": "sql"}, {"type": "sql", "enabled": false}]}""", "predefined_injections[1]")]
    [TestCase("""{"predefined_injections": [{"type": "sql", "roles": []}]}""", "predefined_injections[0].roles")]
    [TestCase("""{"predefined_injections": [{"type": "nosql"}, {"type": "sql"}], "min_severity": "critical"}""", "predefined_injections")]
    [TestCase("""{"custom_injections": [{"name": "a", "pattern": "a"}], "min_severity": "critical"}""", "custom_injections")]
    [TestCase("""{"custom_injections": [{"name": "a", "pattern": "a", "content_to_check": []}]}""", "custom_injections[0].content_to_check")]
    [TestCase("""{"action": "sanitize", "sanitize_with": "; rm -rf / #"}""", "sanitize_with")]
    [TestCase("""{"action": "flag", "scoring": {"mode": "anomaly"}}""", "scoring.mode")]
    [TestCase("""{"action": "flag", "scoring": {"mode": "anomaly", "threshold": 9}}""", "scoring.threshold")]
    [TestCase("""{"predefined_injections": [{"type": "sql", "kinds": ["query", "header"], "roles": ["user"]}]}""", "predefined_injections[0].roles")]
    [TestCase("""{"predefined_injections": [{"type": "system_prompt_leak"}], "min_severity": "critical"}""", "predefined_injections")]
    [TestCase("""{"canaries": ["CANARY-0815"], "min_severity": "critical", "leak_similarity": 0.5}""", "leak_similarity")]
    public void Create_WrongSetting_IsReportedAtItsPlace(string settings, string path)
    {
        var reader = GuardrailSettings.Parse(settings);
        Injection.Plugin.Create(reader);
        Assert.That(reader.Problems.Select(p => p.Path), Has.Some.EndsWith(path));
    }

    [Test]
    public void NeverCritical_EveryTypeWithoutACriticalRule_IsAmongThem()
    {
        var rules = typeof(InjectionRules).GetFields()
            .Select(static f => f.GetValue(null)).OfType<InjectionRule>().ToLookup(static r => r.Type, static r => r.Severity);
        var expected = Enum.GetValues<InjectionType>().Where(t => t != InjectionType.Custom && !rules[t].Contains(FindingSeverity.Critical));
        Assert.That(TypeScopes.NeverCritical, Is.EquivalentTo(expected));
    }

    [TestCase("""{"action": "sanitize", "status_code": 422, "error_message": "no"}""")]
    [TestCase("""{"predefined_injections": [{"type": "sql"}], "sql_dialects": ["mysql"]}""")]
    [TestCase("""{"predefined_injections": [{"type": "system_prompt_leak"}], "leak_similarity": 0.5}""")]
    [TestCase("""{"canaries": ["CANARY-0815"], "leak_similarity": 0.5}""")]
    [TestCase("""{"canaries": ["CANARY-0815"], "min_severity": "critical"}""")]
    [TestCase("""{"action": "flag", "scoring": {"mode": "first_hit"}}""")]
    [TestCase("""{"predefined_injections": [{"type": "sql", "kinds": ["query", "tool_call"], "roles": ["user"]}]}""")]
    [TestCase("""{"predefined_injections": [{"type": "all", "enabled": false}], "custom_injections": [{"name": "a", "pattern": "a"}]}""")]
    [TestCase("""{"predefined_injections": [{"type": "all", "enabled": false}], "canaries": ["CANARY-0815"]}""")]
    public void Create_SettingWithEffect_HasNoProblem(string settings) => Assert.That(Injection.Evaluator(settings), Is.Not.Null);

    [Test]
    public void Create_WrongPattern_IsNotQuoted()
    {
        var reader = GuardrailSettings.Parse("""{"custom_injections": [{"name": "a", "pattern": "hunter2("}]}""");
        Injection.Plugin.Create(reader);
        Assert.That(reader.Problems.Single().Message, Does.Not.Contain("hunter2"));
    }

    [Test]
    public void Metadata_IsThatOfTheGuide()
    {
        var metadata = Injection.Plugin.Metadata;
        Assert.That((metadata.Name, metadata.DefaultStatusCode, metadata.DefaultMessage),
            Is.EqualTo(("injection_protection", 403, "Potential security threat detected")));
        Assert.That(metadata.Stages, Does.Contain(GuardrailStage.PreRequest));
        Assert.That(metadata.RunsInline, Is.True);
    }

    [TestCase("{}", GuardrailNeeds.Headers | GuardrailNeeds.PathAndQuery)]
    [TestCase(Injection.Prompts, GuardrailNeeds.None)]
    [TestCase("""{"canaries": ["CANARY-0815"], "predefined_injections": [{"type": "jailbreak"}]}""", GuardrailNeeds.RequestContent)]
    public void Needs_AreThoseOfTheTypes(string settings, GuardrailNeeds needs) =>
        Assert.That(((IEvaluatorNeeds)Injection.Evaluator(settings)).Needs, Is.EqualTo(needs));
}
