using System.Net;
using LlmGuard.FakeClouds.External;
using LlmGuard.Judges.Tests.Judges;

namespace LlmGuard.Judges.Tests.Seams;

/// <summary>Masks that a service of one's own asks for, in answers as a real client gets them.</summary>
public sealed class ExternalMaskTests
{
    [TestCase(false, "buffer")]
    [TestCase(true, "buffer")]
    [TestCase(true, "head")]
    public async Task PreResponse_MaskOfTheWebhook_ReachesTheClientMasked(bool stream, string mode)
    {
        await using var fake = new FakeExternalApi();
        await fake.StartAsync();
        await using var model = new GuardedModel(
            ExternalApiJudge.Descriptor,
            fake.Address,
            $$""" "stage": "pre_response", "streaming": { "mode": "{{mode}}" } """,
            $"Hello {FakeExternalApi.Masked} and bye");

        var (status, body) = await model.ChatAsync("hi", stream);

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(body, Does.Contain("[FAKE]").And.Contain("Hello").And.Contain("bye").And.Not.Contain(FakeExternalApi.Masked));
        Assert.That(fake.Violations, Is.Empty);
    }

    [Test]
    public async Task PostRequest_MaskOfTheWebhook_IsRefusedSinceTheModelHasReadIt()
    {
        await using var fake = new FakeExternalApi();
        await fake.StartAsync();
        await using var model = new GuardedModel(ExternalApiJudge.Descriptor, fake.Address, """ "stage": "post_request" """, "fine");

        var (status, body) = await model.ChatAsync(FakeExternalApi.Masked);

        Assert.That(status, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(body, Does.Contain("guardrail_input_uninspectable").And.Not.Contain("fine"));
    }
}
