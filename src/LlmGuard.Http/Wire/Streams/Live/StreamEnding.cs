using System.Text.Json;
using LlmGuard.Http.Dialects;
using LlmGuard.Http.Refusals;

namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>Ends a stream of which no more may leave, in the words of its dialect, so that clients see an answer that a filter has cut.</summary>
internal sealed class StreamEnding(bool isEventStream, string callId)
{
    private IStreamEnding? _ending;
    private string? _dialect;

    /// <summary>Takes note of an event that has left.</summary>
    public void Saw(string? dialect, ReadOnlySpan<byte> json)
    {
        if (Of(dialect) is { } ending)
        {
            var reader = new Utf8JsonReader(json);
            using var data = JsonDocument.ParseValue(ref reader);
            ending.Saw(data.RootElement);
        }
    }

    /// <summary>The bytes that end the stream.</summary>
    public byte[] Write(string? dialect, Refusal refusal)
    {
        var call = new RefusedCall { Refusal = refusal, CallId = callId, IsStreaming = true };
        if (Of(dialect) is { } ending)
        {
            var stream = new EventStreamAnswer(asLines: !isEventStream);
            ending.Write(call, stream);
            return stream.ToAnswer().Body.ToArray();
        }

        // Clients that know no better word for it see the error that they would see before the first byte.
        var error = (DialectRegistry.Find(dialect)?.Error(call) ?? ProblemDetails.Of(call)).Body.Span;
        return isEventStream
            ? [.. "event: error\ndata: "u8, .. error, .. "\n\n"u8]
            : [.. error, (byte)'\n'];
    }

    private IStreamEnding? Of(string? dialect)
    {
        if (dialect != _dialect)
        {
            _dialect = dialect;
            _ending = DialectRegistry.Find(dialect)?.NewEnding();
        }

        return _ending;
    }
}
