using LlmGuard.Policy;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using NUnit.Framework.Constraints;

namespace LlmGuard.Tests.Policy;

public sealed class AddAiGuardrailsTests
{
    private static IHost Host(Action<AiGuardrailsOptions>? configure = null, params (string Key, string? Value)[] values)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(
            new HostApplicationBuilderSettings { ContentRootPath = Path.GetTempPath() });
        builder.Configuration.AddInMemoryCollection(values.Select(v => KeyValuePair.Create(v.Key, v.Value)));
        builder.Services.AddAiGuardrails(configure).AddPlugin<Mask>();
        return builder.Build();
    }

    [Test]
    public async Task Start_ValidPolicy_LoadsIt()
    {
        using var host = Host(options => options.PolicyJson = Read.Gateway(""));
        await host.StartAsync();
        Assert.That(host.Services.GetRequiredService<PolicyProvider>().Status.Revision, Is.Not.Null);
        await host.StopAsync();
    }

    [Test]
    public void Start_NoPolicy_StopsAndSaysWhereItLooked()
    {
        using var host = Host();
        Assert.That(() => host.StartAsync(),
            Throws.TypeOf<GuardrailPolicyException>().With.Message.Contain("AiGuardrails:PolicyFile").And.Message.Contain("PolicyJson"));
    }

    [Test]
    public async Task Evaluate_ServicesAreDisposed_NamesTheGuardrails()
    {
        var host = Host(options => options.PolicyJson = Read.Gateway(""));
        await host.StartAsync();
        var guardrails = host.Services.GetRequiredService<IAiGuardrails>();
        await host.StopAsync();
        host.Dispose();

        IResolveConstraint NamesThem() => Throws.TypeOf<ObjectDisposedException>().With.Property("ObjectName").EqualTo("LlmGuard.IAiGuardrails");
        Assert.Multiple(() =>
        {
            Assert.That(() => guardrails.EvaluateAsync(GuardrailStage.PreRequest, GuardrailContent.Empty).AsTask(), NamesThem());
            Assert.That(() => guardrails.Begin(new GuardedCallOptions()), NamesThem());
        });
    }

    [TestCase("{}")]
    [TestCase("{\"gateway\": {}}")]
    [TestCase("")]
    public void Start_EmptyPolicy_Stops(string json)
    {
        using var host = Host(options => options.PolicyJson = json);
        Assert.That(() => host.StartAsync(), Throws.TypeOf<GuardrailPolicyException>());
    }

    [Test]
    public void Start_MissingFile_StopsAndNamesItBelowTheContentRoot()
    {
        using var host = Host(values: ("AiGuardrails:PolicyFile", "no/such/policy.json"));
        Assert.That(() => host.StartAsync(),
            Throws.TypeOf<GuardrailPolicyException>().With.Message.Contain(Path.Combine(Path.GetTempPath(), "no/such/policy.json")));
    }

    [Test]
    public async Task Start_FilesOfConfigurationAndOptions_Merge()
    {
        var directory = Directory.CreateTempSubdirectory("llmguard-start-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(directory, "a.json"), Read.Gateway("\"id\": \"a\""));
            await File.WriteAllTextAsync(Path.Combine(directory, "b.json"), Read.Gateway("\"id\": \"b\""));
            await File.WriteAllTextAsync(Path.Combine(directory, "c.json"), Read.Gateway("\"id\": \"c\""));
            using var host = Host(
                options => options.PolicyFiles.Add(Path.Combine(directory, "c.json")),
                ("AiGuardrails:PolicyFile:0", Path.Combine(directory, "a.json")),
                ("AiGuardrails:PolicyFile:1", Path.Combine(directory, "b.json")));
            await host.StartAsync();
            using var lease = host.Services.GetRequiredService<IPolicyProvider>().Acquire();
            Assert.That(lease.Document!.Gateway.Entries.Select(e => e.Id), Is.EqualTo(new[] { "c", "a", "b" }));
            await host.StopAsync();
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Test]
    public void Start_TwoPluginsWithOneIdentifier_Stops()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddAiGuardrails(options => options.PolicyJson = Read.Gateway("")).AddPlugin<Mask>().AddPlugin<OtherMask>();
        using var host = builder.Build();
        Assert.That(() => host.StartAsync(), Throws.InvalidOperationException.With.Message.Contain("'mask'"));
    }

    private static IEnumerable<TestCaseData> BadOptions()
    {
        static TestCaseData Bad(string option, Action<AiGuardrailsOptions> configure) =>
            new TestCaseData(option, configure).SetArgDisplayNames(option);
        yield return Bad("ReloadDelay", o => o.ReloadDelay = TimeSpan.FromMinutes(2));
        yield return Bad("ReloadDelay", o => o.ReloadDelay = TimeSpan.FromTicks(-1));
        yield return Bad("MaxHeldBytes", o => o.MaxHeldBytes = 0);
        yield return Bad("MaxMonitorQueueBytes", o => o.MaxMonitorQueueBytes = -1);
        yield return Bad("MonitorDrainTimeout", o => o.MonitorDrainTimeout = TimeSpan.FromHours(2));
        yield return Bad("ConfigurationSection", o => o.ConfigurationSection = "");
        yield return Bad("SecretPrefix", o => o.SecretPrefix = " ");
        yield return Bad("PolicyFiles", o => o.PolicyFiles.Add(""));
        yield return Bad("AllowedSecretHosts", o => o.AllowedSecretHosts.Add("https://a.example/"));
    }

    [TestCaseSource(nameof(BadOptions))]
    public void Start_OptionOutOfRange_Stops(string option, Action<AiGuardrailsOptions> configure)
    {
        using var host = Host(o =>
        {
            o.PolicyJson = Read.Gateway("");
            configure(o);
        });
        Assert.That(() => host.StartAsync(), Throws.TypeOf<OptionsValidationException>().With.Message.Contain(option));
    }

    [Test]
    public void AddAiGuardrails_Twice_AddsNothingTheSecondTime()
    {
        var services = new ServiceCollection();
        services.AddAiGuardrails().AddPlugin<Mask>();
        var before = services.Count;
        var builder = services.AddAiGuardrails().AddPlugin<Mask>();
        Assert.Multiple(() =>
        {
            Assert.That(builder.Services, Is.SameAs(services));
            Assert.That(services, Has.Count.EqualTo(before));
        });
    }

    [Test]
    public void AddAiGuardrails_TwiceWithOptions_AppliesBoth()
    {
        var services = new ServiceCollection();
        services.AddAiGuardrails(options => options.PolicyJson = Read.Gateway(""));
        services.AddAiGuardrails(options => options.ReloadOnChange = false);
        using var provider = services.BuildServiceProvider();
        var options = provider.GetRequiredService<IOptions<AiGuardrailsOptions>>().Value;
        Assert.That((options.PolicyJson is not null, options.ReloadOnChange), Is.EqualTo((true, false)));
    }

    [Test]
    public void AddAiGuardrails_WithSection_ReadsPolicyAndSecretsFromIt()
    {
        var section = new ConfigurationBuilder().AddInMemoryCollection([
            KeyValuePair.Create<string, string?>("Mine:gateway:required_plugins:judge:settings:api_key:$secret", "Key"),
            KeyValuePair.Create<string, string?>("Mine:Secrets:Key", "value")]).Build().GetSection("Mine");
        var services = new ServiceCollection();
        services.AddSingleton<IGuardrailPlugin>(FakePlugin.WithSecret());
        services.AddAiGuardrails(section, options => options.SecretPrefix = "Mine:Secrets:");
        using var provider = services.BuildServiceProvider();
        using var lease = provider.GetRequiredService<IPolicyProvider>().Acquire();
        Assert.That(lease.Document!.Gateway.Entries.Single().Plugin, Is.EqualTo("judge"));
    }

    [Test]
    public void Locate_PolicyInCodeAndElsewhere_NotesWhatIsNotUsed()
    {
        var configuration = new ChangingConfiguration(("AiGuardrails:PolicyFile", "x.json"), ("AiGuardrails:gateway:name", "G"));
        using var application = new PolicyApplication(configuration: configuration.Root, configure: options => options.PolicyJson = Read.Gateway(""));
        application.Provider.Start();
        Assert.That(application.Log.Text, Does.Contain("policy files are not used").And.Contain("section 'AiGuardrails' is not used"));
    }

    private class Mask : IGuardrailPlugin
    {
        public GuardrailPluginMetadata Metadata { get; } = new("mask");

        public IGuardrailEvaluator Create(GuardrailSettings settings) => new FakeEvaluator();
    }

    private sealed class OtherMask : Mask;
}
