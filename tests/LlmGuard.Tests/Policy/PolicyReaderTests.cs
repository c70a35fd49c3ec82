using LlmGuard.Planning;
using LlmGuard.Policy;

namespace LlmGuard.Tests.Policy;

public sealed class PolicyReaderTests
{
    private static IEnumerable<TestCaseData> BadDocuments()
    {
        yield return Bad("no object", "[]", "$");
        yield return Bad("nothing", "{}", "$");
        yield return Bad("empty levels", """{"gateway": {"required_plugins": []}, "rules": []}""", "$");
        yield return Bad("only disabled", Read.Gateway("\"enabled\": false"), "$");
        yield return Bad("unknown root key", """{"gatway": {}}""", "$.gatway");
        yield return Bad("unknown gateway key", """{"gateway": {"plugin_chain": []}}""", "$.gateway.plugin_chain");
        yield return Bad("unknown service key", """{"services": [{"id": "a", "url": "x"}]}""", "$.services[0].url");
        yield return Bad("unknown rule key", """{"rules": [{"path": "/a", "required_plugins": []}]}""", "$.rules[0].required_plugins");
        yield return Bad("unknown group key", """{"consumer_groups": [{"name": "a", "dialect": "x"}]}""", "$.consumer_groups[0].dialect");
        yield return Bad("unknown consumer key", """{"consumers": [{"name": "a", "group": "x"}]}""", "$.consumers[0].group");
        yield return Bad("unknown identity key", """{"identity": {"claims": []}}""", "$.identity.claims");
        yield return Bad("unknown trusted header", """{"identity": {"trusted_headers": {"user": "X-User"}}}""", "$.identity.trusted_headers.user");
        yield return Bad("unknown limit", """{"gateway": {"limits": {"max_bytes": 1}}}""", "$.gateway.limits.max_bytes");
        yield return Bad("unknown uninspected kind", """{"gateway": {"uninspected": {"video": "block"}}}""", "$.gateway.uninspected.video");
        yield return Bad("unknown entry key", Read.Gateway("\"prio\": 1"), "$.gateway.required_plugins[0].prio");
        yield return Bad("unknown streaming key", Read.Gateway("\"streaming\": {\"chars\": 1}"), "$.gateway.required_plugins[0].streaming.chars");
        yield return Bad("unknown setting", Read.Gateway("\"settings\": {\"x\": 1}"), "$.gateway.required_plugins[0].settings.x");
        yield return Bad("settings no object", Read.Gateway("\"settings\": []"), "$.gateway.required_plugins[0].settings");
        yield return Bad("no name", """{"gateway": {"required_plugins": [{}]}}""", "$.gateway.required_plugins[0].name");
        yield return Bad("unknown plugin", """{"gateway": {"required_plugins": [{"name": "nope"}]}}""", "$.gateway.required_plugins[0].name");
        yield return Bad("unknown plugin, disabled", """{"gateway": {"required_plugins": [{"name": "nope", "enabled": false}, {"name": "mask"}]}}""",
            "$.gateway.required_plugins[0].name");
        yield return Bad("entry no object", """{"gateway": {"required_plugins": ["mask"]}}""", "$.gateway.required_plugins[0]");
        yield return Bad("entries no list", """{"gateway": {"required_plugins": "mask"}}""", "$.gateway.required_plugins");
        yield return Bad("empty id", Read.Gateway("\"id\": \"\""), "$.gateway.required_plugins[0].id");
        yield return Bad("id twice", """{"gateway": {"required_plugins": [{"name": "mask", "id": "a"}, {"name": "judge", "id": "a"}]}}""",
            "$.gateway.required_plugins[1]");
        yield return Bad("boolean as text", Read.Gateway("\"enabled\": \"true\""), "$.gateway.required_plugins[0].enabled");
        yield return Bad("number as text", Read.Gateway("\"priority\": \"1\""), "$.gateway.required_plugins[0].priority");
        yield return Bad("status too low", Read.Gateway("\"status_code\": 399"), "$.gateway.required_plugins[0].status_code");
        yield return Bad("status too high", Read.Gateway("\"status_code\": 600"), "$.gateway.required_plugins[0].status_code");
        yield return Bad("timeout zero", Read.Gateway("\"timeout_ms\": 0"), "$.gateway.required_plugins[0].timeout_ms");
        yield return Bad("timeout too long", Read.Gateway("\"timeout_ms\": 600001"), "$.gateway.required_plugins[0].timeout_ms");
        yield return Bad("mode unknown", Read.Gateway("\"mode\": \"off\""), "$.gateway.required_plugins[0].mode");
        yield return Bad("on_error unknown", Read.Gateway("\"on_error\": \"ignore\""), "$.gateway.required_plugins[0].on_error");
        yield return Bad("stage unknown", Read.Gateway("\"stage\": \"request\""), "$.gateway.required_plugins[0].stage");
        yield return Bad("stage in list unknown", Read.Gateway("\"stage\": [\"pre_request\", \"request\"]"),
            "$.gateway.required_plugins[0].stage[1]");
        yield return Bad("stage not supported", Read.Gateway("\"stage\": \"post_response\""), "$.gateway.required_plugins[0].stage");
        yield return Bad("no stage", Read.Gateway("\"stage\": []"), "$.gateway.required_plugins[0].stage");
        yield return Bad("stage number", Read.Gateway("\"stage\": 1"), "$.gateway.required_plugins[0].stage");
        yield return Bad("role unknown", Read.Gateway("\"roles\": [\"developer\"]"), "$.gateway.required_plugins[0].roles[0]");
        yield return Bad("kind unknown", Read.Gateway("\"kinds\": [\"text\"]"), "$.gateway.required_plugins[0].kinds[0]");
        yield return Bad("source unknown", Read.Gateway("\"sources\": [\"cookies\"]"), "$.gateway.required_plugins[0].sources[0]");
        yield return Bad("seam unknown", Read.Gateway("\"seams\": [\"grpc\"]"), "$.gateway.required_plugins[0].seams[0]");
        yield return Bad("roles no list", Read.Gateway("\"roles\": \"user\""), "$.gateway.required_plugins[0].roles");
        yield return Bad("streaming mode", Read.Gateway("\"streaming\": {\"mode\": \"tail\"}"), "$.gateway.required_plugins[0].streaming.mode");
        yield return Bad("streaming where nothing streams", Read.Gateway("\"streaming\": {\"mode\": \"head\"}"),
            "$.gateway.required_plugins[0].streaming.mode");
        yield return Bad("cadence of what is held whole",
            Read.Gateway("\"stage\": \"pre_response\", \"streaming\": {\"mode\": \"buffer\", \"min_chars\": 5}"),
            "$.gateway.required_plugins[0].streaming.min_chars");
        yield return Bad("whole text judged incrementally", Read.Gateway("\"stage\": \"pre_response\", \"streaming\": {\"mode\": \"incremental\"}"),
            "$.gateway.required_plugins[0].streaming.mode");
        yield return Bad("streaming window", Read.Gateway("\"streaming\": {\"min_chars\": 500, \"max_window_chars\": 400}"),
            "$.gateway.required_plugins[0].streaming.min_chars");
        yield return Bad("path without slash", """{"rules": [{"path": "a", "plugin_chain": [{"name": "mask"}]}]}""", "$.rules[0]");
        yield return Bad("path with query", """{"rules": [{"path": "/a?b", "plugin_chain": [{"name": "mask"}]}]}""", "$.rules[0]");
        yield return Bad("rule without path", """{"rules": [{}]}""", "$.rules[0].path");
        yield return Bad("service without id", """{"services": [{}]}""", "$.services[0].id");
        yield return Bad("method", """{"rules": [{"path": "/a", "methods": ["GET POST"]}]}""", "$.rules[0].methods");
        yield return Bad("service twice", """{"gateway": {"required_plugins": [{"name": "mask"}]}, "services": [{"id": "a"}, {"id": "a"}]}""",
            "$.services[1]");
        yield return Bad("limit range", """{"gateway": {"limits": {"max_depth": 0}}}""", "$.gateway.limits.max_depth");
        yield return Bad("uninspected action", """{"gateway": {"uninspected": {"image": "drop"}}}""", "$.gateway.uninspected.image");
        yield return Bad("deny_with", """{"gateway": {"deny_with": "silence"}}""", "$.gateway.deny_with");
        yield return Bad("dialect", """{"gateway": {"dialect": "Open AI"}}""", "$.gateway.dialect");
        yield return Bad("unknown dialect", """{"gateway": {"dialect": "nobody.speaks_it"}}""", "$.gateway.dialect");
        yield return Bad("unidentified", """{"identity": {"unidentified": "guess"}}""", "$.identity.unidentified");
        yield return Bad("trusted header name", """{"identity": {"trusted_headers": {"consumer": "X User"}}}""",
            "$.identity.trusted_headers.consumer");
        yield return Bad("duplicate key", """{"gateway": {}, "gateway": {}}""", "$.gateway");
        yield return Bad("duplicate key within", """{"gateway": {"required_plugins": [{"name": "mask", "settings": {"a b": 1, "a\u0020b": 2}}]}}""",
            "$.gateway.required_plugins[0].settings['a b']");
        yield return Bad("trailing data", "{} {}", "$");
        yield return Bad("trailing comma", "{\"gateway\": {},}", "$");
        yield return Bad("cut", "{\"gateway\": {", "$");
        yield return Bad("empty text", "", "$");
        yield return Bad("lone surrogate", "{\"gateway\": {\"name\": \"\\ud800\"}}", "$.gateway.name");
        yield return Bad(
            "several at once",
            """{"x": 1, "rules": [{"path": "a", "plugin_chain": [{"name": "mask", "mode": 1, "y": 2}]}], "identity": {"z": 3}}""",
            "$.rules[0]",
            "$.rules[0].plugin_chain[0].mode",
            "$.x",
            "$.rules[0].plugin_chain[0].y",
            "$.identity.z");
    }

