using System.Text.RegularExpressions;
using LlmGuard.Tests.Repository;

namespace LlmGuard.Plugins.TokenRateLimiter.Tests;

/// <summary>The headers that the package's README shows are those of the policy that it shows.</summary>
public sealed partial class ReadmeTests
{
    [Test]
    public async Task Headers_OfTheSample_AreThoseOfItsPolicy()
    {
        var readme = (await File.ReadAllTextAsync(Checkout.PathOf("src", "LlmGuard.Plugins.TokenRateLimiter", "README.md"))).ReplaceLineEndings("\n");
        var settings = Settings().Match(readme).Groups["json"].Value;
        var budgets = new Budgets(settings);

        var verdict = await budgets.AdmitAsync(Budgets.Call(bytes: 1024, maxTokens: 4096, model: "gpt-4o"));

        Assert.That(string.Join('\n', verdict.ResponseHeaders.Select(static h => $"{h.Key}: {h.Value}")),
            Is.EqualTo(Headers().Match(readme).Groups["lines"].Value));
    }

    [GeneratedRegex("\"settings\": (?<json>\\{.*?\n        \\})\n", RegexOptions.Singleline)]
    private static partial Regex Settings();

    [GeneratedRegex("```\n(?<lines>RateLimit-Policy: .*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Headers();
}
