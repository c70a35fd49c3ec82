using System.Text.Json;
using LlmGuard.Http.Wire.Streams.Live.Framing;

namespace LlmGuard.Http.Refusals;

/// <summary>Ends one stream of which no more may leave, so that clients see an answer that a filter has cut. Used by one thread at a time.</summary>
internal interface IStreamEnding
{
    /// <summary>Whether it can end this stream: the events of most dialects have no place in Amazon's frames.</summary>
    /// <param name="form">How the stream is framed.</param>
    /// <param name="call">What the caller is told.</param>
    bool CanEnd(StreamForm form, RefusedCall call) => form != StreamForm.AmazonEvents;

    /// <summary>Takes note of an event that has left.</summary>
    /// <param name="data">The event as the upstream sent it; of its texts nothing may be said again.</param>
    void Saw(JsonElement data);

    /// <summary>Writes the events that end the stream.</summary>
    /// <param name="call">What the caller is told.</param>
    /// <param name="stream">Gets the events.</param>
    void Write(RefusedCall call, EventStreamAnswer stream);
}