    private static TestCaseData Bad(string what, string json, params string[] paths) => new TestCaseData(json, paths).SetArgDisplayNames(what);

    [TestCaseSource(nameof(BadDocuments))]
    public void Read_BadDocument_NamesEveryPlace(string json, string[] paths) =>
        Assert.That(Read.Problems(() => Read.Policy(json)).Select(p => p.Path), Is.EquivalentTo(paths));

    [Test]
    public void Read_UnknownKey_ListsTheKnownOnes()
    {
        var problem = Read.Problems(() => Read.Policy("""{"identity": {"claims": []}}""")).Single();
        Assert.That(problem.Message, Is.EqualTo("unknown key: expected one of consumer_claims, group_claims, trusted_headers, unidentified"));
    }

    [Test]
    public void Read_WrongType_NamesTypeAndExpectation()
    {
        var problem = Read.Problems(() => Read.Policy(Read.Gateway("\"parallel\": \"yes\""))).Single();
        Assert.That(problem.ToString(), Is.EqualTo("$.gateway.required_plugins[0].parallel: expected a boolean, found a string"));
    }

    [Test]
    public void Read_NotJson_TellsThePositionOnly()
    {
        var problem = Read.Problems(() => Read.Policy("{\n  \"gateway\": hunter2\n}")).Single();
        Assert.That(problem.Message, Is.EqualTo("is not strict JSON: line 2, byte 14"));
    }

