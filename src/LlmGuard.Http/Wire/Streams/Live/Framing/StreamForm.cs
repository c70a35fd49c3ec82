namespace LlmGuard.Http.Wire.Streams.Live.Framing;

/// <summary>How a stream is cut into events.</summary>
internal enum StreamForm
{
    /// <summary><c>text/event-stream</c>.</summary>
    Events,

    /// <summary>JSON lines.</summary>
    Lines,

    /// <summary>Binary messages of AWS.</summary>
    AmazonEvents,

    /// <summary>One JSON array whose items are the events.</summary>
    Array,
}
