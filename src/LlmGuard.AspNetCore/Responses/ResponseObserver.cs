using LlmGuard.Http.Gates;

namespace LlmGuard.AspNetCore.Responses;

/// <summary>A copy of an answer that left as it was written, for entries that only watch.</summary>
internal sealed class ResponseObserver(HeldBytes copy, int statusCode, IReadOnlyList<KeyValuePair<string, string>> headers)
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

        if (!ResponseHead.IsBodiless(incoming.Context.Request, statusCode))
        {
            incoming.Answer = await HeldAnswer.ReadAsync(incoming, copy, headers, CancellationToken.None).ConfigureAwait(false);
        }

        var head = ResponseHead.Of(incoming, statusCode, headers);
        var gate = await ResponseGate.JudgeAsync(incoming.Call, head, incoming.Answer, CancellationToken.None).ConfigureAwait(false);
        incoming.Usage = gate.Message?.Usage;
    }
}
