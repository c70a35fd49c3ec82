using LlmGuard.Integration.Tests.Harness;
using LlmGuard.Integration.Tests.Sdks;

namespace LlmGuard.Integration.Tests.Samples;

[TestFixture]
[CancelAfter(180_000)]
public sealed class ConsoleSampleTests
{
    private static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    [Test]
    public async Task HttpClientSample_AgainstABareModel_MasksBlocksAndMasksTheAnswer()
    {
        await using var model = await ToyModelApp.StartBareAsync();
        await using var process = SampleProcess.Start("LlmGuard.HttpClientSample", model.Url.ToString());

        var (exitCode, output, errors) = await process.EndAsync(Token);

        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(exitCode, Is.Zero, errors);
            Assert.That(lines, Has.Length.EqualTo(3));
            Assert.That(lines[0], Does.StartWith("200 ").And.Contain("I read: I am [MASKED_EMAIL], card [MASKED_CC]"));
            Assert.That(lines[1], Does.StartWith("403 ").And.Contain("This topic is not available here."));
            Assert.That(lines[2], Does.StartWith("200 ").And.Contain("[MASKED_EMAIL]").And.Not.Contain("help.desk"));
        }
    }

    [Test]
    public async Task CustomPlugin_Run_AllowsOneTextAndBlocksTheOther()
    {
        await using var process = SampleProcess.Start("LlmGuard.CustomPlugin");

        var (exitCode, output, errors) = await process.EndAsync(Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(exitCode, Is.Zero, errors);
            Assert.That(output, Does.Contain("Tell me a story. -> Allow")
                .And.Contain("What does Rosebud mean? -> Block 403 The request was blocked by a guardrail."));
        }
    }
}