    [TestCase("data_masking", "LlmGuard.Plugins.DataMasking", ".AddDataMasking()")]
    [TestCase("neuraltrust_guardrail", "LlmGuard.Plugins.NeuralTrustGuardrail", ".AddNeuralTrustGuardrail()")]
    [TestCase("toxicity_openai", "LlmGuard.Plugins.ToxicityOpenAI", ".AddToxicityOpenAI()")]
    public void Read_PluginNotInstalled_NamesPackageAndMethod(string plugin, string package, string method)
    {
        var problem = Read.Problems(() => Read.Policy(Read.Gateway("", plugin))).Single();
        Assert.That(problem.Message, Does.Contain(package).And.Contain(method));
    }

    [Test]
    public void Read_PluginOfTheFamilyNotInstalledAndDisabled_IsAccepted()
    {
        var policy = Read.Policy(
            """{"gateway": {"required_plugins": [{"name": "data_masking", "enabled": false, "settings": {"x": 1}}, {"name": "mask"}]}}""");
        Assert.That(policy.Gateway.Entries.Select(e => (e.Plugin, e.Enabled, HasEvaluator: e.Evaluator is not null, e.Settings)), Is.EqualTo(new[]
        {
            ("data_masking", false, false, "{}"), ("mask", true, true, "{}"),
        }));
    }

