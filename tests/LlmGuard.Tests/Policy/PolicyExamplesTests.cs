using LlmGuard.Policy;
using LlmGuard.Policy.Reading;

namespace LlmGuard.Tests.Policy;

/// <summary>The guide's three documents, each alone and unchanged.</summary>
public sealed class PolicyExamplesTests
{
    private static readonly FakePlugin Bedrock = new("bedrock_guardrail", s =>
    {
        s.RequiredString("guardrail_id");
        s.String("version", "1");
        var credentials = s.Object("credentials");
        credentials.Secret("aws_access_key");
        credentials.Secret("aws_secret_key");
        credentials.String("aws_region");
        s.Object("actions").OptionalString("message");
    });

    private static readonly FakePlugin Masking = new("data_masking", s =>
    {
        s.Number("similarity_threshold", 0.8, 0, 1);
        s.Boolean("apply_all", false);
        s.List("rules", rule => (rule.RequiredString("pattern"), rule.String("type"), rule.String("mask_with"), rule.Boolean("preserve_len", false),
            rule.Boolean("case_sensitive", false)));
    });

    private static IEnumerable<TestCaseData> Loads()
    {
        yield return Example("consumer-group.json", "consumer_group", "Consumer Group 1", "bedrock_guardrail",
            new[] { "$: taken for a consumer group, because it has neither a path nor a subdomain" });
        yield return Example("gateway.json", "gateway", "Gateway", "bedrock_guardrail",
            new[] { "$: taken for a gateway, because it has a subdomain", "$.subdomain: no effect here" });
        yield return Example("rule.json", "rule", "/test", "data_masking", new[]
        {
            "$: taken for a rule, because it has a path", "$.strip_path: no effect here; the gateway example honours it",
            "$.service_id: no effect here, because it is a placeholder",
        });
    }

    private static IEnumerable<TestCaseData> Missing()
    {
        yield return Example("consumer-group.json", "$.required_plugins[0].name", "LlmGuard.Plugins.BedrockGuardrail");
        yield return Example("gateway.json", "$.required_plugins[0].name", "LlmGuard.Plugins.BedrockGuardrail");
        yield return Example("rule.json", "$.plugin_chain[0].name", "LlmGuard.Plugins.DataMasking");
    }

    private static TestCaseData Example(string file, params object[] expected)
    {
        var data = new TestCaseData([SharedExamples.Read(file) ?? "", .. expected]).SetArgDisplayNames(file);
        return SharedExamples.Directory is null ? data.Ignore("shared/reference/policy-examples is not there") : data;
    }

    [TestCaseSource(nameof(Loads))]
    public void Read_GuideExample_LoadsUnchanged(string json, string kind, string name, string plugin, string[] notes)
    {
        var policy = Read.Policy(json, Bedrock, Masking);
        var level = policy.Levels().Single(l => l.Entries.Length > 0);
        Assert.Multiple(() =>
        {
            Assert.That((level.Kind, level.Name), Is.EqualTo((kind, name)));
            Assert.That(level.Entries.Single().Plugin, Is.EqualTo(plugin));
            Assert.That(level.Entries.Single().Evaluator, Is.Not.Null);
            Assert.That(policy.Notes, Is.EqualTo(notes));
        });
    }

    [TestCaseSource(nameof(Missing))]
    public void Read_GuideExampleWithoutPlugin_NamesThePackage(string json, string path, string package)
    {
        var problem = Read.Problems(() => Read.Policy(json)).Single();
        Assert.That(problem.Path, Is.EqualTo(path));
        Assert.That(problem.Message, Does.Contain(package));
    }

    [Test]
    public void Read_BareDocumentTheLoaderCallsAGateway_IsOne()
    {
        var reader = new PolicyReader(new PluginCatalog(Read.NoSettingsPlugins), _ => null, _ => { }) { BareDocumentIsGateway = true };
        var policy = reader.Read([Read.Source("""{"name": "Edge", "required_plugins": [{"name": "mask"}]}""")]).Document;
        Assert.That((policy.Gateway.Name, policy.Gateway.Entries.Length), Is.EqualTo(("Edge", 1)));
    }

    [Test]
    public void Read_EntriesAtTheTopOfANamelessDocument_AreToldAsTheWrongPlace()
    {
        var problem = Read.Problems(() => Read.Policy("""{"required_plugins": [{"name": "mask"}]}"""))[0];
        Assert.That((problem.Path, problem.Message), Is.EqualTo((
            "$.required_plugins",
            "unknown key: expected one of allow_empty, consumer_groups, consumers, gateway, identity, rules, services")));
    }

    [Test]
    public void Read_BareRule_UndefinedServiceHasNoEffect()
    {
        var policy = Read.Policy("""{"path": "/a", "service_id": "6f1c", "plugin_chain": [{"name": "mask"}]}""");
        Assert.That(policy.Rules[0].ServiceId, Is.Null);
        Assert.That(policy.Notes, Has.Member("$.service_id: no effect here, because no service has this id"));
    }

    [Test]
    public void Read_RuleOfAWholePolicy_RefusesAnUndefinedService() => Assert.That(
        Read.Paths("""{"rules": [{"path": "/a", "service_id": "6f1c", "plugin_chain": [{"name": "mask"}]}]}"""),
        Is.EqualTo(new[] { "$.rules[0]" }));
}
