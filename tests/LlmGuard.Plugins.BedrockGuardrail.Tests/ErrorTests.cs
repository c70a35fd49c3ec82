using LlmGuard.FakeClouds.Hosting;

namespace LlmGuard.Plugins.BedrockGuardrail.Tests;

public sealed class ErrorTests
{
    private static readonly GuardrailFailure Configuration = new(FailureClass.Availability, FailureReasons.ConfigInvalid);

    private static readonly GuardrailFailure Content = new(FailureClass.Input, FailureReasons.Undecodable);

    [TestCase(400, "ServiceQuotaExceededException", "You have reached a quota.")]
    [TestCase(400, "ValidationException", "The guardrail identifier or version provided in the request does not exist.")]
    [TestCase(400, "ValidationException", "The provided guardrail identifier is invalid.")]
    [TestCase(400, "ExpiredTokenException", "The security token included in the request is expired")]
    [TestCase(400, "UnrecognizedClientException", "The security token included in the request is invalid.")]
    [TestCase(400, "IncompleteSignatureException", "x")]
    [TestCase(404, "ResourceNotFoundException", "The guardrail identifier or version provided in the request does not exist.")]
    [TestCase(429, "ServiceQuotaExceededException", "x")]
    public async Task Judge_ErrorAboutConfiguration_IsAnAvailabilityFailure(int status, string code, string message) =>
        Assert.That(await FailureOfAsync(Header(status, code, message)), Is.EqualTo(Configuration));

    [TestCase("com.amazonaws.bedrock#ServiceQuotaExceededException:http://internal.amazon.com/coral/com.amazon.bedrock/")]
    [TestCase("ServiceQuotaExceededException")]
    [TestCase("aws.protocoltests#ServiceQuotaExceededException")]
    public async Task Judge_NameOfTheError_IsReadAsAwsReadsIt(string code)
    {
        Assert.That(await FailureOfAsync(Header(400, code, "x")), Is.EqualTo(Configuration));
        Assert.That(await FailureOfAsync(Fault.Instead(400, $$"""{"__type":"{{code}}"}""")), Is.EqualTo(Configuration));
        Assert.That(await FailureOfAsync(Fault.Instead(400, $$"""{"code":"{{code}}","Message":"x"}""")), Is.EqualTo(Configuration));
    }

    [TestCase("ValidationException", "1 validation error detected: Value at 'content' failed to satisfy constraint")]
    [TestCase("ValidationException", "Value 'The guardrail identifier is a nice text' at 'content.1.member.text' is too long")]
    [TestCase("ValidationException", "")]
    [TestCase("SomethingNewException", "The guardrail identifier or version provided in the request does not exist.")]
    public async Task Judge_ErrorThatContentCouldBringAbout_IsAnInputFailure(string code, string message) =>
        Assert.That(await FailureOfAsync(Header(400, code, message)), Is.EqualTo(Content));

    [TestCase("")]
    [TestCase("<html>")]
    [TestCase("[]")]
    [TestCase("{\"message\":7}")]
    [TestCase("{\"message\":\"\\ud800\"}")]
    [TestCase("{\"__type\":")]
    public async Task Judge_ErrorBodyThatIsNone_IsAnInputFailure(string body) =>
        Assert.That(await FailureOfAsync(Fault.Instead(400, body)), Is.EqualTo(Content));

    [Test]
    public async Task Judge_UnknownGuardrailOrVersion_IsAConfigurationFailure()
    {
        await using var judged = await Judged.StartAsync();
        foreach (var operation in new[] { """ "guardrail_id": "unknown1" """, """ "guardrail_id": "gr1fake2abc3", "version": "99" """ })
        {
            var verdict =
                await judged.Create(operation: operation).EvaluateAsync(Judged.Call(GuardrailContent.FromText("x", SegmentRole.User)), default);

            Assert.That(verdict.Failure, Is.EqualTo(Configuration));
        }
    }

    [TestCase(403, "AccessDeniedException", FailureReasons.Credentials)]
    [TestCase(429, "ThrottlingException", FailureReasons.Throttled)]
    [TestCase(500, "InternalServerException", FailureReasons.Transport)]
    [TestCase(503, "ServiceUnavailableException", FailureReasons.Transport)]
    public async Task Judge_ErrorOfTheService_IsAnAvailabilityFailure(int status, string code, string reason) =>
        Assert.That(await FailureOfAsync(Header(status, code, "x")), Is.EqualTo(new GuardrailFailure(FailureClass.Availability, reason)));

    private static Fault Header(int status, string code, string message) =>
        Fault.Instead(status, $$"""{"message":"{{message}}"}""", "application/json", ("x-amzn-ErrorType", code));

    private static async Task<GuardrailFailure?> FailureOfAsync(Fault fault)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Then(fault);
        return (await judged.JudgeAsync("hello")).Failure;
    }
}
