using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Plugins.InjectionProtection.Reading;
using LlmGuard.Plugins.InjectionProtection.Web.Shell;

namespace LlmGuard.Plugins.InjectionProtection.Tests.Web;

/// <summary>Escapes that are read once and once more, and where statements of the interpreter of Windows begin.</summary>
public sealed class WebEscapeTests
{
    [TestCase("x.php%2500.jpg", "file.disguised_name", 1, 8)]
    [TestCase("%25c0%25ae", "path.encoded_traversal", 0, 10)]
    [TestCase("%2525c0%2525ae", "path.encoded_traversal", 0, 14)]
    [TestCase("x\\r\\nSet-Cookie: a=b", "header.split", 5, 16)]
    [TestCase("x%u000d%u000aSet-Cookie: a=b", "header.split", 13, 24)]
    public void Evaluate_EscapesOfEscapes_AreFoundWhereTheyStand(string text, string rule, int start, int end)
    {
        var findings = Injection.Judge(Injection.Web, text).Findings.Where(f => f.Rule == rule).ToArray();
        Assert.That(findings, Is.Not.Empty);
        Assert.That(findings.Min(f => f.Span.Start), Is.LessThanOrEqualTo(start));
        Assert.That(findings.Max(f => f.Span.End), Is.GreaterThanOrEqualTo(end));
    }

    // What is escaped once more is the text again after one layer, and every byte knows its escape.
    [Test]
    public void Read_TextOfWhichEveryByteIsEscaped_IsTheTextAndTheWayBack()
    {
        var texts = Gen.Elements("%00", "%", "\n", "a", "é", "&#x25;", "\\x00", "%c0%ae", " ").ListOf().Select(string.Concat)
            .Where(t => t.ContainsAny('%', '\n'));
        Prop.ForAll(texts.ToArbitrary(), text =>
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            var layer = new EscapeLayer();
            var isThere = layer.Read(Encoding.UTF8.GetBytes(string.Concat(bytes.Select(b => $"%{b:x2}"))));
            return isThere && layer.Bytes.SequenceEqual(bytes) && Enumerable.Range(0, bytes.Length + 1).All(i => layer.Origin(i) == 3 * i);
        }).Check(Config.QuickThrowOnFailure.WithReplay(20261122UL, 31UL));
    }

    [TestCase("")]
    [TestCase("50% of &c. \\d+ %4")]
    [TestCase("a=%41&b=%2F&amp;")]
    [TestCase("%u00")]
    public void Read_NothingThatTheViewWouldMiss_IsNoLayer(string text) =>
        Assert.That(new EscapeLayer().Read(Encoding.UTF8.GetBytes(text)), Is.False);

    [TestCase("&#37;", "%")]
    [TestCase("&#x25;", "%")]
    [TestCase("\\u0025", "%")]
    [TestCase("\\u{25}", "%")]
    [TestCase("\\x25&lt;%u00e9", "%<é")]
    [TestCase("%25&#99999999;", "%\uFFFD")]
    [TestCase("%25&#xd800;", "%\uFFFD")]
    [TestCase("%25\\u{", "%\\u{")]
    public void Read_Escape_IsResolvedOnce(string text, string expected)
    {
        var layer = new EscapeLayer();
        Assert.That(layer.Read(Encoding.UTF8.GetBytes(text)), Is.True);
        Assert.That(Encoding.UTF8.GetString(layer.Bytes), Is.EqualTo(expected));
    }

    [TestCase("if exist a.txt x", true)]
    [TestCase("if", false)]
    [TestCase("for", false)]
    [TestCase("for /r %%f in (*.c) do x", true)]
    [TestCase("for %f of (a)", false)]
    public void Begins_Statement_IsOneOfTheInterpreter(string text, bool expected) =>
        Assert.That(BatchStatements.Begins(Encoding.UTF8.GetBytes(text)) > 0, Is.EqualTo(expected));
}
