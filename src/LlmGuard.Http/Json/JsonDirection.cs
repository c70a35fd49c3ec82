namespace LlmGuard.Http.Json;

/// <summary>What a JSON text is on the wire.</summary>
internal enum JsonDirection
{
    /// <summary>What a client sends.</summary>
    Request,

    /// <summary>A whole answer.</summary>
    Response,

    /// <summary>One event of a streamed answer.</summary>
    StreamEvent,
}
