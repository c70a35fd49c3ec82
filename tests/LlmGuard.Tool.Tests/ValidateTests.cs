namespace LlmGuard.Tool.Tests;

public class ValidateTests
{
    [Test]
    public async Task Validate_ValidPolicy_ListsEntriesAndAnswersZero()
    {
        using var run = new ToolRun();

        var code = await run.CommandAsync("validate", run.File("policy.json", ToolRun.Both));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(code, Is.Zero, run.Error);
            Assert.That(run.Lines[0], Does.Match(@"policy\.json: valid, 2 entries, revision [0-9a-f]{32}$"));
            Assert.That(run.Lines[1..], Is.EqualTo(new[]
            {
                "  $.gateway.required_plugins[0]: prompt_moderation",
                "  $.gateway.required_plugins[1]: data_masking",
            }));
            Assert.That(run.Error, Is.Empty);
        }
    }

    [Test]
    public async Task Validate_TwoProblems_ListsBothWithTheirPathsAndAnswersOne()
    {
        using var run = new ToolRun();
        var file = run.File("policy.json", """{"gateway":{"required_plugins":[{"name":"data_masking","settings":{"aply_all":true}},{"name":"prompt_moderation","priority":"x","settings":{"keywords":["a"]}}]}}""");

        var code = await run.CommandAsync("validate", file);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(code, Is.EqualTo(1));
            Assert.That(run.Error, Does.Contain("policy.json: refused, "));
            Assert.That(run.Error, Does.Contain("$.gateway.required_plugins[0].settings.aply_all: "));
            Assert.That(run.Error, Does.Contain("$.gateway.required_plugins[1].priority: "));
            Assert.That(run.Output, Is.Empty);
        }
    }

    [Test]
    public async Task Validate_PluginTheToolLacks_SaysSoPlainly()
    {
        using var run = new ToolRun();

        var code = await run.CommandAsync(
            "validate", run.File("policy.json", """{"gateway":{"required_plugins":[{"name":"external_api","settings":{}}]}}"""));

        // Once the plugin is registered in the tool, its own settings are what is wrong here.
        var expected = ToolPluginNames.Of(run).Contains("external_api")
            ? "$.gateway.required_plugins[0].settings"
            : "$.gateway.required_plugins[0].name: this llmguard does not contain the plugin 'external_api', so the entry was not checked (it contains ";
        Assert.That(code, Is.EqualTo(1));
        Assert.That(run.Error, Does.Contain(expected));
    }

    [Test]
    public async Task Validate_UnknownPlugin_NamesTheKnownOnes()
    {
        using var run = new ToolRun();

        var code = await run.CommandAsync("validate", run.File("policy.json", """{"gateway":{"required_plugins":[{"name":"data_maksing"}]}}"""));

        Assert.That(code, Is.EqualTo(1));
        Assert.That(run.Error, Does.Contain("unknown plugin 'data_maksing': installed are bedrock_guardrail, code_sanitation, data_masking"));
    }

    [Test]
    public async Task Validate_NoSuchFile_AnswersTwo()
    {
        using var run = new ToolRun();

        var code = await run.CommandAsync("validate", run.PathOf("absent.json"));

        Assert.That(code, Is.EqualTo(2));
        Assert.That(run.Error, Does.Contain("absent.json' does not exist"));
    }

    [Test]
    public async Task Validate_NotJson_SaysWhere()
    {
        using var run = new ToolRun();

        var code = await run.CommandAsync("validate", run.File("policy.json", "{\"gateway\": [}"));

        Assert.That(code, Is.Not.Zero);
        Assert.That(run.Error, Does.Contain("policy.json"));
    }

    [TestCase(null)]
    [TestCase("", TestName = "Validate_SecretWithAnEmptyVariable_IsValidAndSaysWhichVariableItNeeds")]
    public async Task Validate_SecretThatIsNotSet_IsValidAndSaysWhichVariableItNeeds(string? value)
    {
        using var run = new ToolRun();
        run.Environment["AiGuardrails__Secrets__VaultKey"] = value!;
        var file = run.File("policy.json", """
            {"gateway":{"required_plugins":[{"name":"data_masking","settings":{"apply_all":true,"reversible_hashing":{"enabled":false,"secret":{"$secret":"VaultKey"}}}}]}}
            """);

        var code = await run.CommandAsync("validate", file);

        Assert.That(code, Is.Zero, run.Error);
        Assert.That(
            run.Lines[^1], Is.EqualTo("secret: 'VaultKey' from AiGuardrails:Secrets:VaultKey, here AiGuardrails__Secrets__VaultKey (not set)"));
    }

    [Test]
    public async Task Validate_SecretThatIsSet_NeverPrintsItsValue()
    {
        using var run = new ToolRun();
        run.Environment["AiGuardrails__Secrets__VaultKey"] = "hush-hush-hush-hush-hush-hush-hush";
        var file = run.File("policy.json", """
            {"gateway":{"required_plugins":[{"name":"data_masking","settings":{"apply_all":true,"reversible_hashing":{"enabled":false,"secret":{"$secret":"VaultKey"}}}}]}}
            """);

        var code = await run.CommandAsync("validate", file);

        Assert.That(code, Is.Zero, run.Error);
        Assert.That(run.Lines[^1], Does.EndWith("(set)"));
        Assert.That(run.Output + run.Error, Does.Not.Contain("hush"));
    }

    [Test]
    public async Task Scan_SecretThatIsNotSet_IsRefusedWithTheVariable()
    {
        using var run = new ToolRun();
        var file = run.File("policy.json", """
            {"gateway":{"required_plugins":[{"name":"data_masking","settings":{"apply_all":true,"reversible_hashing":{"enabled":false,"secret":{"$secret":"VaultKey"}}}}]}}
            """);

        var code = await run.RunAsync("text", "scan", "--policy", file);

        Assert.That(code, Is.EqualTo(2));
        Assert.That(run.Error, Does.Contain("set the environment variable AiGuardrails__Secrets__VaultKey"));
    }

    [Test]
    public async Task Validate_OverriddenEntry_Warns()
    {
        using var run = new ToolRun();
        var file = run.File("policy.json", """
            {"gateway":{"required_plugins":[{"id":"pii","name":"data_masking","settings":{"apply_all":true}}]},
             "consumer_groups":[{"name":"trusted","required_plugins":[{"id":"pii","name":"data_masking","enabled":false}]}]}
            """);

        var code = await run.CommandAsync("validate", file);

        Assert.That(code, Is.Zero, run.Error);
        Assert.That(run.Lines, Has.Some.StartsWith("warning: "));
    }

    [Test]
    public async Task Validate_SeveralFiles_MergesThem()
    {
        using var run = new ToolRun();
        var rule =
            run.File("rule.json", """{"rules":[{"path":"/v1/*","plugin_chain":[{"name":"prompt_moderation","settings":{"keywords":["x"]}}]}]}""");

        var code = await run.CommandAsync("validate", run.File("gateway.json", ToolRun.Masking), rule);

        Assert.That(code, Is.Zero, run.Error);
        Assert.That(run.Lines[0], Does.Contain("valid, 2 entries"));
    }

    [TestCase("rule.json", "note: $: taken for a rule, because it has a path")]
    [TestCase("gateway.json", "bedrock_guardrail")]
    [TestCase("consumer-group.json", "bedrock_guardrail")]
    public async Task Validate_ExampleOfTheGuide_IsReadAsItsKind(string name, string expected)
    {
        var folder = SharedFolder.Find("reference/policy-examples");
        Assume.That(folder, Is.Not.Null, "../shared/reference/policy-examples is not there");
        using var run = new ToolRun();

        var code = await run.CommandAsync("validate", Path.Combine(folder!, name));

        // Valid, or refused for nothing but a plugin that this build of the tool lacks.
        Assert.That(run.Output + run.Error, Does.Contain(expected));
        Assert.That(code == 0 || run.Error.Contains("refused, 1 problem\n", StringComparison.Ordinal)
            && run.Error.Contains("does not contain the plugin", StringComparison.Ordinal), run.Error);
    }

    [Test]
    public async Task Explain_RuleAndGateway_ShowsWhereEachEntryCameFrom()
    {
        using var run = new ToolRun();
        var file = run.File("policy.json", """
            {"gateway":{"required_plugins":[{"name":"data_masking","settings":{"apply_all":true}}]},
             "rules":[{"path":"/v1/chat","methods":["PUT"],"plugin_chain":[{"name":"prompt_moderation","priority":1,"settings":{"keywords":["x"]}}]}]}
            """);

        var code = await run.CommandAsync("explain", file, "--path", "/v1/chat", "--method", "put");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(code, Is.Zero, run.Error);
            Assert.That(run.Output, Does.Contain("1. prompt_moderation").And.Contain("from rule /v1/chat, $.rules[0].plugin_chain[0]"));
            Assert.That(run.Output, Does.Contain("2. data_masking").And.Contain("from gateway gateway, $.gateway.required_plugins[0]"));
        }
    }

    [TestCase("--consumer", "alice", "consumer alice")]
    [TestCase("--group", "staff", "groups staff")]
    public async Task Explain_Caller_ShowsItsEntries(string option, string name, string scope)
    {
        using var run = new ToolRun();
        var file = run.File("policy.json", """
            {"consumer_groups":[{"name":"staff","required_plugins":[{"name":"data_masking","settings":{"apply_all":true}}]}],
             "consumers":[{"name":"alice","required_plugins":[{"name":"data_masking","settings":{"apply_all":true}}]}]}
            """);

        var code = await run.CommandAsync("explain", file, option, name);

        Assert.That(code, Is.Zero, run.Error);
        Assert.That(run.Output, Does.Contain(scope).And.Contain("1. data_masking"));
    }
}
