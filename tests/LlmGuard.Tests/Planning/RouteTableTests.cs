using System.Text.RegularExpressions;
using LlmGuard.Planning.Routes;

namespace LlmGuard.Tests.Planning;

public class RouteTableTests
{
    private static readonly string[] Patterns =
    [
        "/", "/v1/chat/completions", "/v1/chat/*", "/v1/{model}/completions", "/v1/*/embeddings", "/v1/models/gpt-*", "/v1/models/gpt-4*",
        "/v1beta/models/*:generate", "/files/{id}", "/files/{id}/content", "/deep/*", "/deep/{a}/{b}/end",
    ];

    [TestCase("/", "/")]
    [TestCase("/v1/chat/completions", "/v1/chat/completions")]
    [TestCase("/V1/Chat/COMPLETIONS/", "/v1/chat/completions")]
    [TestCase("/v1/chat", "/v1/chat/*")]
    [TestCase("/v1/chat/", "/v1/chat/*")]
    [TestCase("/v1/chat/a/b/c", "/v1/chat/*")]
    [TestCase("/v1/other/completions", "/v1/{model}/completions")]
    [TestCase("/v1/other/embeddings", "/v1/*/embeddings")]
    [TestCase("/v1/models/gpt-4o", "/v1/models/gpt-4*")]
    [TestCase("/v1/models/gpt-4", "/v1/models/gpt-4*")]
    [TestCase("/v1/models/gpt-3", "/v1/models/gpt-*")]
    [TestCase("/v1/models/claude", null)]
    [TestCase("/v1beta/models/gemini:generate", "/v1beta/models/*:generate")]
    [TestCase("/v1beta/models/a/b:generate", null)]
    [TestCase("/files/1", "/files/{id}")]
    [TestCase("/files/1/content", "/files/{id}/content")]
    [TestCase("/files", null)]
    [TestCase("/files//content", null)]
    [TestCase("/deep", "/deep/*")]
    [TestCase("/deep/1/2/end", "/deep/{a}/{b}/end")]
    [TestCase("/deep/1/2/other", "/deep/*")]
    [TestCase("/deeper", null)]
    public void Find_Path_MostSpecificRule(string path, string? expected) =>
        Assert.That(Table(Patterns.Select(p => (p, Array.Empty<string>()))).Find(path, "POST")?.Pattern.Text, Is.EqualTo(expected));

    [Test]
    public void Find_MethodNotOfSpecificRule_FallsBackToWiderRule()
    {
        var table = Table([("/v1/chat", ["POST"]), ("/v1/*", []), ("/v1/{x}", ["PUT"])]);

        Assert.That(table.Find("/v1/chat", "POST")?.Pattern.Text, Is.EqualTo("/v1/chat"));
        Assert.That(table.Find("/v1/chat", "PUT")?.Pattern.Text, Is.EqualTo("/v1/{x}"));
        Assert.That(table.Find("/v1/chat", "GET")?.Pattern.Text, Is.EqualTo("/v1/*"));
        Assert.That(table.Find("/v1/chat", "post")?.Pattern.Text, Is.EqualTo("/v1/chat"));
    }

    [TestCase("/a", "/A/", "POST", "POST", 1)]
    [TestCase("/a", "/a", "POST", "GET", 0)]
    [TestCase("/a", "/a", "POST", "", 1)]
    [TestCase("/{x}/b", "/{y}/b", "", "", 1)]
    [TestCase("/a/*", "/A/*", "", "", 1)]
    [TestCase("/a/*", "/a", "", "", 0)]
    [TestCase("/a*", "/*b", "", "", 1)]
    [TestCase("/a*/x", "/*b/y", "", "", 0)]
    [TestCase("/a*/*", "/*b/y", "", "", 1)]
    [TestCase("/a*/x", "/*b/x", "GET", "POST", 0)]
    [TestCase("/ab*", "/a*", "", "", 0)]
    [TestCase("/x/ab*d", "/x/a*cd", "", "", 1)]
    public void Report_TwoRules_TiesOnly(string left, string right, string leftMethod, string rightMethod, int expected)
    {
        var problems = new List<SettingsProblem>();

        RouteTies.Report(Table([(left, Methods(leftMethod)), (right, Methods(rightMethod))]), problems);

        Assert.That(problems, Has.Count.EqualTo(expected));
        Assert.That(
            problems, Has.All.Matches<SettingsProblem>(p => p.Path == "$.rules[1]" && p.Message.Contains("$.rules[0]", StringComparison.Ordinal)));

        static string[] Methods(string method) => method.Length == 0 ? [] : [method];
    }

