namespace LlmGuard;

/// <summary>Which part of an HTTP message a segment came from; the policy's <c>sources</c>.</summary>
public enum SegmentSource
{
    /// <summary>The body, or any content that is not HTTP. <c>body</c> in a policy.</summary>
    Body,

    /// <summary>Headers or trailers. <c>headers</c> in a policy.</summary>
    Headers,

    /// <summary>The path or the query. <c>path_and_query</c> in a policy.</summary>
    PathAndQuery,
}
