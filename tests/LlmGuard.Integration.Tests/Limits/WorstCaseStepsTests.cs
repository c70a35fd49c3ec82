using System.Text;
using System.Text.Json;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Entities;
using LlmGuard.Tests.Hostile;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Integration.Tests.Limits;

/// <summary>
/// All local guardrails in one plan against everything that is known to hurt any one of them: what one rule is harmless to may be another's worst
/// case. Counted in steps from the body to the verdict, so the load of the machine does not matter.
/// </summary>
[Parallelizable]
public sealed class WorstCaseStepsTests
{
    private const int Small = 4 << 10;
    private const int Large = 16 * Small;
    private const double MostOfBenign = 20;
    private const double MostGrowth = 18;

    private static string Entities => string.Join(',', EntityCatalog.Ids.Select(id => $$"""{ "entity": "{{id}}", "action": "flag" }"""));

    // Every entry tells what it finds and changes nothing, so that each of them sees all of the text.
    private static readonly (string Name, string Settings)[] Entries =
    [
        ("data_masking", $$"""{ "predefined_entities": [{{Entities}}] }"""),
        ("injection_protection", """{ "predefined_injections": [{ "type": "all" }], "action": "flag" }"""),
        ("code_sanitation", """{ "action": "flag" }"""),
        ("prompt_moderation", """
            { "keywords": ["zorvik", "aaaaaaaaab", "aaaa bbbb", "a b a b"], "regex": ["(a|aa)+b!", "[\\w.]+@[\\w.]+\\.zorvik"], "actions": { "type": "flag" } }
            """),
    ];

    private const string Benign =
        "We met on Monday (at ten), and Anna said: \"it's done\". See page 12 of https://example.com/a/b, or write to anna@example.com; it costs 12.50 in all.\n"
        + "import os\nfor name in os.listdir(path):\n    print(name, len(name))\n";

    private ServiceProvider _plan = null!;
    private double _benign;

    [OneTimeSetUp]
    public void Begin()
    {
        _plan = Services(Entries);
        _benign = (double)Steps(_plan, Benign, Large) / Large;
    }

    [OneTimeTearDown]
    public void End() => _plan.Dispose();

    [Test]
    public void Send_HostileText_CostsAtMostTwentyTimesTheBenignAndGrowsWithItsLength(
        [ValueSource(typeof(HostileUnits), nameof(HostileUnits.All))] string unit)
    {
        var (small, large) = (Steps(_plan, unit, Small), Steps(_plan, unit, Large));

        Assert.Multiple(() =>
        {
            Assert.That((double)large / Large, Is.LessThanOrEqualTo(MostOfBenign * _benign), "steps per byte");
            Assert.That((double)large / small, Is.LessThanOrEqualTo(MostGrowth), "sixteen times the text");
        });
    }

    // What is not counted cannot be held to a bound.
    [TestCaseSource(nameof(Names))]
    public void Send_OneEntryAlone_CountsEveryByteAtLeastOnce(string name)
    {
        using var services = Services(Entries.Single(e => e.Name == name));
        Assert.That(Steps(services, Benign, Small), Is.GreaterThanOrEqualTo(Small - Benign.Length));
    }

    private static IEnumerable<string> Names => Entries.Select(e => e.Name);

    private static long Steps(ServiceProvider services, string unit, int length)
    {
        var text = string.Concat(Enumerable.Repeat(unit, length / Encoding.UTF8.GetByteCount(unit)));
        var body = JsonSerializer.SerializeToUtf8Bytes(new { model = "m", messages = new[] { new { role = "user", content = text } } });
        using var request =
            new HttpRequestMessage(HttpMethod.Post, "http://model.example/v1/chat/completions") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        using var count = StepCount.Open();
        using var response = services.GetRequiredService<IHttpClientFactory>().CreateClient("llm").Send(request);
        return count.Steps;
    }

    private static ServiceProvider Services(params (string Name, string Settings)[] entries)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        var chain = string.Join(',', entries.Select(e => $$"""{ "name": "{{e.Name}}", "settings": {{e.Settings}} }"""));
        services.AddAiGuardrails(options => options.PolicyJson = $$"""{ "gateway": { "required_plugins": [{{chain}}] } }""")
            .AddDataMasking().AddInjectionProtection().AddCodeSanitation().AddPromptModeration();
        services.AddHttpClient("llm").RemoveAllLoggers().ConfigurePrimaryHttpMessageHandler(static () => new Upstream()).AddAiGuardrails();
        return services.BuildServiceProvider();
    }

    private sealed class Upstream : HttpMessageHandler
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
            new() { Content = new ByteArrayContent([]) };

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(Send(request, cancellationToken));
    }
}
