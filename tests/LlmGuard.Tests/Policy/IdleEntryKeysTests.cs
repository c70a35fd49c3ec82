using LlmGuard.Policy;

namespace LlmGuard.Tests.Policy;

/// <summary>Keys of an entry that nothing would honour.</summary>
public sealed class IdleEntryKeysTests
{
    private const string Entry = "$.gateway.required_plugins[0].";

    private static readonly FakePlugin Local = new("local") { Metadata = new("local") { MayBeUnavailable = false, RunsInline = true } };

    private static readonly FakePlugin Refusing = new("refusing", static s =>
    {
        s.OptionalInt32("status_code");
        s.OptionalString("error_message");
        s.Object("actions").OptionalString("message");
    });

    private static readonly FakePlugin Paired = new("paired")
    {
        Metadata = new("paired")
        {
            Stages = [GuardrailStage.PreRequest, GuardrailStage.PostResponse],
            RequiredStages = [GuardrailStage.PreRequest],
            DefaultStages = [GuardrailStage.PreRequest, GuardrailStage.PostResponse],
        },
    };

    [TestCase("\"roles\": []", "roles")]
    [TestCase("\"kinds\": []", "kinds")]
    [TestCase("\"sources\": []", "sources")]
    [TestCase("\"seams\": []", "seams")]
    [TestCase("\"content_to_check\": []", "content_to_check")]
    [TestCase("\"settings\": {\"content_to_check\": []}", "settings.content_to_check")]
    public void Read_EmptyFilter_IsRefused(string members, string path) => Assert.That(Read.Paths(Read.Gateway(members)), Does.Contain(Entry + path));

    [TestCase("\"on_error\": \"allow\"")]
    [TestCase("\"block_failures\": false")]
    [TestCase("\"settings\": {\"block_failures\": false}")]
    public void Read_FailOpenOfWhatNeedsNothing_IsAcceptedWithANote(string members) =>
        Assert.That(
            Read.Policy(Read.Gateway(members, "local"), Local).Notes,
            Is.EqualTo(new[] { Entry.TrimEnd('.')
                + ": \"on_error\" has no effect here, because the plugin 'local' needs nothing that could be unavailable" }));

    [TestCase("\"on_error\": \"block\"")]
    [TestCase("\"block_failures\": true")]
    public void Read_FailClosedOfWhatNeedsNothing_IsWhatHolds(string members) =>
        Assert.That(Read.Policy(Read.Gateway(members, "local"), Local).Notes, Is.Empty);

    [TestCase("\"timeout_ms\": 100")]
    [TestCase("\"settings\": {\"timeout\": \"1s\"}")]
    public void Read_DeadlineOfWhatWaitsForNothing_IsAcceptedWithANote(string members) =>
        Assert.That(
            Read.Policy(Read.Gateway(members, "local"), Local).Notes,
            Is.EqualTo(new[] { Entry.TrimEnd('.') + ": \"timeout_ms\" has no effect here, because the plugin 'local' waits for nothing" }));

    [TestCase("\"status_code\": 451, \"settings\": {\"status_code\": 422}", "status_code")]
    [TestCase("\"message\": \"a\", \"settings\": {\"error_message\": \"b\"}", "message")]
    [TestCase("\"message\": \"a\", \"settings\": {\"actions\": {\"message\": \"b\"}}", "message")]
    public void Read_RefusalInTwoWays_IsRefused(string members, string path) =>
        Assert.That(Read.Paths(Read.Gateway(members, "refusing"), Refusing), Is.EqualTo(new[] { Entry + path }));

    [TestCase("\"status_code\": 451, \"settings\": {\"status_code\": 451}")]
    [TestCase("\"message\": \"a\", \"settings\": {\"error_message\": \"a\", \"actions\": {\"message\": \"a\"}}")]
    [TestCase("\"message\": \"a\", \"settings\": {\"status_code\": 422}")]
    public void Read_RefusalSaidTwiceTheSame_IsAccepted(string members) => Assert.That(Read.Entry(members, Refusing).Plugin, Is.EqualTo("refusing"));

    [TestCase("\"post_response\"", false)]
    [TestCase("\"pre_request\"", true)]
    [TestCase("[\"post_response\", \"pre_request\"]", true)]
    public void Read_StageThatDoesNothingAlone_IsRefused(string stage, bool isAccepted)
    {
        var json = Read.Gateway($"\"stage\": {stage}", "paired");
        if (isAccepted)
        {
            Assert.That(Read.Policy(json, Paired).Gateway.Entries, Has.Length.EqualTo(1));
        }
        else
        {
            Assert.That(Read.Paths(json, Paired), Is.EqualTo(new[] { Entry + "stage" }));
        }
    }

