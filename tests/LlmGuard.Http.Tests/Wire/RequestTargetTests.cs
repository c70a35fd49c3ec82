using System.Text;
using LlmGuard.Http.Wire.Heads;

namespace LlmGuard.Http.Tests.Wire;

public sealed class RequestTargetTests
{
    [TestCase("/openai/deployments/gpt%2D4/chat/completions", "gpt-4", "gpt%2D4")]
    [TestCase("/v1beta/models/gemini-x:generateContent", "gemini-x", "gemini-x")]
    [TestCase("/model/anthropic.claude/converse", "anthropic.claude", "anthropic.claude")]
    public void Model_InThePath_IsFound(string path, string name, string raw)
    {
        var found = RequestTarget.Model(path);

        Assert.That((found?.Name, path.Substring(found!.Value.Start, found.Value.Length)), Is.EqualTo((name, raw)));
    }

    [TestCase("/v1/models/gpt-4")]
    [TestCase("/v1/chat/completions")]
    [TestCase("/openai/deployments/gpt-4")]
    [TestCase("/v1beta/models/gemini-x:generateContent/operations")]
    [TestCase("/")]
    [TestCase("")]
    public void Model_ElsewhereThanInThePath_IsNone(string path) => Assert.That(RequestTarget.Model(path), Is.Null);

    [TestCase("a=1&b=2", "b", "x y", "a=1&b=x%20y")]
    [TestCase("a=1&a=2&c", "a", "9", "a=9&c")]
    [TestCase("a=1&%61=2", "a", null, "")]
    [TestCase("a=1", "b", "2", "a=1&b=2")]
    [TestCase("", "b", "2", "b=2")]
    [TestCase("", "b", null, "")]
    public void Change_Parameter_IsSetOnce(string query, string name, string? value, string expected) => Assert.That(
        Encoding.UTF8.GetString(RequestTarget.Change(Encoding.UTF8.GetBytes(query), new RequestChange.QueryValue(name, value))),
        Is.EqualTo(expected));
}
