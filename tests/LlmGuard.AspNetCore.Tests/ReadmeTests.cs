using System.Reflection;
using LlmGuard.AspNetCore.Tests.Doubles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.AspNetCore.Tests;

public class ReadmeTests
{
    // Not the compiler's caller path: a CI build maps that to one that does not exist.
    private static readonly string Root =
        typeof(ReadmeTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;

    [TestCase("// sample")]
    [TestCase("// warm-up")]
    public async Task Sample_IsTheOneThatCompilesHere(string mark)
    {
        var source = await File.ReadAllLinesAsync(Path.Combine(Root, "tests", "LlmGuard.AspNetCore.Tests", "ReadmeTests.cs"));
        var begin = Array.FindIndex(source, line => line.Trim() == mark);
        var end = Array.FindIndex(source, begin, static line => line.EndsWith("// end", StringComparison.Ordinal));
        var sample = string.Join('\n', source[(begin + 1)..end].Select(static line => line.Trim())).Trim();

        var readme = await File.ReadAllLinesAsync(Path.Combine(Root, "src", "LlmGuard.AspNetCore", "README.md"));

        Assert.That(string.Join('\n', readme.Select(static line => line.Trim())), Does.Contain(sample));
    }

    [Test]
    public async Task WarmUp_BeforeTheServerListens_RunsWhatJudgesRequests()
    {
        var plugin = ProbePlugin.Words();
        var builder = WebApplication.CreateBuilder();
        builder.Services.AddAiGuardrails(static o => o.PolicyJson = """{ "gateway": { "name": "g", "required_plugins": [{ "name": "words" }] } }""");
        builder.Services.AddSingleton<IGuardrailPlugin>(plugin);
        await using var app = builder.Build();

        // warm-up
        await app.Services.GetRequiredService<IAiGuardrails>().EvaluateAsync(
            GuardrailStage.PreRequest,
            GuardrailContent.FromText("Good morning! How are you?", SegmentRole.User));
        // end

        Assert.That(plugin.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Sample_Starts()
    {
        var policy = Path.Combine(TestContext.CurrentContext.WorkDirectory, "policy.json");
        await File.WriteAllTextAsync(policy,
            """{ "gateway": { "name": "g", "required_plugins": [] }, "allow_empty": true, "services": [ { "id": "model" } ] }""");
        await using var app = Build(["--urls", "http://127.0.0.1:0", "--contentRoot", TestContext.CurrentContext.WorkDirectory]);

        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        var (_, body) = await client.GetAsync("/healthz").Read();

        Assert.That(body, Is.EqualTo("Healthy"));
    }

    private static WebApplication Build(string[] args)
    {
        // sample
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddAiGuardrails(options => options.PolicyFiles.Add("policy.json"));
        builder.Services.AddHealthChecks().AddAiGuardrails();

        var app = builder.Build();
        app.UseRouting();
        app.UseAiGuardrails();
        app.MapPost("/v1/chat/completions", (HttpContext context) => AnswerAsync(context)).WithAiGuardrails("model");
        app.MapPost("/internal/echo", (HttpContext context) => AnswerAsync(context)).DisableAiGuardrails();
        app.MapHealthChecks("/healthz");
        // end
        return app;
    }

    private static Task AnswerAsync(HttpContext context) => context.Response.WriteAsync("answer");
}
