namespace LlmGuard;

/// <summary>What is known about a request once it has been read.</summary>
public sealed record RequestFacts : IRequestDescription
{
    /// <summary>Nothing is known.</summary>
    public static RequestFacts None { get; } = new();

    /// <summary>The wire dialect, such as <c>openai.chat_completions</c>, or null.</summary>
    public string? Dialect { get; init; }

    /// <summary>The model the request names, or null.</summary>
    public string? Model { get; init; }

    /// <summary>Whether a streamed answer is asked for.</summary>
    public bool IsStreaming { get; init; }

    /// <summary>The headers, or null when the call is not HTTP.</summary>
    public IRequestHeaders? Headers { get; init; }

    /// <summary>The limit on tokens of each answer that the request gives, or null.</summary>
    public long? MaxTokens { get; init; }

    /// <summary>How many answers it asks for; 1 by default.</summary>
    public long Choices { get; init; } = 1;

    /// <summary>Whether the request creates or continues a conversation that the provider keeps, so that it does not hold all of it.</summary>
    public bool HasServerState { get; init; }

    /// <summary>
    /// What the request itself calls the conversation that the provider keeps for it (the <c>conversation</c> of OpenAI's responses), or null. Calls
    /// of one caller with the same name belong together, unless <see cref="GuardedCallOptions.Conversation"/> says otherwise.
    /// </summary>
    public string? Conversation { get; init; }

    /// <summary>Sizes of the body.</summary>
    public BodyMetrics Body { get; init; }

    /// <summary>Whether there is a body that could not be read, so that only entries that do without it can run.</summary>
    internal bool IsBodyUnread { get; init; }

    /// <summary>What the sender of such a body is told: half a sentence without content; null for what the reason says.</summary>
    internal string? UnreadDetail { get; init; }
}
