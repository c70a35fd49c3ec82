using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects;

/// <summary>What a JSON text says about its call.</summary>
internal record struct CallFacts
{
    public string? Model { get; init; }

    public bool IsStreaming { get; init; }

    public bool CreatesServerState { get; init; }

    public int Messages { get; init; }

    /// <summary>Whether the request asks that a stream report usage, where that has to be asked for.</summary>
    public bool AsksForUsage { get; init; }

    /// <summary>How much answer a request asks for; the same in every dialect, so that the reader adds it.</summary>
    public AnswerSize? Asks { get; set; }

    /// <summary>The conversation that the provider keeps and the request names, or null.</summary>
    public string? Conversation { get; init; }

    public TokenUsage? Usage { get; init; }

    /// <summary>What an answer must repeat of the request, as raw JSON: the id of a JSON-RPC call. Null for none.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>What can be told without knowing the dialect.</summary>
    public static CallFacts Of(JsonWalk walk) => new()
    {
        Model = walk.String(walk.Find(0, "model"u8)),
        IsStreaming = walk.IsTrue(walk.Find(0, "stream"u8)),
    };
}
