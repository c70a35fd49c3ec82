namespace LlmGuard;

/// <summary>What is known about a request once it has been read. Referred to by its call rather than copied into it.</summary>
internal interface IRequestDescription
{
    string? Dialect { get; }

    string? Model { get; }

    bool IsStreaming { get; }

    IRequestHeaders? Headers { get; }

    long? MaxTokens { get; }

    long Choices { get; }

    BodyMetrics Body { get; }
}

/// <summary>A request that is described piece by piece, as tests of a plugin do.</summary>
internal sealed class StatedRequest : IRequestDescription
{
    /// <summary>Nothing is known.</summary>
    public static StatedRequest Nothing { get; } = new();

    public string? Dialect { get; set; }

    public string? Model { get; set; }

    public bool IsStreaming { get; set; }

    public IRequestHeaders? Headers { get; set; }

    public long? MaxTokens { get; set; }

    public long Choices { get; set; } = 1;

    public BodyMetrics Body { get; set; }
}
