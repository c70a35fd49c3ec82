using LlmGuard.Planning.Routes;

namespace LlmGuard.Tests.Planning;

public class RoutePatternTests
{
    [TestCase("/")]
    [TestCase("/*")]
    [TestCase("/v1/chat/completions")]
    [TestCase("/v1/chat/")]
    [TestCase("/v1/{model}/chat")]
    [TestCase("/v1beta/models/*:generateContent")]
    [TestCase("/v1/*/chat/*")]
    [TestCase("/vertex/gemini:predict")]
    [TestCase("/caf\u00e9")]
    public void TryParse_SupportedForm_Succeeds(string text)
    {
        Assert.That(RoutePattern.TryParse(text, out var pattern, out _), Is.True);
        Assert.That(pattern!.Text, Is.EqualTo(text));
    }

    [TestCase("", "starts with '/'")]
    [TestCase("v1/chat", "starts with '/'")]
    [TestCase("/a//b", "empty segments")]
    [TestCase("/a/../b", "'..'")]
    [TestCase("/a/./b", "'.'")]
    [TestCase("/a%20b", "decoded")]
    [TestCase("/a;b", "decoded")]
    [TestCase("/a?b", "decoded")]
    [TestCase("/a\\b", "decoded")]
    [TestCase("/a b", "white space")]
    [TestCase("/a\0b", "control")]
    [TestCase("/v{x}", "segment")]
    [TestCase("/{x:int}", "segment")]
    [TestCase("/{}", "segment")]
    [TestCase("/{**rest}", "segment")]
    [TestCase("/a*b*c", "segment")]
    [TestCase("/**", "segment")]
    public void TryParse_UnsupportedForm_SaysWhy(string text, string reason)
    {
        Assert.That(RoutePattern.TryParse(text, out _, out var problem), Is.False);
        Assert.That(problem, Does.Contain(reason));
    }

    [TestCase("/a", "/A/", true)]
    [TestCase("/a", "/b", false)]
    [TestCase("/a/*", "/a", true)]
    [TestCase("/a/*", "/a/b/c", true)]
    [TestCase("/a/*", "/b/*", false)]
    [TestCase("/{x}", "/gpt-*", true)]
    [TestCase("/a*", "/*b", true)]
    [TestCase("/a*c", "/b*", false)]
    [TestCase("/ab*", "/a*b", true)]
    [TestCase("/a*/x", "/*b/y", false)]
    [TestCase("/{x}", "/{x}/{y}", false)]
    [TestCase("/gpt-*", "/gpt-4", true)]
    [TestCase("/gpt-*-mini", "/gpt-mini", false)]
    public void Overlaps_TwoPatterns_IsSymmetric(string left, string right, bool expected)
    {
        Assert.That(Parse(left).Overlaps(Parse(right)), Is.EqualTo(expected));
        Assert.That(Parse(right).Overlaps(Parse(left)), Is.EqualTo(expected));
    }

    [TestCase("/v1/chat", "/v1/{x}")]
    [TestCase("/v1/{x}", "/v1/*")]
    [TestCase("/v1/{x}/b", "/v1/*/b")]
    [TestCase("/v1/{x}", "/v1/gpt-*")]
    [TestCase("/v1/gpt-4*", "/v1/gpt-*")]
    [TestCase("/v1/gpt-*", "/v1/*")]
    [TestCase("/v1/*/x", "/v1/*")]
    [TestCase("/v1", "/v1/*")]
    [TestCase("/v1/*", "/{x}/chat")]
    [TestCase("/v1/{x}/*", "/v1/*")]
    public void ComparePrecedence_OverlappingPatterns_FirstGoesFirst(string first, string second)
    {
        Assert.That(Parse(first).ComparePrecedence(Parse(second)), Is.Negative);
        Assert.That(Parse(second).ComparePrecedence(Parse(first)), Is.Positive);
    }

    [TestCase("/v1/{x}", "/V1/{y}/")]
    [TestCase("/a*", "/*b")]
    public void ComparePrecedence_NeitherNarrower_IsTie(string left, string right) =>
        Assert.That(Parse(left).ComparePrecedence(Parse(right)), Is.Zero);

    internal static RoutePattern Parse(string text) =>
        RoutePattern.TryParse(text, out var pattern, out var problem) ? pattern : throw new AssertionException(problem);
}
