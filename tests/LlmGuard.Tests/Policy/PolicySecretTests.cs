using LlmGuard.Policy.Evaluators;
using LlmGuard.Policy.Reading;

namespace LlmGuard.Tests.Policy;

public sealed class PolicySecretTests
{
    private const string Marker = "hunter2-MARKER";

    private static string Entry(string secret, string endpoint = "https://a.example", string rest = "") =>
        Read.Gateway("\"settings\": {\"endpoint\": \"" + endpoint + "\", \"api_key\": " + secret + rest + "}", "judge");

    private static LoadedPolicy Load(string json, Func<string, string?>? secrets = null) =>
        Read.Loaded([Read.Source(json)], [FakePlugin.WithSecret()], secrets ?? (name => name == "Key" ? Marker : null));

    [Test]
    public void Secret_Reference_ResolvesAndIsNotInTheDocument()
    {
        GuardrailSecret? seen = null;
        var plugin = new FakePlugin("judge", s => seen = s.Secret("api_key"));
        var json = Read.Gateway("\"settings\": {\"api_key\": {\"$secret\": \"Key\"}}", "judge");
        var loaded = Read.Loaded([Read.Source(json)], [plugin], _ => Marker);
        Assert.Multiple(() =>
        {
            Assert.That(seen!.Reveal(), Is.EqualTo(Marker));
            Assert.That(loaded.Document.Gateway.Entries[0].Settings, Is.EqualTo("""{"api_key":{"$secret":"Key"}}"""));
        });
    }

    [Test]
    public void Secret_Literal_IsANumberInTheDocument()
    {
        var loaded = Load(Entry($"\"{Marker}\""));
        Assert.That(loaded.Document.Gateway.Entries[0].Settings, Is.EqualTo("""{"api_key":{"$literal":1},"endpoint":"https://a.example"}"""));
    }

    [Test]
    public void Secret_DifferentLiterals_AreDifferentEntries()
    {
        static string With(string key) => "{\"name\": \"judge\", \"settings\": {\"api_key\": \"" + key + "\"}}";
        var policy = Load("{\"gateway\": {\"required_plugins\": [" + With("one") + "," + With("two") + "," + With("one") + "]}}").Document;
        Assert.That(policy.Gateway.Entries.Select(e => e.Settings), Is.EqualTo(new[]
        {
            """{"api_key":{"$literal":1}}""", """{"api_key":{"$literal":2}}""", """{"api_key":{"$literal":1}}""",
        }));
    }

    [Test]
    public void Secret_LiteralReadTwice_IsStillANumber()
    {
        var plugin = new FakePlugin("judge", s => _ = (s.Secret("api_key"), s.Secret("api_key")));
        var loaded = Read.Loaded([Read.Source(Read.Gateway($"\"settings\": {{\"api_key\": \"{Marker}\"}}", "judge"))], [plugin]);
        Assert.That(loaded.Document.Gateway.Entries[0].Settings, Is.EqualTo("""{"api_key":{"$literal":1}}"""));
    }

    [Test]
    public void Secret_NotConfigured_IsAProblemThatNamesIt()
    {
        var problem = Read.Problems(() => Load(Entry("{\"$secret\": \"Other\"}"))).Single();
        Assert.That(problem.ToString(), Is.EqualTo("$.gateway.required_plugins[0].settings.api_key: the secret 'Other' is not configured"));
    }

    [TestCase("")]
    [TestCase(" ")]
    public void Reload_SecretEmptied_IsRefusedAndTheOldOneStaysInUse(string emptied)
    {
        var configuration = new ChangingConfiguration(
            ("AiGuardrails:Secrets:Key", Marker),
            ("AiGuardrails:gateway:required_plugins:judge:settings:api_key:$secret", "Key"));
        using var application = new PolicyApplication([FakePlugin.WithSecret()], configuration.Root);
        using var before = application.Provider.Acquire();
        configuration.Set("AiGuardrails:Secrets:Key", emptied);
        application.Time.Advance(new AiGuardrailsOptions().ReloadDelay);
        using var after = application.Provider.Acquire();
        Assert.Multiple(() =>
        {
            Assert.That(PolicyApplication.Evaluator(after), Is.SameAs(PolicyApplication.Evaluator(before)));
            Assert.That(application.Provider.Status.Failure, Does.Contain("settings.api_key: the secret 'Key' is empty"));
        });
    }

