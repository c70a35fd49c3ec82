using LlmGuard.Planning;
using static LlmGuard.Tests.Planning.PolicySamples;

namespace LlmGuard.Tests.Planning;

/// <summary>What a path is resolved to, and when it is refused.</summary>
public class PathTableTests
{
    private static readonly ScopeTable Table = Build(Document() with
    {
        Rules =
        [
            Rule("/v1/chat/completions", Entry("data_masking")),
            Rule("/v1/files/*", Entry("data_masking")),
            Rule("/v1/models/{id}", Entry("data_masking")),
            Rule("/off", Entry("data_masking")) with { Active = false },
            Rule("/post", Entry("data_masking")) with { Methods = ["POST"] },
        ],
    });

    [TestCase("/v1/chat/completions", "/v1/chat/completions", TestName = "As sent")]
    [TestCase("/v1/ch%61t/completions", "/v1/chat/completions", TestName = "Encoded once")]
    [TestCase("/V1/Chat/Completions", "/v1/chat/completions", TestName = "Other case")]
    [TestCase("/v1/chat/completions/", "/v1/chat/completions", TestName = "Trailing slash")]
    [TestCase("/v1/files/a%2Fb", "/v1/files/*", TestName = "Encoded slash, one rule either way")]
    [TestCase("/v1/files/a//b", "/v1/files/*", TestName = "Empty segment, one rule either way")]
    [TestCase("/v1/files/a%20b;v=1", "/v1/files/*", TestName = "Parameters, one rule either way")]
    [TestCase("/v1/files", "/v1/files/*", TestName = "Bare prefix")]
    [TestCase("/v1/models/gpt-4", "/v1/models/{id}", TestName = "Parameter")]
    [TestCase("/elsewhere", null, TestName = "No rule")]
    [TestCase("/elsewhere//x;y", null, TestName = "No rule in any reading")]
    [TestCase("/off", null, TestName = "Inactive rule")]
    public void Resolve_OneMeaning_IsPlanOfRule(string path, string? rule)
    {
        var resolution = Table.Resolve(Query(path));

        Assert.That(resolution.IsAmbiguousPath, Is.False);
        Assert.That(resolution.Plan!.Scope.Rule, Is.EqualTo(rule));
    }

    [TestCase("/v1/ch%2561t/completions", TestName = "Encoded twice")]
    [TestCase("/v1//chat/completions", TestName = "Double slash")]
    [TestCase("//v1/chat/completions", TestName = "Double slash in front")]
    [TestCase("/v1/chat/./completions", TestName = "Dot segment")]
    [TestCase("/v1/x/../chat/completions", TestName = "Double dot segment")]
    [TestCase("/v1/x/%2e%2e/chat/completions", TestName = "Encoded dot segment")]
    [TestCase("/v1/x/..;/chat/completions", TestName = "Dot segment behind parameters")]
    [TestCase("/v1/chat;a=b/completions", TestName = "Path parameters")]
    [TestCase("/v1/chat%3ba=b/completions", TestName = "Encoded path parameters")]
    [TestCase("/v1/chat%2Fcompletions", TestName = "Encoded slash")]
    [TestCase("/v1/chat%252Fcompletions", TestName = "Slash encoded twice")]
    [TestCase("/v1\\chat\\completions", TestName = "Backslash")]
    [TestCase("/v1/chat%5Ccompletions", TestName = "Encoded backslash")]
    [TestCase("/v1/files/../chat/completions", TestName = "From one rule to another")]
    [TestCase("/v1/files/..%2fchat/completions", TestName = "From one rule to another, encoded")]
    [TestCase("/v1/models/a%2Fb", TestName = "From a rule to none")]
    [TestCase("/v1/chat/completions%3Fx", TestName = "Encoded question mark")]
    [TestCase("/elsewhere/%", TestName = "Malformed escape")]
    [TestCase("/elsewhere/%c0%af", TestName = "Overlong UTF-8")]
    [TestCase("/elsewhere/%00", TestName = "NUL")]
    [TestCase("/post%2F", TestName = "Encoded trailing slash")]
    public void Resolve_SeveralMeanings_IsAmbiguous(string path)
    {
        var resolution = Table.Resolve(Query(path));

        Assert.That(resolution.IsAmbiguousPath, Is.True);
        Assert.That(resolution.Plan!.Scope.Rule, Is.Null);
    }

    [TestCase("/a/%00")]
    [TestCase("/a//b/../c")]
    public void Resolve_NoActiveRule_NothingIsAmbiguous(string path)
    {
        var table = Build(Document(Gateway(Entry("data_masking"))) with { Rules = [Rule("/off") with { Active = false }] });

        var resolution = table.Resolve(Query(path));

        Assert.That(resolution.IsAmbiguousPath, Is.False);
        Assert.That(resolution.Plan!.Ids(), Has.One.Items);
    }

    [Test]
    public void Resolve_OtherReadingTakesOtherMethods_IsNotAmbiguous() =>
        Assert.That(Table.Resolve(Query("//post", "GET")).IsAmbiguousPath, Is.False);

    [Test]
    public void Resolve_NotHttp_NoRuleApplies() => Assert.That(Table.Plan().Scope.Rule, Is.Null);

    [Test]
    public void Resolve_RandomHostilePaths_NeverThrows() => RandomCases.Check(1000, random =>
    {
        var path = string.Concat(Enumerable.Range(0, random.Next(0, 20)).Select(_ => random.Pick(
            "/", "v1", "chat", "completions", "files", "..", "%2e", "%2f", "%25", "%", ";", "\\", "//", "%00", "\ud800", "%c0%af", "{id}", "*", "?",
                "#")));
        Assert.That(Table.Resolve(Query(path)).Plan, Is.Not.Null);
    });
}