    [Test]
    public void Read_EntryWithoutKeys_TakesThePluginsDefaults()
    {
        var entry = Read.Entry("");
        Assert.Multiple(() =>
        {
            Assert.That(entry.Stages, Is.EqualTo(new[] { GuardrailStage.PreRequest }));
            Assert.That(entry.Priority, Is.EqualTo(7));
            Assert.That(entry.Timeout, Is.EqualTo(TimeSpan.FromMilliseconds(1234)));
            Assert.That(entry.OnError, Is.EqualTo(FailurePolicy.Block));
            Assert.That(entry.Mode, Is.EqualTo(EntryMode.Enforce));
            Assert.That(entry.Filter.IsEverything);
            Assert.That(entry.Streaming, Is.EqualTo(StreamingOptions.Default));
            Assert.That((entry.Id, entry.Locked, entry.Parallel, entry.Message, entry.StatusCode),
                Is.EqualTo(((string?)null, false, false, (string?)null, (int?)null)));
        });
    }

    [Test]
    public void Read_EntryWithAllKeys_ReadsEach()
    {
        var entry = Read.Entry("""
            "id": "a", "stage": ["pre_response", "pre_request"], "priority": -3, "parallel": true, "mode": "monitor", "on_error": "allow",
            "timeout_ms": 600000, "locked": true, "roles": ["user", "tool"], "kinds": ["message"], "sources": ["body"], "seams": ["chat", "mcp"],
            "message": "No.", "status_code": 451, "settings": {},
            "streaming": {"mode": "head", "head_chars": 1, "head_max_ms": 2, "min_chars": 3, "max_hold_ms": 4, "max_window_chars": 256}
            """);
        Assert.Multiple(() =>
        {
            Assert.That(entry.Id, Is.EqualTo("a"));
            Assert.That(entry.Stages, Is.EqualTo(new[] { GuardrailStage.PreRequest, GuardrailStage.PreResponse }));
            Assert.That((entry.Priority, entry.Parallel, entry.Mode, entry.OnError, entry.Locked),
                Is.EqualTo((-3, true, EntryMode.Monitor, FailurePolicy.Allow, true)));
            Assert.That(entry.Timeout, Is.EqualTo(TimeSpan.FromMinutes(10)));
            Assert.That(entry.Filter.Roles, Is.EqualTo(new[] { "user", "tool" }));
            Assert.That(entry.Filter.Kinds, Is.EqualTo(new[] { "message" }));
            Assert.That(entry.Filter.Sources, Is.EqualTo(new[] { SegmentSource.Body }));
            Assert.That(entry.Seams, Is.EqualTo(new[] { GuardrailSeam.Chat, GuardrailSeam.Mcp }));
            Assert.That((entry.Message, entry.StatusCode), Is.EqualTo(("No.", (int?)451)));
            Assert.That(entry.Streaming, Is.EqualTo(new StreamingOptions { Mode = "head", HeadChars = 1, HeadMaxMs = 2, MinChars = 3, MaxHoldMs = 4,
                MaxWindowChars = 256 }));
        });
    }

