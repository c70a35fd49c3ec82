using LlmGuard.Planning.Routes;

namespace LlmGuard.Tests.Planning;

public class PathReadingsTests
{
    [TestCase("/v1/chat", true)]
    [TestCase("/", true)]
    [TestCase("/v1/models/gemini:x@y,z=1+2~(3)!", true)]
    [TestCase("", false)]
    [TestCase("v1", false)]
    [TestCase("/a%20b", false)]
    [TestCase("/a//b", false)]
    [TestCase("/a/../b", false)]
    [TestCase("/a\\b", false)]
    [TestCase("/a;b", false)]
    [TestCase("/a?b", false)]
    [TestCase("/a b", false)]
    [TestCase("/\u00e9", false)]
    public void IsPlain_Path_OnlyWithoutMarks(string path, bool expected) => Assert.That(PathReadings.IsPlain(path), Is.EqualTo(expected));

    [TestCase("/a%62c", "/abc")]
    [TestCase("/a%2Fb", "/a%2Fb", "/a/b")]
    [TestCase("/a%252Fb", "/a%2Fb", "/a/b")]
    [TestCase("/a%2562", "/a%62", "/ab")]
    [TestCase("/a%252562", "/a%2562", "/a%62")]
    [TestCase("/a//b", "/a//b", "/a/b")]
    [TestCase("/a/../b", "/a/../b", "/b")]
    [TestCase("/a/%2e%2e/b", "/a/../b", "/b")]
    [TestCase("/a/%252e%252e/b", "/a/%2e%2e/b", "/a/../b", "/b")]
    [TestCase("/a%2Fb/../c", "/a%2Fb/../c", "/a/b/../c", "/a/c", "/c")]
    [TestCase("/a\\b", "/a\\b", "/a/b")]
    [TestCase("/a%5Cb", "/a\\b", "/a/b")]
    [TestCase("/a;x=1/b", "/a;x=1/b", "/a/b")]
    [TestCase("/a/..;/b", "/a/..;/b", "/a/../b", "/b")]
    [TestCase("/a//../b", "/a//../b", "/a/b", "/a/../b", "/b")]
    [TestCase("/a%3Fb", "/a?b", "/a")]
    [TestCase("a", "/a")]
    [TestCase("", "/")]
    [TestCase("/caf%C3%A9", "/caf\u00e9")]
    [TestCase("/.well-known/x", "/.well-known/x")]
    public void Of_Path_NextHopFirstThenTheOthers(string raw, params string[] expected)
    {
        var readings = PathReadings.Of(raw);

        Assert.That(readings, Is.EquivalentTo(expected));
        Assert.That(readings![0], Is.EqualTo(expected[0]));
    }

    [TestCase("/a%")]
    [TestCase("/a%2")]
    [TestCase("/a%zz")]
    [TestCase("/a%u002f")]
    [TestCase("/a%c0%af")]
    [TestCase("/a%ff")]
    [TestCase("/a%00")]
    [TestCase("/a%0d%0a")]
    [TestCase("/a\0")]
    [TestCase("/a%25c0%25af")]
    [TestCase("/a%2500")]
    [TestCase("/50%25")]
    [TestCase("/a%ed%a0%80")]
    public void Of_NoReliableReading_IsNull(string raw) => Assert.That(PathReadings.Of(raw), Is.Null);

    [Test]
    public void Of_LoneSurrogate_IsNull() => Assert.That(PathReadings.Of("/a\ud800"), Is.Null);

    [Test]
    public void Of_MarkedPathBeyondLengthLimit_IsNull() => Assert.That(PathReadings.Of("/a//" + new string('a', 10_000)), Is.Null);

    [Test]
    public void Of_HostileRandomPaths_NeverThrows() => RandomCases.Check(2000, random =>
    {
        var raw = string.Concat(Enumerable.Range(0, random.Next(0, 30)).Select(_ => random.Pick(
            "/", "a", ".", "..", "%", "%2", "%2f", "%2F", "%252f", "%25", "%5c", "\\", ";", ";x", "%3b", "%2e", "%252e", "//", "%00", "%c0", "%af",
            "%ff", "\u00e9", "\ud800", "\0", "?", "#", "%3f", " ", "%20", "%ef%bc%8f")));
        var readings = PathReadings.Of(raw);
        Assert.That(readings, Is.Null.Or.All.Matches<string>(r => r.StartsWith('/')));
        if (PathReadings.IsPlain(raw))
        {
            Assert.That(readings, Is.EqualTo(new[] { raw }));
        }
    });
}
