using LlmGuard.Integration.Tests.Sdks.Model;

namespace LlmGuard.Integration.Tests.Sdks;

/// <summary>
/// What an application sees through an SDK it did not write, streaming and not, with tools and without, in front of the gateway and over a guarded
/// client: masked answers and tool calls, answers that are blocked before their first byte or after some of them, limits and failures. An SDK raises
/// its usual exception or shows its usual reason why an answer ended, and nothing waits for what never comes.
/// </summary>
[TestFixture(true)]
[TestFixture(false)]
[CancelAfter(60_000)]
public abstract class GuardedSdkTests(bool isGateway)
{
    /// <summary>How long an SDK waits for the network: less than a test may take, so that an SDK that waits for ever fails as itself.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private ScriptedModel _model = null!;
    private GuardedModel _masks = null!;
    private GuardedModel _topics = null!;
    private GuardedModel _whole = null!;
    private GuardedModel _limited = null!;

    protected static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    /// <summary>How the SDK names an ordinary end.</summary>
    protected abstract string Ended { get; }

    /// <summary>How it names an end in a tool call.</summary>
    protected abstract string EndedInTool { get; }

    /// <summary>How it names an end that a filter made.</summary>
    protected abstract string EndedByFilter { get; }

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _model = await ScriptedModel.StartAsync();
        _masks = await GuardedModel.StartAsync(isGateway, _model, GuardedModel.Masks);
        _topics = await GuardedModel.StartAsync(isGateway, _model, GuardedModel.Topics);
        _whole = await GuardedModel.StartAsync(isGateway, _model, GuardedModel.Whole);
        _limited = await GuardedModel.StartAsync(isGateway, _model, GuardedModel.Limited);
        await _limited.UseUpAsync(CancellationToken.None);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _limited.DisposeAsync();
        await _whole.DisposeAsync();
        await _masks.DisposeAsync();
        await _topics.DisposeAsync();
        await _model.DisposeAsync();
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task PromptAndAnswer_WithPersonalData_AreMasked(bool isStreaming)
    {
        var heard = await AskAsync(_masks, Scene.Address, isStreaming, "My card is 4111 1111 1111 1111.");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(heard, Is.EqualTo(new Heard("Understood. Write to [MASKED_EMAIL] today.", "", Ended)));
            Assert.That(_model.Upstream.Requests[^1].Text, Does.Contain("My card is [MASKED_CC].").And.Not.Contain("4111"));
        }
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task ToolCall_WithPersonalData_IsMasked(bool isStreaming)
    {
        var heard = await AskAsync(_masks, Scene.AddressInTool, isStreaming);

        Assert.That(heard, Is.EqualTo(new Heard("I will write. ", """{"to":"[MASKED_EMAIL]","body":"hi"}""", EndedInTool)));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Prompt_Blocked_RaisesTheUsualException(bool isStreaming)
    {
        var asked = _model.Upstream.Requests.Count;

        AssertRaised(await ThrownAsync(_topics, Scene.Address, isStreaming, "Tell me about project bluebird."), 403, GuardedModel.Topic);
        Assert.That(_model.Upstream.Requests, Has.Count.EqualTo(asked), "the model was asked");
    }

    [Test]
    public async Task Answer_BlockedWhole_RaisesTheUsualException([Values] bool isTool)
    {
        AssertRaised(await ThrownAsync(_topics, isTool ? Scene.TopicInTool : Scene.Topic, isStreaming: false), 403, GuardedModel.Topic);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Answer_BlockedAtItsFirstWord_RaisesTheUsualException(bool isStreaming)
    {
        AssertRaised(await ThrownAsync(_topics, Scene.TopicAtOnce, isStreaming), 403, GuardedModel.Topic);
    }

    [Test]
    public async Task Answer_BlockedMidStream_EndsAsFiltered()
    {
        var heard = await AskAsync(_topics, Scene.Topic, isStreaming: true);

        Assert.That(heard, Is.EqualTo(new Heard(Scene.Topic.First, "", EndedByFilter)));
    }

    [Test]
    public async Task ToolCall_BlockedMidStream_EndsAsFilteredWithoutAnyOfItsArguments()
    {
        var heard = await AskAsync(_topics, Scene.TopicInTool, isStreaming: true);

        Assert.That(heard, Is.EqualTo(new Heard(Scene.TopicInTool.First, "", EndedByFilter)));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Answer_JudgedBeforeItsFirstByte_RaisesTheUsualException(bool isStreaming)
    {
        AssertRaised(await ThrownAsync(_whole, Scene.JudgedAtOnce, isStreaming), 403, GuardedModel.Judged);
    }

    [Test]
    public async Task Answer_JudgedMidStream_EndsAsFiltered()
    {
        var heard = await AskAsync(_whole, Scene.JudgedLate, isStreaming: true);

        Assert.That(heard, Is.EqualTo(new Heard(Scene.JudgedLate.First, "", EndedByFilter)));
    }

    [Test]
    public async Task Answer_WhoseJudgeFailsMidStream_EndsWithNothingUnjudged()
    {
        var heard = await AskAsync(_whole, Scene.Unjudged, isStreaming: true);

        Assert.That(heard, Is.EqualTo(new Heard(Scene.Unjudged.First, "", EndedByFilter)));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Call_BeyondTheLimit_RaisesTheUsualException(bool isStreaming)
    {
        AssertRaised(await ThrownAsync(_limited, Scene.Address, isStreaming), 429, "");
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Judge_ThatFails_RaisesTheUsualException(bool isStreaming)
    {
        AssertRaised(await ThrownAsync(_whole, Scene.Address, isStreaming, "I like a pear."), 503, "");
    }

    [Test]
    public async Task Judge_ThatFailsOnAWholeAnswer_RaisesTheUsualException()
    {
        AssertRaised(await ThrownAsync(_whole, Scene.Unjudged, isStreaming: false), 503, "");
    }

    /// <summary>Asks once, without retries, and reads the answer to its end; offers the tool if the scene calls it.</summary>
    /// <param name="guard">Whom to ask.</param>
    /// <param name="scene">What the model says.</param>
    /// <param name="prompt">The prompt.</param>
    /// <param name="isStreaming">Whether to ask for a stream.</param>
    /// <param name="hasRead">To be called when some of a stream was read.</param>
    private protected abstract Task<Heard> AskAsync(GuardedModel guard, Scene scene, string prompt, bool isStreaming, Action hasRead);

    /// <summary>Checks that an exception is the one that the SDK raises for a status.</summary>
    protected abstract void AssertRaised(Exception thrown, int status);

    private Task<Heard> AskAsync(GuardedModel guard, Scene scene, bool isStreaming, string prompt = "") =>
        AskAsync(guard, scene, $"{scene.Name}: {prompt}", isStreaming, _model.GoOn);

    private async Task<Exception> ThrownAsync(GuardedModel guard, Scene scene, bool isStreaming, string prompt = "")
    {
        try
        {
            var heard = await AskAsync(guard, scene, isStreaming, prompt);
            throw new AssertionException($"The SDK raised nothing: {heard}");
        }
        catch (Exception thrown) when (thrown is not AssertionException and not OperationCanceledException)
        {
            return thrown;
        }
    }

    private void AssertRaised(Exception thrown, int status, string message)
    {
        using (Assert.EnterMultipleScope())
        {
            AssertRaised(thrown, status);
            Assert.That(thrown.ToString(), Does.Contain(message).And.Not.Contain("bluebird").And.Not.Contain("pear.").And.Not.Contain("plum"));
        }
    }
}

/// <summary>What an application sees of an answer.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Arguments">The arguments of its tool call, or empty.</param>
/// <param name="Finish">Why it ended, as the SDK names it.</param>
internal sealed record Heard(string Text, string Arguments, string Finish);
