using System.Buffers;
using System.Text.Json;
using LlmGuard.Http.Dialects;
using LlmGuard.Http.Refusals;
using LlmGuard.Http.Wire.AmazonEvents;
using LlmGuard.Http.Wire.Streams.Live.Framing;

namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>Ends a stream of which no more may leave, in the words of its dialect, so that clients see an answer that a filter has cut.</summary>
/// <param name="form">How its events are framed.</param>
/// <param name="callId">The call's id.</param>
/// <param name="model">The model that the request's path names, or null.</param>
internal sealed class StreamEnding(StreamForm form, string callId, string? model = null)
{
    private IStreamEnding? _ending;
    private string? _dialect;
    private bool _hasEvents;

    /// <summary>Takes note of an event that has left.</summary>
    public void Saw(string? dialect, ReadOnlySpan<byte> json)
    {
        _hasEvents = true;
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
        var call = new RefusedCall { Refusal = refusal, CallId = callId, IsStreaming = true, Model = model ?? "" };
        var stream = new EventStreamAnswer(form, _hasEvents);
        if (Of(dialect) is { } ending && ending.CanEnd(form, call))
        {
            ending.Write(call, stream);
            return stream.ToAnswer().Body.ToArray();
        }

        // Clients that know no better word for it see the error that they would see before the first byte.
        var error = (DialectRegistry.Find(dialect)?.Error(call) ?? ProblemDetails.Of(call)).Body.Span;
        switch (form)
        {
            case StreamForm.Events:
                return [.. "event: error\ndata: "u8, .. error, .. "\n\n"u8];
            case StreamForm.AmazonEvents:
                // The exception of the stream's union that SDKs raise without trying again.
                var message = new ArrayBufferWriter<byte>();
                AmazonEventWriter.WriteException(message, "validationException", error);
                return message.WrittenSpan.ToArray();
            default:
                return stream.Add(error).ToAnswer().Body.ToArray();
        }
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
