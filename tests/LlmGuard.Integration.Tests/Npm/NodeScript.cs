using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlmGuard.Integration.Tests.Npm;

/// <summary>A script in <c>Npm/scripts</c> that asks through an official client and says what the application would have seen.</summary>
internal static class NodeScript
{
    /// <summary>Asks several times in one process, in order.</summary>
    /// <param name="script">File name, such as <c>openai-chat.mjs</c>.</param>
    /// <param name="asks">What the script reads, one after the other.</param>
    public static async Task<IReadOnlyList<NodeAnswer>> RunAsync(string script, params IReadOnlyList<NodeAsk> asks)
    {
        await NpmWorkspace.EnsureAsync();
        var input = new JsonArray([.. asks.Select(static ask => new JsonObject
        {
            ["url"] = ask.Url.ToString().TrimEnd('/'),
            ["prompt"] = ask.Prompt,
            ["stream"] = ask.IsStreaming,
            ["hasTool"] = ask.HasTool,
            ["goOn"] = ask.GoOn?.ToString(),
            ["retries"] = ask.Retries,
        })]);
        var (exitCode, output, errors) = await NpmWorkspace.RunAsync("node", input.ToJsonString(), Path.Combine("scripts", script));
        Assert.That(exitCode, Is.Zero, $"{script} failed:\n{output}\n{errors}");
        return JsonSerializer.Deserialize<NodeAnswer[]>(output, JsonSerializerOptions.Web)!;
    }
}

/// <summary>One question.</summary>
internal sealed record NodeAsk(Uri Url, string Prompt, bool IsStreaming)
{
    /// <summary>Whether the model is offered a tool.</summary>
    public bool HasTool { get; init; }

    /// <summary>Where the script says that it has read some of a stream; null for nowhere.</summary>
    public Uri? GoOn { get; init; }

    /// <summary>How often the client may try again.</summary>
    public int Retries { get; init; }
}

/// <summary>What an application sees of an answer through a client: its text and why it ended, or the exception.</summary>
internal sealed record NodeAnswer
{
    public string? Text { get; init; }

    /// <summary>The arguments of its tool call, as compact JSON.</summary>
    public string? Arguments { get; init; }

    public string? Finish { get; init; }

    /// <summary>Name of the exception's class.</summary>
    public string? Error { get; init; }

    public int? Status { get; init; }

    public string? Message { get; init; }
}
