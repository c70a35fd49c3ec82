using System.Text.Json;
using LlmGuard.Http.Refusals;

namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>Ends a stream of which no more may leave, in the words of its dialect, so that clients see an answer that a filter has cut.</summary>
internal sealed class StreamEnding(bool isEventStream, string callId)
{
}