    [Test]
    public void Read_WholeDocument_ReadsEveryLevel()
    {
        var policy = Read.Policy("""
            {
              // comments are allowed
              "gateway": {"name": "Gateway", "dialect": "openai.chat_completions", "deny_with": "completion", "required_plugins": [{"name": "mask"}],
                "limits": {"max_body_bytes": 1, "max_depth": 2, "max_segments": 3, "max_findings": 4, "max_inflate_ratio": 5, "max_held_bytes": 2048},
                "uninspected": {"token_ids": "flag", "image": "block", "server_state": "allow"}},
              "services": [{"id": "openai", "required_plugins": [{"name": "judge"}]}],
              "rules": [{"path": "/v1/*", "methods": ["post", "GET"], "service_id": "openai", "active": false, "plugin_chain": [{"name": "mask", "id": "m"}]}],
              "consumer_groups": [{"name": "premium", "required_plugins": []}],
              "consumers": [{"name": "alice", "groups": ["premium"], "required_plugins": [{"name": "mask"}]}],
              "identity": {"consumer_claims": ["azp"], "group_claims": [], "trusted_headers": {"consumer": "X-User", "groups": "X-Groups"}, "unidentified": "refuse"}
            }
            """);
        Assert.Multiple(() =>
        {
            Assert.That(policy.Levels().Select(l => (l.Kind, l.Name, l.Path, l.Entries.Length)), Is.EqualTo(new[]
            {
                ("gateway", "Gateway", "$.gateway", 1), ("service", "openai", "$.services[0]", 1), ("rule", "/v1/*", "$.rules[0]", 1),
                ("consumer_group", "premium", "$.consumer_groups[0]", 0), ("consumer", "alice", "$.consumers[0]", 1),
            }));
            Assert.That(policy.Rules[0].Methods, Is.EqualTo(new[] { "GET", "POST" }));
            Assert.That((policy.Rules[0].ServiceId, policy.Rules[0].Active), Is.EqualTo(("openai", false)));
            Assert.That(policy.Consumers[0].Groups, Is.EqualTo(new[] { "premium" }));
            var options = policy.Gateway.Options;
            Assert.That((options.Dialect, options.DenyWithCompletion), Is.EqualTo(("openai.chat_completions", (bool?)true)));
            Assert.That((options.MaxBodyBytes, options.MaxDepth, options.MaxSegments, options.MaxFindings, options.MaxInflateRatio,
                options.MaxHeldBytes),
                Is.EqualTo(((long?)1, (int?)2, (int?)3, (int?)4, (int?)5, (int?)2048)));
            Assert.That(options.Uninspected, Is.EquivalentTo(new Dictionary<UninspectedKind, UninspectedAction>
            {
                [UninspectedKind.TokenIds] = UninspectedAction.Flag,
                [UninspectedKind.Image] = UninspectedAction.Block,
                [UninspectedKind.ServerState] = UninspectedAction.Allow,
            }));
            Assert.That(policy.Identity.ConsumerClaims, Is.EqualTo(new[] { "azp" }));
            Assert.That(policy.Identity.GroupClaims, Is.Empty);
            Assert.That((policy.Identity.TrustedConsumerHeader, policy.Identity.TrustedGroupsHeader, policy.Identity.RefuseUnidentified),
                Is.EqualTo(("X-User", "X-Groups", true)));
            Assert.That(policy.Notes, Has.All.Contain("a streamed answer is held whole"));
        });
    }

    [Test]
    public void Read_AllowEmpty_AcceptsADocumentWithoutEntries() => Assert.That(Read.Policy("""{"allow_empty": true}""").AllowEmpty);

    [Test]
    public void Read_ByteOrderMark_IsSkipped() => Assert.That(Read.Policy("\uFEFF" + Read.Gateway("")).Gateway.Entries, Has.Length.EqualTo(1));

    [Test]
    public void Read_InvalidUtf8_IsRefused()
    {
        byte[] json = [.. "{\"gateway\": {\"name\": \""u8, 0xFF, .. "\"}}"u8];
        Assert.That(() => PolicySource.Parse("code", json), Throws.TypeOf<GuardrailPolicyException>());
    }

    // Else the first would end the start with its message, which may quote settings, and the others fail every call.
    [TestCaseSource(nameof(ThrowingEvaluators))]
    public void Read_EvaluatorThrowsWhenAskedAboutItself_IsAProblemWithoutItsMessage(IGuardrailEvaluator evaluator)
    {
        var failure = Assert.Throws<GuardrailPolicyException>(() => Read.Policy(Read.Gateway("\"cache\": true"), new ThrowingPlugin(evaluator)))!;
        Assert.That(failure.ToString(), Does.Contain("the plugin failed to read its settings (ArgumentException)").And.Not.Contain("marker"));
    }

    private static IEnumerable<TestCaseData> ThrowingEvaluators()
    {
        yield return new TestCaseData(new ThrowsOnPurity()).SetArgDisplayNames("purity");
        yield return new TestCaseData(new ThrowsOnNeeds()).SetArgDisplayNames("needs");
        yield return new TestCaseData(new ThrowsOnLimits()).SetArgDisplayNames("limits");
        yield return new TestCaseData(new ThrowsOnReversible()).SetArgDisplayNames("reversible");
    }

    private sealed class ThrowingPlugin(IGuardrailEvaluator evaluator) : IGuardrailPlugin
    {
        public GuardrailPluginMetadata Metadata { get; } = new("mask");

