using System.Text;
using LlmGuard.Http.Dialects;

namespace LlmGuard.Http.Tests.Dialects;

public sealed class DialectRegistryTests
{
    private const string OpenAi = "openai.chat_completions";
    private const string Anthropic = "anthropic.messages";

    [Test]
    public void Ids_OfTheRegistry_AreThoseAPolicyMayName()
    {
        Assert.That(DialectRegistry.Ids, Is.EquivalentTo(LlmGuard.Policy.KnownDialects.Ids));
    }

    [TestCase("POST", "/v1/chat/completions", OpenAi)]
    [TestCase("post", "/v1/chat/completions/", OpenAi)]
    [TestCase("POST", "/openai/v1/chat/completions", OpenAi)]
    [TestCase("POST", "/openai/deployments/gpt-4o/chat/completions", OpenAi)]
    [TestCase("POST", "/api/v1/chat/completions", OpenAi)]
    [TestCase("POST", "/V1/Chat/COMPLETIONS", OpenAi)]
    [TestCase("POST", "/v1/chat%2Fcompletions", OpenAi)]
    [TestCase("POST", "/v1/ch%61t/completions", OpenAi)]
    [TestCase("POST", "/v1/ch%2561t/completions", OpenAi)]
    [TestCase("POST", "/v1//chat/./x/../completions;a=b", OpenAi)]
    [TestCase("POST", "/v1\\chat\\completions", OpenAi)]
    [TestCase("POST", "/v1/messages", Anthropic)]
    [TestCase("POST", "/anthropic/v1/messages/", Anthropic)]
    [TestCase("POST", "/v1/messages/count_tokens", Anthropic)]
    [TestCase("POST", "/v1/messages/batches", null)]
    [TestCase("POST", "/v1/threads/t/messages", null)]
    [TestCase("POST", "/v1/chat/completions/id", null)]
    [TestCase("GET", "/v1/chat/completions", null)]
    [TestCase("POST", "/", null)]
    [TestCase("POST", "", null)]
    [TestCase("POST", "/../..", null)]
    [TestCase("POST", "/%zz/%", null)]
    public void FromPath_AnySpelling_FindsTheDialect(string method, string path, string? expected) =>
        Assert.That(DialectRegistry.FromPath(method, path), Is.EqualTo(expected));

    [TestCase("""{"model":"m","messages":[]}""", OpenAi)]
    [TestCase("""{"mess\u0061ges":[]}""", OpenAi)]
    [TestCase("""{"\ud800":1,"messages":[]}""", OpenAi)]
    [TestCase("""{"Messages":[]}""", OpenAi)]
    [TestCase("""{"system":"s","max_tokens":1,"messages":[]}""", Anthropic)]
    [TestCase("""{"anthropic_version":"x","messages":[]}""", Anthropic)]
    [TestCase("""{"object":"chat.completion","choices":[]}""", OpenAi)]
    [TestCase("""{"object":"text_completion","choices":[]}""", "openai.completions")]
    [TestCase("""{"type":"message","content":[]}""", Anthropic)]
    [TestCase("""{"system":[],"inferenceConfig":{},"messages":[]}""", null)]
    [TestCase("""{"a":1}""", null)]
    [TestCase("[1]", null)]
    [TestCase("{", null)]
    [TestCase("", null)]
    public void FromBody_TopLevel_GivesTheDialectAway(string json, string? expected) =>
        Assert.That(DialectRegistry.FromBody(Encoding.UTF8.GetBytes(json)), Is.EqualTo(expected));

    [TestCase(OpenAi, true)]
    [TestCase(Anthropic, true)]
    [TestCase("", false)]
    [TestCase("OpenAI.chat_completions", false)]
    public void IsKnown_Id_IsExact(string id, bool known) => Assert.That(DialectRegistry.IsKnown(id), Is.EqualTo(known));
}
