using LlmGuard.AspNetCore.Requests;
using LlmGuard.Http.Gates;
using LlmGuard.Http.Wire;

namespace LlmGuard.AspNetCore.Responses;

/// <summary>A copy of an answer that left as it was written, for entries that only watch.</summary>
internal sealed class ResponseObserver(HeldBytes copy, int statusCode, IReadOnlyList<KeyValuePair<string, string>> headers) : IDisposable
{
    /// <summary>Gives the answer to the call after its last byte has left. Nothing here can change or delay it.</summary>
    public async ValueTask JudgeAsync(IncomingCall incoming)
    {
        if (copy.IsOverflown)
        {
            var failure = new GuardrailFailure(FailureClass.Output, FailureReasons.LimitExceeded);
            await incoming.Call.FailAsync(GuardrailStage.PreResponse, failure, copy.OverflowStatus).ConfigureAwait(false);
            return;
        }

        if (copy.Length > 0 && !ResponseHead.IsBodiless(incoming.Context.Request, statusCode))
        {
            incoming.Answer = await BoundedBody.ReadAsync(
                BytesStream.Over(copy.Bytes),
                ResponseHead.ContentEncoding(headers),
                incoming.Plan.Limits.MaxBodyBytes,
                incoming.Plan.Limits,
                incoming.Budget,
                CancellationToken.None).ConfigureAwait(false);
            incoming.Call.AttachBuffers(incoming.Answer);
        }

        var head = ResponseHead.Of(incoming, statusCode, headers);
        var gate = await ResponseGate.JudgeAsync(incoming.Call, head, incoming.Answer, CancellationToken.None).ConfigureAwait(false);
        incoming.Usage = gate.Message?.Usage;
    }

    public void Dispose() => copy.Dispose();
}