        public IGuardrailEvaluator Create(GuardrailSettings settings) => evaluator;
    }

    private abstract class Allowing : IGuardrailEvaluator
    {
        public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GuardrailVerdict.Allow);
    }

    private sealed class ThrowsOnPurity : Allowing, ISegmentEvaluator
    {
        public bool IsPurePerSegment(GuardrailStage stage) => throw new ArgumentException("marker");
    }

    private sealed class ThrowsOnNeeds : Allowing, IEvaluatorNeeds
    {
        public GuardrailNeeds Needs => throw new ArgumentException("marker");
    }

    private sealed class ThrowsOnLimits : Allowing, IBodyLimits
    {
        public long? MaxBodyBytes => throw new ArgumentException("marker");

        public int? MaxJsonDepth => null;
    }

    private sealed class ThrowsOnReversible : Allowing, IReversibleEvaluator
    {
        public ReversibleMasking? Reversible => throw new ArgumentException("marker");
    }

    [Test]
    public void Read_PluginThrows_IsAProblemWithoutItsMessage()
    {
        var plugin = new FakePlugin("mask", _ => throw new ArgumentException("marker"));
        var failure = Assert.Throws<GuardrailPolicyException>(() => Read.Policy(Read.Gateway(""), plugin))!;
        Assert.That(failure.Problems.Single().ToString(),
            Is.EqualTo("$.gateway.required_plugins[0].settings: the plugin failed to read its settings (ArgumentException)"));
        Assert.That(failure.ToString(), Does.Not.Contain("marker"));
    }

    [Test]
    public void Read_RefusedDocument_DisposesItsEvaluators()
    {
        var plugin = new FakePlugin("mask");
        Assert.That(Read.Paths("""{"gateway": {"required_plugins": [{"name": "mask"}]}, "typo": 1}""", plugin), Is.EqualTo(new[] { "$.typo" }));
        Assert.That(plugin.Created.Select(e => e.Disposals), Is.EqualTo(new[] { 1 }));
    }

    [Test]
    public void Read_ListsAsObjects_ReadLikeArraysOrderedByKey()
    {
        var policy = Read.Policy("""
            {
              "gateway": {"required_plugins": {"second": {"name": "mask"}, "first": {"name": "judge"}, "mask": {}}},
              "services": {"openai": {}},
              "rules": {"chat": {"path": "/chat", "plugin_chain": {"x": {"name": "mask", "id": "own"}}}, "/v1": {}},
              "consumer_groups": {"premium": {}},
              "consumers": {"alice": {"groups": ["premium"]}}
            }
            """);
        Assert.Multiple(() =>
        {
            Assert.That(policy.Gateway.Entries.Select(e => (e.Id, e.Plugin, e.Path)), Is.EqualTo(new[]
            {
                ("first", "judge", "$.gateway.required_plugins.first"), (null, "mask", "$.gateway.required_plugins.mask"),
                ("second", "mask", "$.gateway.required_plugins.second"),
            }));
            Assert.That(policy.Services.Select(s => s.Name), Is.EqualTo(new[] { "openai" }));
            Assert.That(policy.Rules.Select(r => r.Pattern), Is.EqualTo(new[] { "/v1", "/chat" }));
            Assert.That(policy.Rules[1].Entries[0].Id, Is.EqualTo("own"));
            Assert.That(policy.ConsumerGroups.Select(g => g.Name), Is.EqualTo(new[] { "premium" }));
            Assert.That(policy.Consumers.Select(c => c.Name), Is.EqualTo(new[] { "alice" }));
        });
    }

    [Test]
    public void Catalog_TwoPluginsWithOneIdentifier_AreRefused() =>
        Assert.That(() => new PluginCatalog([new FakePlugin("mask"), new FakePlugin("mask")]),
            Throws.InvalidOperationException.With.Message.Contain("'mask'"));

    [Test]
    public void Catalog_DefaultStageThePluginDoesNotHave_IsRefused()
    {
        var plugin = new FakePlugin("mask") { Metadata = new GuardrailPluginMetadata("mask") { DefaultStages = [GuardrailStage.PostResponse] } };
        Assert.That(() => new PluginCatalog([plugin]), Throws.InvalidOperationException.With.Message.Contain("default stages"));
    }
}