    [Test]
    public void Secret_WhereThePluginReadsText_IsRefused()
    {
        var problem = Read.Problems(() => Load(Entry("\"x\"", "https://a.example").Replace("\"https://a.example\"", "{\"$secret\": \"Key\"}",
            StringComparison.Ordinal))).Single();
        Assert.That(problem.ToString(), Is.EqualTo("$.gateway.required_plugins[0].settings.endpoint: expected a string, found an object"));
    }

    [TestCase("\"unknown\": 1")]
    [TestCase("\"level\": 99")]
    [TestCase("\"level\": {}")]
    public void Secret_DocumentWithProblems_IsNeverQuoted(string mistake)
    {
        foreach (var secret in new[] { $"\"{Marker}\"", "{\"$secret\": \"Key\"}" })
        {
            var refused = Assert.Throws<GuardrailPolicyException>(() => Load(Entry(secret, rest: ", " + mistake)))!;
            Assert.That(refused.ToString() + string.Concat(refused.Problems), Does.Not.Contain(Marker));
        }
    }

    [Test]
    public void Secret_EverythingThatPrints_DoesNotPrintIt()
    {
        var loaded = Load(Entry($"\"{Marker}\""));
        var printed = string.Join('\n', loaded, loaded.Document, loaded.Document.Gateway, loaded.Document.Gateway.Entries[0], loaded.Secrets[0],
            loaded.Document.Gateway.Entries[0].Settings);
        Assert.That(printed, Does.Not.Contain(Marker));
    }

    [TestCase("{\"$secret\": \"Key\"}")]
    [TestCase("\"literal\"")]
    public void Bindings_SameSecretToAnotherHost_IsRefused(string secret)
    {
        var bindings = new SecretBindings([]);
        bindings.Remember(Load(Entry(secret)).Secrets);
        var problems = new List<SettingsProblem>();
        bindings.Check(Load(Entry(secret, "https://evil.example/x")).Secrets, problems);
        Assert.That(problems.Single().Path, Is.EqualTo("$.gateway.required_plugins[0].settings.api_key"));
        Assert.That(problems.Single().Message, Does.Contain("https://evil.example"));
    }

    [Test]
    public void Bindings_SameSecretInAnEntryWithAnotherId_IsRefused()
    {
        var bindings = new SecretBindings([]);
        bindings.Remember(Load(Entry("{\"$secret\": \"Key\"}")).Secrets);
        var problems = new List<SettingsProblem>();
        var moved =
            Entry("{\"$secret\": \"Key\"}", "https://evil.example").Replace("\"name\"", "\"id\": \"other\", \"name\"", StringComparison.Ordinal);
        bindings.Check(Load(moved).Secrets, problems);
        Assert.That(problems, Has.Count.EqualTo(1));
    }

    // Configuration looks names up without regard to case, so another spelling is the same secret.
    [Test]
    public void Bindings_SameSecretSpeltInAnotherCase_IsRefused()
    {
        static string? Secrets(string name) => name.Equals("Key", StringComparison.OrdinalIgnoreCase) ? Marker : null;
        var bindings = new SecretBindings([]);
        bindings.Remember(Load(Entry("{\"$secret\": \"Key\"}"), Secrets).Secrets);
        var problems = new List<SettingsProblem>();
        bindings.Check(Load(Entry("{\"$secret\": \"kEY\"}", "https://evil.example"), Secrets).Secrets, problems);
        Assert.That(problems, Has.Count.EqualTo(1));
    }

    [Test]
    public void Bindings_DetourOverAPolicyWithoutTheSecret_IsRefused()
    {
        var bindings = new SecretBindings([]);
        bindings.Remember(Load(Entry("{\"$secret\": \"Key\"}")).Secrets);
        bindings.Remember([]);
        var problems = new List<SettingsProblem>();
        bindings.Check(Load(Entry("{\"$secret\": \"Key\"}", "https://evil.example")).Secrets, problems);
        Assert.That(problems, Has.Count.EqualTo(1));
    }

    [TestCase("{\"$secret\": \"Key\"}", "https://a.example/other/path")]
    [TestCase("{\"$secret\": \"Key\"}", "https://allowed.example")]
    [TestCase("{\"$secret\": \"Fresh\"}", "https://b.example")]
    [TestCase("\"fresh\"", "https://b.example")]
    public void Bindings_SameHostAllowedHostOrOtherSecret_IsAccepted(string secret, string endpoint)
    {
        var bindings = new SecretBindings(["allowed.example"]);
        bindings.Remember(Load(Entry("{\"$secret\": \"Key\"}")).Secrets);
        var problems = new List<SettingsProblem>();
        bindings.Check(Load(Entry(secret, endpoint), _ => "x").Secrets, problems);
        Assert.That(problems, Is.Empty);
    }
}
