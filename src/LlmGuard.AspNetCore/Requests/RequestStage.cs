using LlmGuard.AspNetCore.Tunnels;
using LlmGuard.Http.Gates;
using LlmGuard.Http.Streams;
using LlmGuard.Http.Wire;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace LlmGuard.AspNetCore.Requests;

/// <summary>Takes a request through <see cref="GuardrailStage.PreRequest"/>.</summary>
internal static class RequestStage
{
    private const string BadFraming = "its framing cannot be read (RFC 9112)";

    /// <summary>Judges the request and changes it as decided. Returns the refusal, or null when it may go on.</summary>
    public static async ValueTask<Refusal?> JudgeAsync(IncomingCall incoming)
    {
        if (Tunnel.IsTunnel(incoming))
        {
            return await TunnelGate.JudgeAsync(incoming).ConfigureAwait(false);
        }

        var request = incoming.Context.Request;
        Tunnel.WithdrawOffer(incoming);
        var hasBody = RequestBody.IsPresent(request);
        var source = request.Body;
        if (hasBody && BodyBounds.IsBodyNeeded(incoming.Plan))
        {
            try
            {
                incoming.Body = await RequestBody.ReadAsync(incoming, source).ConfigureAwait(false);
            }
            catch (IOException fault) when (fault is not (ConnectionResetException or BadHttpRequestException { StatusCode: not (400 or 413) }))
            {
                var isTooLarge = fault is BadHttpRequestException { StatusCode: 413 };
                if (!isTooLarge && await RequestBody.HasSenderLeftAsync(incoming, fault).ConfigureAwait(false))
                {
                    throw;
                }

                // The server's own limits and framing rules are unreadable content like any other; so is framing that its parser gives up on, such as
                // a chunk size beyond all numbers.
                var unread = await JudgeUnreadAsync(
                    incoming,
                    isTooLarge ? FailureReasons.LimitExceeded : FailureReasons.Undecodable,
                    isTooLarge ? 413 : 400,
                    isTooLarge ? "it is larger than the server takes" : BadFraming).ConfigureAwait(false);
                if (unread.Decision.Refusal is null)
                {
                    throw;
                }

                return unread.Decision.Refusal;
            }

            if (incoming.Body is null)
            {
                const string Gone = "its body is shorter than announced, or something read it before the guardrails could";
                var unread = await JudgeUnreadAsync(incoming, FailureReasons.Undecodable, 400, Gone).ConfigureAwait(false);
                return unread.Decision.Refusal ?? await ApplyAsync(incoming, unread, source).ConfigureAwait(false);
            }
        }

        var gate = await RequestGate.JudgeAsync(
            incoming.Call,
            RequestHead.Of(incoming),
            incoming.Body,
            hasBody,
            request.ContentLength,
            incoming.Aborted).ConfigureAwait(false);
        incoming.Message = gate.Message;
        incoming.HiddenUsage = gate.HiddenUsage;
        return gate.Decision.Refusal
            ?? await ApplyAsync(incoming, gate, source).ConfigureAwait(false);
    }

    private static async ValueTask<Refusal?> ApplyAsync(IncomingCall incoming, GateResult gate, Stream source)
    {
        var request = incoming.Context.Request;
        incoming.Content = gate.Decision.Content;
        if (gate.Rewrite is { } rewrite && !RequestRewrite.TryApply(incoming.Context, rewrite))
        {
            var failure = new GuardrailFailure(FailureClass.Input, FailureReasons.MaskNotApplicable);
            return (await incoming.Call.FailAsync(GuardrailStage.PreRequest, failure, 403).ConfigureAwait(false)).Refusal;
        }

        if (incoming.Body is { Failure: null } body)
        {
            RequestBody.Replace(request, body, gate.Rewrite?.Body);
        }
        else if (incoming.Body is { } unread)
        {
            return HandOnUnread(request, unread, source);
        }

        return null;
    }

    /// <summary>Nobody may refuse what could not be read, so it goes on as it came.</summary>
    private static Refusal? HandOnUnread(HttpRequest request, BoundedBody unread, Stream source)
    {
        if (source.CanSeek)
        {
            source.Position = 0;
            return null;
        }

        if (unread.StatusCode == 503)
        {
            return GateRefusals.OutOfRoom;
        }

        request.Body = new ReplayStream(unread.Raw, source);
        return null;
    }

    private static ValueTask<GateResult> JudgeUnreadAsync(IncomingCall incoming, string reason, int statusCode, string detail) =>
        RequestGate.JudgeUnreadAsync(
            incoming.Call,
            RequestHead.Of(incoming),
            new GuardrailFailure(FailureClass.Input, reason),
            statusCode,
            new BodyMetrics { HasBody = true, ContentLength = incoming.Context.Request.ContentLength },
            detail,
            incoming.Aborted);
}
