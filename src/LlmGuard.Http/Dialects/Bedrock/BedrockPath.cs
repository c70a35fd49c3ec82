namespace LlmGuard.Http.Dialects.Bedrock;

/// <summary>Bedrock's routes: the operation is the last segment, behind the model's id.</summary>
internal static class BedrockPath
{
    public const string EventStream = "application/vnd.amazon.eventstream";

    /// <summary>
    /// Whether a clean path in lower case is an operation on a model. An id is one segment, or several when its slashes are not encoded.
    /// </summary>
    public static bool IsOperation(ReadOnlySpan<string> path, string operation) =>
        path.Length >= 3 && path[^1] == operation && path[..^2].Contains("model");

    public static bool IsOperation(string rawPath, string operation) => IsOperation(DialectRoute.Of(rawPath).Segments, operation);
}
