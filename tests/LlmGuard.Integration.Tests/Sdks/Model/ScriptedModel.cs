using System.Text.Json;
using LlmGuard.Integration.Tests.Harness;
using Microsoft.AspNetCore.Http;

namespace LlmGuard.Integration.Tests.Sdks.Model;

/// <summary>Stands where the vendors would be: plays the scene that the prompt names, in the dialect of the path, whole or streamed.</summary>
internal sealed class ScriptedModel : IAsyncDisposable
{
    /// <summary>Where a reader in another process says that it has read something.</summary>
    public const string GoOnPath = "/go-on";

    private RecordingUpstream? _upstream;
    private TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RecordingUpstream Upstream => _upstream!;

    public static async Task<ScriptedModel> StartAsync()
    {
        var model = new ScriptedModel();
        model._upstream = await RecordingUpstream.StartAsync(model.AnswerAsync);
        return model;
    }

    /// <summary>The application has read something: the model says the rest.</summary>
    public void GoOn() => Volatile.Read(ref _goOn).TrySetResult();

    public ValueTask DisposeAsync() => _upstream!.DisposeAsync();

    private async Task AnswerAsync(HttpContext context, Received received)
    {
        if (context.Request.Path == GoOnPath)
        {
            GoOn();
            return;
        }

        using var request = JsonDocument.Parse(received.Body);
        if (context.Request.Path == "/v1/embeddings")
        {
            await WriteAsync(context, Embeddings(request.RootElement));
            return;
        }

        var scene = Scene.Of(received.Text);
        var (whole, events) = context.Request.Path.Value switch
        {
            "/v1/chat/completions" => (ChatWords.Whole(scene), ChatWords.Events(scene)),
            "/v1/responses" => (ResponsesWords.Whole(scene), ResponsesWords.Events(scene)),
            "/v1/messages" => (MessagesWords.Whole(scene), MessagesWords.Events(scene)),
            var path => throw new InvalidOperationException($"No vendor answers {path}."),
        };
        if (!request.RootElement.TryGetProperty("stream", out var stream) || !stream.GetBoolean())
        {
            await WriteAsync(context, whole);
            return;
        }

        Volatile.Write(ref _goOn, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        context.Response.ContentType = "text/event-stream";
        foreach (var data in events)
        {
            if (data is null)
            {
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await _goOn.Task.WaitAsync(context.RequestAborted);
            }
            else
            {
                await context.Response.WriteAsync(data, context.RequestAborted);
            }
        }
    }

    private static Task WriteAsync(HttpContext context, string json)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json, context.RequestAborted);
    }

    /// <summary>The vector (1, 2), in the encoding that was asked for.</summary>
    private static string Embeddings(JsonElement request)
    {
        var vector = request.TryGetProperty("encoding_format", out var format) && format.GetString() == "base64" ? "\"AACAPwAAAEA=\"" : "[1,2]";
        return $$$"""{"object":"list","data":[{"object":"embedding","index":0,"embedding":{{{vector}}}}],"model":"toy","usage":{"prompt_tokens":1,"total_tokens":1}}""";
    }
}