    [TestCase("""{"gateway": {"required_plugins": [{"name": "deep", "settings": {"depth": 65}}]}}""", "$.gateway.required_plugins[0].settings")]
    [TestCase("""{"gateway": {"required_plugins": [{"name": "deep", "settings": {"depth": 64}}]}}""", null)]
    [TestCase("""{"gateway": {"limits": {"max_depth": 100}, "required_plugins": [{"name": "deep", "settings": {"depth": 65}}]}}""", null)]
    [TestCase("""{"gateway": {"required_plugins": [{"name": "deep", "settings": {"depth": 65}}]}, "rules": [{"path": "/a", "limits": {"max_depth": 100}}]}""", null)]
    [TestCase("""{"gateway": {"limits": {"max_depth": 100}}, "rules": [{"path": "/a", "limits": {"max_depth": 9}, "plugin_chain": [{"name": "deep", "settings": {"depth": 10}}]}]}""", "$.rules[0].plugin_chain[0].settings")]
    [TestCase("""{"services": [{"id": "s", "limits": {"max_depth": 9}}], "rules": [{"path": "/a", "service_id": "s", "plugin_chain": [{"name": "deep", "settings": {"depth": 10}}]}]}""", "$.rules[0].plugin_chain[0].settings")]
    [TestCase("""{"services": [{"id": "s", "limits": {"max_depth": 100}}], "rules": [{"path": "/a", "service_id": "s", "plugin_chain": [{"name": "deep", "settings": {"depth": 99}}]}]}""", null)]
    public void Read_DepthThatNoBodyReaches_IsRefused(string json, string? path)
    {
        if (path is null)
        {
            Assert.That(Read.Policy(json, new DepthPlugin()), Is.Not.Null);
        }
        else
        {
            Assert.That(Read.Paths(json, new DepthPlugin()), Is.EqualTo(new[] { path }));
        }
    }

    [TestCase("\"kinds\": [\"query\"], \"sources\": [\"body\"]", "kinds")]
    [TestCase("\"kinds\": [\"message\", \"header\"], \"sources\": [\"body\"]", "kinds")]
    [TestCase("\"kinds\": [\"message\"], \"sources\": [\"body\", \"headers\"]", "sources")]
    [TestCase("\"kinds\": [\"header\"], \"content_to_check\": [\"path_and_query\", \"headers\"]", "sources")]
    [TestCase("\"roles\": [\"user\"], \"sources\": [\"headers\"]", "roles")]
    [TestCase("\"roles\": [\"user\"], \"kinds\": [\"path\", \"query\"]", "roles")]
    public void Read_FilterThatAnotherLeavesNothingFor_IsRefused(string members, string path) =>
        Assert.That(Read.Paths(Read.Gateway(members)), Is.EqualTo(new[] { Entry + path }));

    [TestCase("\"kinds\": [\"key\"], \"sources\": [\"path_and_query\"]")]
    [TestCase("\"kinds\": [\"key\", \"message\"], \"sources\": [\"body\"], \"roles\": [\"user\"]")]
    [TestCase("\"kinds\": [\"header\", \"query\"], \"sources\": [\"headers\", \"path_and_query\", \"body\"]")]
    [TestCase("\"kinds\": [\"path\", \"key\"], \"roles\": [\"user\"]")]
    [TestCase("\"sources\": [\"headers\", \"body\"], \"roles\": [\"user\"]")]
    public void Read_FiltersThatLeaveSomething_AreAccepted(string members) => Assert.That(Read.Policy(Read.Gateway(members)), Is.Not.Null);

    [TestCase("""{"gateway": {"limits": {"max_body_bytes": 9}, "required_plugins": [{"name": "deep", "settings": {"bytes": 10}}]}}""", true)]
    [TestCase("""{"gateway": {"limits": {"max_body_bytes": 10}, "required_plugins": [{"name": "deep", "settings": {"bytes": 10}}]}}""", false)]
    [TestCase("""{"gateway": {"required_plugins": [{"name": "deep", "settings": {"bytes": 10485761}}]}}""", true)]
    [TestCase("""{"gateway": {"required_plugins": [{"name": "deep", "settings": {"bytes": 10485761}}]}, "rules": [{"path": "/a", "limits": {"max_body_bytes": 20000000}}]}""", false)]
    [TestCase("""{"rules": [{"path": "/a", "limits": {"max_body_bytes": 9}, "plugin_chain": [{"name": "deep", "settings": {"bytes": 10}}]}]}""",
        true)]
    public void Build_SizeThatNoBodyReaches_IsWarnedOf(string json, bool isWarned)
    {
        var problems = new List<SettingsProblem>();
        var table = PolicyTable.Build(Read.Policy(json, new DepthPlugin()), problems);
        Assert.That(problems, Is.Empty);
        Assert.That(table.Warnings, isWarned ? Has.Count.EqualTo(1).And.Some.Contains("max_body_bytes")
            : (NUnit.Framework.Constraints.IResolveConstraint)Is.Empty);
    }

    private sealed class DepthPlugin : IGuardrailPlugin
    {
        public GuardrailPluginMetadata Metadata { get; } = new("deep");

        public IGuardrailEvaluator Create(GuardrailSettings settings) => new Depth(settings.Int32("depth", 1), settings.OptionalInt64("bytes"));
    }

    private sealed class Depth(int depth, long? bytes) : IGuardrailEvaluator, IBodyLimits
    {
        public long? MaxBodyBytes => bytes;

        public int? MaxJsonDepth => depth;

        public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken) => new(GuardrailVerdict.Allow);
    }
}
