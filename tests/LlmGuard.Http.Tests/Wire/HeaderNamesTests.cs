using LlmGuard.Http.Wire.Heads;

namespace LlmGuard.Http.Tests.Wire;

public sealed class HeaderNamesTests
{
    [TestCase("Authorization")]
    [TestCase("proxy-authorization")]
    [TestCase("Cookie")]
    [TestCase("Set-Cookie")]
    [TestCase("x-api-key")]
    [TestCase("api-key")]
    [TestCase("X-Goog-Api-Key")]
    [TestCase("Ocp-Apim-Subscription-Key")]
    [TestCase("X-Auth-Token")]
    [TestCase("x-amz-security-token")]
    [TestCase("X-Client-Secret")]
    [TestCase("X-Hub-Signature-256")]
    [TestCase("Signature-Input")]
    public void IsCredential_Credential_IsOne(string name) => Assert.That(HeaderNames.IsCredential(name));

    [TestCase("X-Tenant")]
    [TestCase("User-Agent")]
    [TestCase("OpenAI-Organization")]
    [TestCase("Idempotency-Key")]
    [TestCase("Referer")]
    public void IsCredential_Other_IsNone(string name) => Assert.That(HeaderNames.IsCredential(name) || HeaderNames.IsFraming(name), Is.False);

    [TestCase("content-length")]
    [TestCase("Transfer-Encoding")]
    [TestCase("HOST")]
    [TestCase(":authority")]
    public void IsFraming_Framing_IsSo(string name) => Assert.That(HeaderNames.IsFraming(name));

    [TestCase("key")]
    [TestCase("API_KEY")]
    [TestCase("access_token")]
    [TestCase("sig")]
    [TestCase("Signature")]
    [TestCase("X-Amz-Credential")]
    [TestCase("code")]
    [TestCase("client_secret")]
    public void IsCredential_KeyOfAQuery_IsOne(string name) => Assert.That(QueryNames.IsCredential(name));

    [TestCase("q")]
    [TestCase("api-version")]
    [TestCase("keyword")]
    public void IsCredential_OtherOfAQuery_IsNone(string name) => Assert.That(QueryNames.IsCredential(name), Is.False);
}
