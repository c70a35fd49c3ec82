using LlmGuard.AspNetCore.Requests;
using LlmGuard.Execution;
using LlmGuard.Http.Gates;
using LlmGuard.Http.Wire;
using Microsoft.AspNetCore.Http;

namespace LlmGuard.AspNetCore.Responses;

/// <summary>Inspects an answer that was held whole, and lets it out.</summary>
internal static class ResponseRelease
{
    /// <summary>What describes bytes that are no longer the ones that leave.</summary>
    private static readonly string[] OfOtherBytes =
        ["Content-Encoding", "ETag", "Content-MD5", "Digest", "Content-Digest", "Repr-Digest", "Transfer-Encoding"];

    /// <summary>Judges the answer and prepares its head; the refusal, or null and the bytes to send.</summary>
    public static async ValueTask<(Refusal? Refusal, ReadOnlyMemory<byte> Bytes)> JudgeAsync(IncomingCall incoming, GuardedResponse response)
    {
        var call = incoming.Call;
        var status = response.Head.StatusCode;
        if (response.Held.IsOverflown)
        {
            call.DescribeResponse(status);
            var failureClass = response.Held.OverflowStatus == 503 ? FailureClass.Availability : FailureClass.Output;
            var failure = new GuardrailFailure(failureClass, FailureReasons.LimitExceeded);
            var detail = BoundedBody.TooLong(incoming.Plan.Limits.MaxBodyBytes);
            var failed = await call.FailAsync(
                GuardrailStage.PreResponse,
                failure,
                response.Held.OverflowStatus,
                detail: detail).ConfigureAwait(false);
            // Refused although no enforcing entry reads it: what was not held whole is not there to be released.
            return (failed.Refusal ?? NotHeld(new EngineFailure(failure, response.Held.OverflowStatus) { Detail = detail }), default);
        }

        var bodiless = ResponseHead.IsBodiless(incoming.Context.Request, status);
        var headers = RequestHead.Flatten(response.Head.Headers);
        if (!bodiless)
        {
            incoming.Answer = await HeldAnswer.ReadAsync(incoming, response.Held, headers, incoming.Aborted).ConfigureAwait(false);
        }

        if (response.Trailers is { Trailers.Count: > 0 } trailing)
        {
            headers.AddRange(RequestHead.Flatten(trailing.Trailers));
        }

        var gate =
            await ResponseGate.JudgeAsync(call, ResponseHead.Of(incoming, status, headers), incoming.Answer, incoming.Aborted).ConfigureAwait(false);
        incoming.Usage = gate.Message?.Usage;
        if (!gate.Decision.IsAllowed)
        {
            return (gate.Decision.Refusal, default);
        }

        return (null, Prepare(response, gate.Rewrite, incoming.Answer, bodiless));
    }

    /// <summary>Sends the answer. The real response is in its place again by now.</summary>
    public static async ValueTask SendAsync(IncomingCall incoming, GuardedResponse response, ReadOnlyMemory<byte> bytes)
    {
        response.Release();
        response.Trailers?.Release();
        if (!bytes.IsEmpty)
        {
            await incoming.Context.Response.Body.WriteAsync(bytes, incoming.Aborted).ConfigureAwait(false);
        }
        else if (response.IsStartWanted)
        {
            await incoming.Context.Response.StartAsync(incoming.Aborted).ConfigureAwait(false);
        }
    }

    /// <summary>Prepares the head of an answer whose length nobody knows yet.</summary>
    public static void PrepareStream(IHeaderDictionary headers, WireRewrite? rewrite)
    {
        headers.Remove("Accept-Ranges");
        foreach (var name in OfOtherBytes)
        {
            headers.Remove(name);
        }

        headers.ContentLength = null;
        RequestRewrite.ApplyHeaders(headers, rewrite?.Headers ?? []);
    }

    private static Refusal NotHeld(EngineFailure failure) => failure.Failure.Class == FailureClass.Availability
        ? GateRefusals.OutOfRoom
        : Decisions.Refuse(failure, GuardrailStage.PreResponse);

    private static ReadOnlyMemory<byte> Prepare(GuardedResponse response, WireRewrite? rewrite, BoundedBody? answer, bool bodiless)
    {
        // An answer whose body could not be read and that no enforcing entry reads leaves as it came.
        var bytes = rewrite?.Body ?? (answer is { Failure: null } ? answer.Bytes : response.Held.Bytes);
        var headers = response.Head.Headers;
        headers.Remove("Accept-Ranges");
        if (rewrite?.Body is not null || answer is { Failure: null, WasEncoded: true })
        {
            foreach (var name in OfOtherBytes)
            {
                headers.Remove(name);
            }

            headers.ContentLength = bytes.Length;
        }
        else if (!bytes.IsEmpty && !bodiless && response.Trailers is not { Trailers.Count: > 0 } && headers.TransferEncoding.Count == 0)
        {
            headers.ContentLength = bytes.Length;
        }

        if (rewrite is not null)
        {
            ApplyHeaders(response, rewrite.Headers);
        }

        return bodiless ? default : bytes;
    }

    private static void ApplyHeaders(GuardedResponse response, IReadOnlyList<KeyValuePair<string, string?>> changes)
    {
        // What stands in both is changed in both: which of the two a change is of is not told.
        var trailers = response.Trailers?.Trailers;
        var headers = response.Head.Headers;
        RequestRewrite.ApplyHeaders(headers, [.. changes.Where(c => trailers?.ContainsKey(c.Key) != true || headers.ContainsKey(c.Key))]);
        if (trailers is not null)
        {
            RequestRewrite.ApplyHeaders(trailers, [.. changes.Where(c => trailers.ContainsKey(c.Key))]);
        }
    }
}
