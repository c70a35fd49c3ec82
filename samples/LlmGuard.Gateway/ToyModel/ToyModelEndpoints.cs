using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlmGuard.Gateway.ToyModel;

/// <summary>A model that needs no account: it repeats what it was told, so that a newcomer sees what reached it.</summary>
internal static class ToyModelEndpoints
{
    public static void MapToyModel(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/chat/completions", context => AnswerAsync(context, new OpenAiChat()));
        routes.MapPost("/v1/responses", context => AnswerAsync(context, new OpenAiResponses()));
        routes.MapPost("/v1/messages", context => AnswerAsync(context, new AnthropicMessages()));
    }

    private static async Task AnswerAsync(HttpContext context, IToyDialect dialect)
    {
        JsonNode? request;
        try
        {
            request = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted).ConfigureAwait(false);
        }
        catch (JsonException)
        {
            request = null;
        }

        if (request is not JsonObject body)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsJsonAsync(dialect.Error("The body is not a JSON object."), context.RequestAborted).ConfigureAwait(false);
            return;
        }

        var answer = ToyAnswer.To(ConversationText.LastUserText(body));
        var model = body["model"]?.ToString() ?? "toy";
        if (body["stream"] is JsonValue stream && stream.TryGetValue<bool>(out var streamed) && streamed)
        {
            context.Response.ContentType = "text/event-stream";
            foreach (var serverEvent in dialect.Stream(model, ToyAnswer.Pieces(answer)))
            {
                await context.Response.WriteAsync(serverEvent, context.RequestAborted).ConfigureAwait(false);
                await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            }

            return;
        }

        await context.Response.WriteAsJsonAsync(dialect.Complete(model, answer), context.RequestAborted).ConfigureAwait(false);
    }
}