    [Test]
    public void Find_RandomRulesAndPaths_EqualsSearchOfAllRules() => RandomCases.Check(400, random =>
    {
        var problems = new List<SettingsProblem>();
        var routes = RandomRoutes(random);
        RouteTies.Report(new RouteTable(routes), problems);
        Assert.That(problems.Count > 0, Is.EqualTo(AnyTie(routes)), () => string.Join(" ", routes.Select(r => r.Pattern.Text)));
        if (problems.Count > 0)
        {
            routes = routes.Where(r => routes.TakeWhile(e => e != r).All(e => !IsTie(e, r))).ToList();
        }

        var table = new RouteTable(routes);
        for (var i = 0; i < 40; i++)
        {
            var path = RandomPath(random);
            var method = random.Pick("GET", "POST", "PUT");
            Assert.That(table.Find(path, method)?.Pattern.Text, Is.EqualTo(Naive(routes, path, method)?.Pattern.Text),
                () => $"{method} {path} among {string.Join(" ", routes.Select(r => r.Pattern.Text))}");
        }
    });

    [Test]
    public void Wider_RandomRules_EqualsComparisonOfAllPairs() => RandomCases.Check(200, random =>
    {
        var routes = RandomRoutes(random);
        var table = new RouteTable(routes);
        foreach (var route in routes)
        {
            var expected = routes.Where(w => w != route && w.SharesMethodWith(route) && w.Pattern.Contains(route.Pattern));
            Assert.That(table.Wider(route), Is.EquivalentTo(expected));
        }
    });

    private static Route? Naive(List<Route> routes, string path, string method) => routes
        .Where(r => (r.Methods.IsEmpty || r.Methods.Contains(method)) && Matches(r.Pattern.Text, path))
        .MinBy(r => Rank(r.Pattern.Text), StringComparer.Ordinal);

    private static bool Matches(string pattern, string path)
    {
        var body = pattern.TrimEnd('/');
        var anyDepth = body.EndsWith("/*", StringComparison.Ordinal);
        var segments = (anyDepth ? body[..^2] : body).Split('/').Skip(1).Select(s => s switch
        {
            "*" => "/[^/]+",
            ['{', ..] => "/[^/]+",
            _ => "/" + Regex.Escape(s).Replace("\\*", "[^/]*", StringComparison.Ordinal),
        });
        return Regex.IsMatch(path.EndsWith('/') ? path[..^1] : path, $"^{string.Concat(segments)}{(anyDepth ? "(/.*)?" : "")}$",
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
    }

    private static string Rank(string pattern)
    {
        var body = pattern.TrimEnd('/');
        var anyDepth = body.EndsWith("/*", StringComparison.Ordinal);
        var segments = (anyDepth ? body[..^2] : body).Split('/').Skip(1)
            .Select(s => s[0] == '{' ? "1" : s.Contains('*', StringComparison.Ordinal) ? $"2{(char)('z' - s.Length)}" : "0");
        return string.Concat(segments) + (anyDepth ? "9" : "");
    }

    private static bool AnyTie(List<Route> routes) => routes.Any(a => routes.Any(b => a.Index < b.Index && IsTie(a, b)));

    private static bool IsTie(Route a, Route b) =>
        a.SharesMethodWith(b) && a.Pattern.Overlaps(b.Pattern) && a.Pattern.ComparePrecedence(b.Pattern) == 0;

    private static List<Route> RandomRoutes(Random random) => Routes(Enumerable.Range(0, random.Next(1, 9)).Select(_ =>
    {
        var segments = Enumerable.Range(0, random.Next(0, 4))
            .Select(_ => "/" + random.Pick("a", "b", "ab", "B", "{x}", "{y}", "*", "a*", "*b", "ab*", "a*b", "b*"));
        var path = string.Concat(segments) + random.Pick("", "", "/*", "/");
        return (path.Length == 0 ? "/" : path, random.Pick<string[]>([], [], ["GET"], ["POST"], ["GET", "PUT"]));
    }));

    private static string RandomPath(Random random) =>
        "/" + string.Join('/', Enumerable.Range(0, random.Next(0, 5)).Select(_ => random.Pick("a", "A", "b", "ab", "aab", "abb", "ba", "c", "")));

    private static RouteTable Table(IEnumerable<(string, string[])> rules) => new(Routes(rules));

    private static List<Route> Routes(IEnumerable<(string Pattern, string[] Methods)> rules) =>
        rules.Select((r, i) => new Route(i, RoutePatternTests.Parse(r.Pattern), [.. r.Methods], $"$.rules[{i}]")).ToList();
}
