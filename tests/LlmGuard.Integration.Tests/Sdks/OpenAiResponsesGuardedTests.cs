using System.Text;
using LlmGuard.Integration.Tests.Sdks.Model;
using OpenAI.Responses;

#pragma warning disable OPENAI001 // The SDK marks its client for responses as experimental; it is the one there is.

namespace LlmGuard.Integration.Tests.Sdks;

/// <summary>Responses through the official .NET SDK of OpenAI.</summary>
public sealed class OpenAiResponsesGuardedTests(bool isGateway) : GuardedSdkTests(isGateway)
{
    protected override string Ended => "Completed";

    protected override string EndedInTool => "Completed";

    protected override string EndedByFilter => "Incomplete content_filter";

    private protected override async Task<Heard> AskAsync(GuardedModel guard, Scene scene, string prompt, bool isStreaming, Action hasRead)
    {
        using var guarded = guard.NewClient();
        var client = new ResponsesClient(OpenAiClients.Key, OpenAiClients.ResponsesOptions(guard, guarded, Patience));
        var options = new CreateResponseOptions("toy", [ResponseItem.CreateUserMessageItem(prompt)]) { StreamingEnabled = isStreaming };
        if (scene.HasTool)
        {
            options.Tools.Add(
                ResponseTool.CreateFunctionTool(Words.Tool, OpenAiClients.Schema, strictModeEnabled: true, functionDescription: "Sends a letter."));
        }

        if (!isStreaming)
        {
            return Seen(await client.CreateResponseAsync(options, Token));
        }

        var text = new StringBuilder();
        var arguments = new StringBuilder();
        var sequence = -1;
        ResponseResult? last = null;
        await foreach (var update in await client.CreateResponseStreamingAsync(options, Token))
        {
            Assert.That(update.SequenceNumber, Is.GreaterThan(sequence), update.GetType().Name);
            sequence = update.SequenceNumber;
            text.Append((update as StreamingResponseOutputTextDeltaUpdate)?.Delta);
            arguments.Append((update as StreamingResponseFunctionCallArgumentsDeltaUpdate)?.Delta?.ToString());
            last = (update as StreamingResponseCompletedUpdate)?.Response ?? (update as StreamingResponseIncompleteUpdate)?.Response ?? last;
            if (text.Length > 0)
            {
                hasRead();
            }
        }

        Assert.That(last, Is.Not.Null, "the stream has no end");
        var heard = new Heard(text.ToString(), arguments.ToString(), Seen(last!).Finish);
        if (heard.Finish == Ended)
        {
            Assert.That(Seen(last!), Is.EqualTo(heard), "the last event repeats what the deltas said");
        }
        else
        {
            Assert.That(Seen(last!).Text, Is.Not.Empty.And.Not.EqualTo(heard.Text),
                "the last event says what the caller is told, and does not take the place of the deltas");
            Assert.That(Seen(last!).ToString(), Does.Not.Contain("bluebird").And.Not.Contain("plum").And.Not.Contain("a pear"),
                "the last event says why, and nothing of what was blocked");
        }

        return heard;
    }

    protected override void AssertRaised(Exception thrown, int status) => OpenAiClients.AssertRaised(thrown, status);

    private static Heard Seen(ResponseResult result) => new(
        result.GetOutputText() ?? "",
        string.Concat(result.OutputItems.OfType<FunctionCallResponseItem>().Select(static call => call.FunctionArguments.ToString())),
        $"{result.Status} {result.IncompleteStatusDetails?.Reason}".TrimEnd());
}
