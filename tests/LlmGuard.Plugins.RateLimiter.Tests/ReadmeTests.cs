using System.Text.RegularExpressions;
using LlmGuard.Tests.Repository;

namespace LlmGuard.Plugins.RateLimiter.Tests;

/// <summary>The headers that the package's README shows are those of the policy that it shows.</summary>
public sealed partial class ReadmeTests
{
    [Test]
    public async Task Headers_OfTheSample_AreThoseOfItsPolicy()
    {
        var readme = (await File.ReadAllTextAsync(Checkout.PathOf("src", "LlmGuard.Plugins.RateLimiter", "README.md"))).ReplaceLineEndings("\n");
        var limiter = new Limiter(Settings().Match(readme).Groups["json"].Value);

        await limiter.EvaluateAsync(Call());
        var verdict = await limiter.EvaluateAsync(Call());

        Assert.That(string.Join('\n', verdict.ResponseHeaders.Select(static h => $"{h.Key}: {h.Value}")),
            Is.EqualTo(Headers().Match(readme).Groups["lines"].Value));
    }

    private static GuardrailCall Call() => Limiter.Call("alice", headers: new FakeHeaders(("X-Tenant", "acme")));

    [GeneratedRegex("\"settings\": (?<json>\\{.*?\n        \\})\n", RegexOptions.Singleline)]
    private static partial Regex Settings();

    [GeneratedRegex("```\n(?<lines>RateLimit-Policy: .*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Headers();
}
