using System.Text;
using LlmGuard.Policy;
using Microsoft.Extensions.Configuration;

namespace LlmGuard.Tests.Policy;

public sealed class ConfigurationPolicyTests
{
    private static readonly FakePlugin Masking = new("mask", s =>
    {
        s.Int32("level", 1, 0, 10);
        s.Boolean("strong", false);
        s.Strings("words");
        s.List("rules", rule => rule.RequiredString("pattern"));
    });

    private static IConfigurationRoot Json(params string[] files)
    {
        var builder = new ConfigurationBuilder();
        foreach (var file in files)
        {
            builder.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(file)));
        }

        return builder.Build();
    }

    private static PolicyDocument Policy(IConfigurationRoot root) => Policy(root, [Masking]);

    private static PolicyDocument Policy(IConfigurationRoot root, IReadOnlyList<IGuardrailPlugin> plugins)
    {
        using var application = new PolicyApplication(plugins, root);
        using var lease = application.Provider.Acquire();
        return lease.Document!;
    }

    private static IEnumerable<string> Paths(IConfigurationRoot root) => Read.Problems(() => Policy(root)).Select(p => p.Path);

    [Test]
    public void Section_ValuesAsText_ConvertByDeclaredType()
    {
        var policy = Policy(Json("""
            {"AiGuardrails": {"GateWay": {"Limits": {"Max_Depth": 9}, "required_plugins": [
              {"NAME": "mask", "enabled": true, "priority": 5, "Stage": ["Pre_Request", "pre_response"], "timeout": 300, "Mode": "Monitor",
               "settings": {"Level": 3, "strong": "True", "words": ["a", "b"], "rules": [{"pattern": "x"}]}}]}}}
            """));
        var entry = policy.Gateway.Entries.Single();
        Assert.Multiple(() =>
        {
            Assert.That(policy.Gateway.Options.MaxDepth, Is.EqualTo(9));
            Assert.That(
                (entry.Priority, entry.Stages.Length, entry.Timeout.TotalMilliseconds, entry.Mode.ToString()), Is.EqualTo((5, 2, 300.0, "Monitor")));
            Assert.That(entry.Path, Is.EqualTo("$.GateWay.required_plugins[0]"));
        });
    }

    [Test]
    public void Section_BadValues_AreRefusedWithTheirPlace() => Assert.That(
        Paths(Json("""{"AiGuardrails": {"gateway": {"required_plugins": [{"name": "mask", "enabled": "perhaps", "settings": {"level": "many", "x": 1}}]}}}""")),
        Is.EquivalentTo(new[]
        {
            "$.gateway.required_plugins[0].enabled", "$.gateway.required_plugins[0].settings.level", "$.gateway.required_plugins[0].settings.x",
        }));

    [Test]
    public void Section_EmptyListsAndObjects_AreEmptyAndNotAbsentEntries()
    {
        var policy = Policy(Json("""{"AiGuardrails": {"services": [], "rules": {}, "gateway": {"limits": {}, "required_plugins": {"mask": {}, "b": {"name": "mask", "settings": {"words": [], "rules": {}}}}}}}"""));
        Assert.That(policy.Gateway.Entries.Select(e => (e.Id, e.Plugin)), Is.EqualTo(new[] { ("b", "mask"), (null, "mask") }));
    }

    [Test]
    public void Section_ListItemOfTwoProviders_IsRefused() => Assert.That(
        Paths(Json(
            """{"AiGuardrails": {"gateway": {"required_plugins": [{"name": "mask"}, {"name": "mask", "settings": {"rules": [{"pattern": "a"}]}}]}}}""",
            """{"AiGuardrails": {"gateway": {"required_plugins": [{}, {"mode": "monitor"}]}}}""")),
        Has.Member("$.gateway.required_plugins[1]"));

    [Test]
    public void Section_ListItemsEachOfOneProvider_AreAccepted()
    {
        var root = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create<string, string?>("AiGuardrails:gateway:required_plugins:0:name", "mask")])
            .AddInMemoryCollection([KeyValuePair.Create<string, string?>("AiGuardrails:gateway:required_plugins:1:name", "mask")])
            .Build();
        Assert.That(Policy(root).Gateway.Entries, Has.Length.EqualTo(2));
    }

    [Test]
    public void Section_ListItemOfTwoChainedProviders_IsRefused()
    {
        var inner = Json(
            """{"AiGuardrails": {"gateway": {"required_plugins": [{"name": "mask"}]}}}""",
            """{"AiGuardrails": {"gateway": {"required_plugins": [{"priority": 1}]}}}""");
        Assert.That(Paths(new ConfigurationBuilder().AddConfiguration(inner).Build()), Is.EqualTo(new[] { "$.gateway.required_plugins[0]" }));
    }

    [Test]
    public void Section_ListAsObject_Overlays()
    {
        var policy = Policy(Json(
            """{"AiGuardrails": {"gateway": {"required_plugins": {"pii": {"name": "mask", "settings": {"level": 2, "words": ["a"]}}}}}}""",
            """{"AiGuardrails": {"gateway": {"required_plugins": {"pii": {"mode": "monitor", "settings": {"level": 4}}}}}}"""));
        var entry = policy.Gateway.Entries.Single();
        Assert.That((entry.Id, entry.Mode.ToString(), entry.Settings), Is.EqualTo(("pii", "Monitor", """{"level":"4","words":["a"]}""")));
    }

    [Test]
    public void Section_ValueAndMembers_AreRefused()
    {
        var root = new ConfigurationBuilder().AddInMemoryCollection([
            KeyValuePair.Create<string, string?>("AiGuardrails:gateway", "x"),
            KeyValuePair.Create<string, string?>("AiGuardrails:gateway:name", "G")]).Build();
        Assert.That(Paths(root), Is.EqualTo(new[] { "$.gateway" }));
    }

    [Test]
    public void Section_ProblemsOfProvidersAndOfTheDocument_AreOneList() => Assert.That(
        Paths(Json(
            """{"AiGuardrails": {"gateway": {"nmae": "G", "required_plugins": [{"name": "mask"}]}}}""",
            """{"AiGuardrails": {"gateway": {"required_plugins": [{"mode": "monitor"}]}}}""")),
        Is.EquivalentTo(new[] { "$.gateway.required_plugins[0]", "$.gateway.nmae" }));

    [Test]
    public void Section_BareDocument_IsALevel()
    {
        var policy = Policy(Json("""{"AiGuardrails": {"path": "/a", "plugin_chain": [{"name": "mask"}]}}"""));
        Assert.That(policy.Rules.Single().Pattern, Is.EqualTo("/a"));
    }

    [Test]
    public void Section_FreeFormJson_IsRefused()
    {
        var plugin = new FakePlugin("mask", s => s.RawJson("template"));
        var root = Json("""{"AiGuardrails": {"gateway": {"required_plugins": [{"name": "mask", "settings": {"template": {"a": 1}}}]}}}""");
        Assert.That(
            Read.Problems(() => Policy(root, [plugin])).Select(p => p.Path), Is.EqualTo(new[] { "$.gateway.required_plugins[0].settings.template" }));
    }

    [Test]
    public void Section_PolicyFileAndSecrets_AreNoPartOfThePolicy()
    {
        var policy =
            Policy(Json("""{"AiGuardrails": {"Secrets": {"a": "b"}, "PolicyFile": [], "gateway": {"required_plugins": [{"name": "mask"}]}}}"""));
        Assert.That(policy.Gateway.Entries, Has.Length.EqualTo(1));
    }
}
