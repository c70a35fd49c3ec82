using LlmGuard.Http.Dialects;

namespace LlmGuard.Http.Tests.Dialects;

/// <summary>What is remembered of a path is what looking at it again would find, whatever other paths came in between.</summary>
public sealed class DialectRouteTests
{
    // Far more than are kept, so that paths take one another's places; half of them no dialect serves.
    private static readonly string[] Paths =
    [
        .. Enumerable.Range(0, 500).Select(i => (i % 5) switch
        {
            0 => $"/openai/deployments/m{i}/chat/completions",
            1 => $"/v1beta/models/m{i}:streamGenerateContent",
            2 => $"/model/m{i}/converse-stream",
            3 => $"/orders/{i}",
            _ => $"/v1/chat%2Fcompletions/{i}/..",
        }),
        "/" + new string('a', 1000) + "/v1/messages",
        "",
    ];

    [Test]
    public void Of_PathsThatShareAPlace_AreEachWhatTheyAre()
    {
        var random = new Random(7);
        foreach (var path in Enumerable.Range(0, 20_000).Select(_ => Paths[random.Next(Paths.Length)]))
        {
            var route = DialectRoute.Of(new string(path));

            var segments = DialectPath.Split(path);
            Assert.That((route.Posted, route.Listened), Is.EqualTo(DialectRegistry.Serving(segments)), path);
            Assert.That(route.Segments.SequenceEqual(segments), Is.True, path);
        }
    }

    [Test]
    public void Of_PathThatADialectServes_IsFoundOnce()
    {
        var route = DialectRoute.Of("/remembered/v1/chat/completions");

        Assert.That(DialectRoute.Of("/remembered/v1/chat/completions"), Is.SameAs(route));
    }

    [Test]
    public void Of_PathOfTheApplicationsOwn_IsNotKept()
    {
        var route = DialectRoute.Of("/patients/4711");

        Assert.That(DialectRoute.Of("/patients/4711"), Is.Not.SameAs(route));
    }
}
