using LlmGuard.Policy;

namespace LlmGuard.Tests.Policy;

public sealed class PolicyMergeTests
{
    private static PolicyDocument Merge(params string[] files) =>
        Read.Loaded([.. files.Select((json, i) => Read.Source(json, $"{i}.json", $"{i}.json#$"))]).Document;

    [Test]
    public void Merge_LevelsOfOneName_JoinTheirEntriesInFileOrder()
    {
        var policy = Merge(
            """{"gateway": {"name": "G", "required_plugins": [{"name": "mask", "id": "a"}]}, "services": [{"id": "s", "dialect": "openai.chat_completions"}]}""",
            """{"gateway": {"required_plugins": {"b": {"name": "judge"}}}, "services": [{"id": "s", "required_plugins": [{"name": "mask"}]}, {"id": "t"}]}""");
        Assert.Multiple(() =>
        {
            Assert.That(policy.Gateway.Name, Is.EqualTo("G"));
            Assert.That(policy.Gateway.Entries.Select(e => (e.Id, e.Path)), Is.EqualTo(new[]
            {
                ("a", "0.json#$.gateway.required_plugins[0]"), ("b", "1.json#$.gateway.required_plugins.b"),
            }));
            Assert.That(policy.Services.Select(s => (s.Name, s.Options.Dialect, s.Entries.Length)),
                Is.EqualTo(new[] { ("s", "openai.chat_completions", 1), ("t", null, 0) }));
        });
    }

    [Test]
    public void Merge_RulesOfOnePath_JoinOnlyWithTheSameMethods()
    {
        var policy = Merge(
            """{"rules": [{"path": "/a", "methods": ["GET", "post"], "plugin_chain": [{"name": "mask"}]}]}""",
            """{"path": "/a", "methods": ["POST", "GET"], "plugin_chain": [{"name": "judge"}]}""",
            """{"path": "/a", "methods": ["PUT"], "plugin_chain": [{"name": "judge"}]}""");
        Assert.That(policy.Rules.Select(r => string.Join(',', r.Entries.Select(e => e.Plugin))), Is.EqualTo(new[] { "mask,judge", "judge" }));
    }

    [Test]
    public void Merge_ObjectsOfALevel_MergeKeyByKey()
    {
        var policy = Merge(
            """{"gateway": {"limits": {"max_depth": 3}, "required_plugins": [{"name": "mask"}]}, "identity": {"unidentified": "refuse"}}""",
            """{"gateway": {"limits": {"max_depth": 3, "max_segments": 4}}, "identity": {"trusted_headers": {"consumer": "X-User"}}}""");
        Assert.Multiple(() =>
        {
            Assert.That((policy.Gateway.Options.MaxDepth, policy.Gateway.Options.MaxSegments), Is.EqualTo(((int?)3, (int?)4)));
            Assert.That((policy.Identity.RefuseUnidentified, policy.Identity.TrustedConsumerHeader), Is.EqualTo((true, "X-User")));
        });
    }

    [TestCase("""{"gateway": {"name": "B"}}""", "1.json#$.gateway.name")]
    [TestCase("""{"gateway": {"limits": {"max_depth": 9}}}""", "1.json#$.gateway.limits.max_depth")]
    [TestCase("""{"identity": {"consumer_claims": ["b"]}}""", "1.json#$.identity.consumer_claims")]
    [TestCase("""{"consumers": [{"name": "c", "groups": ["h"]}]}""", "1.json#$.consumers[0].groups")]
    [TestCase("""{"gateway": {"required_plugins": [{"name": "judge", "id": "a"}]}}""", "1.json#$.gateway.required_plugins[0]")]
    public void Merge_DifferentValues_AreRefused(string second, string path)
    {
        const string First = """
            {"gateway": {"name": "A", "limits": {"max_depth": 3}, "required_plugins": [{"name": "mask", "id": "a"}]},
             "identity": {"consumer_claims": ["a"]}, "consumer_groups": [{"name": "g"}], "consumers": [{"name": "c", "groups": ["g"]}]}
            """;
        Assert.That(Read.Problems(() => Merge(First, second)).Select(p => p.Path), Is.EqualTo(new[] { path }));
    }

    [Test]
    public void Merge_BareRuleWithServicesOfAnotherFile_KeepsItsService()
    {
        var policy = Merge("""{"services": [{"id": "s"}]}""", """{"path": "/a", "service_id": "s", "plugin_chain": [{"name": "mask"}]}""");
        Assert.That(policy.Rules[0].ServiceId, Is.EqualTo("s"));
    }
}
