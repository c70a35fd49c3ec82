using LlmGuard.Execution.Background;
using LlmGuard.Http.Dialects;
using LlmGuard.Http.Gates;
using LlmGuard.Http.Streams;
using LlmGuard.Http.Wire;
using LlmGuard.Http.Wire.Streams.Live.Framing;

namespace LlmGuard.Http.Client;

/// <summary>One request of a guarded client and its answer.</summary>
internal sealed class GuardedExchange(GuardedCall call, HeldBytesBudget budget, HttpRequestMessage request, bool throwOnBlock)
{
    private BoundedBody? _requestBody;
    private WireMessage? _message;
    private Dialect? _hiddenUsage;
    private TokenUsage? _usage;

    // What ends the call of an answer that is judged while the caller reads it.
    private Func<CallEnding, ValueTask>? _complete;

    public async ValueTask<HttpResponseMessage> RunAsync(
        Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> transport,
        bool isAsync,
        CancellationToken cancellationToken)
    {
        if (call.EarlyRefusal is { } early)
        {
            return await RefuseAsync(early).ConfigureAwait(false);
        }

        var clone = RequestClone.Of(request);
        var head = RequestHead.Of(clone);
        if (MethodOverride.IsPresent(head.Headers))
        {
            return await RefuseAsync(GateRefusals.MethodOverride).ConfigureAwait(false);
        }

        var gate = await JudgeRequestAsync(clone, head, isAsync, cancellationToken).ConfigureAwait(false);
        _message = gate.Message;
        _hiddenUsage = gate.HiddenUsage;
        if ((gate.Decision.Refusal ?? (_requestBody is { StatusCode: 503 } ? GateRefusals.OutOfRoom : null)) is { } refusal)
        {
            return await RefuseAsync(refusal).ConfigureAwait(false);
        }

        if (ResponseGate.IsAnswerNeeded(call.Plan))
        {
            RequestClone.OwnNegotiation(clone);
        }

        var response = await SendAsync(clone, gate.Decision.Content, transport, cancellationToken).ConfigureAwait(false);
        if (response is null)
        {
            return await RefuseAsync(call.Decisions[^1].Refusal!).ConfigureAwait(false);
        }

        return await JudgeResponseAsync(clone, response, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the call once its answer has been read or given up; not called where no answer was delivered.</summary>
    public async ValueTask CompleteAsync(CallEnding ending)
    {
        try
        {
            if (_complete is { } complete)
            {
                await complete(ending).ConfigureAwait(false);
            }
            else
            {
                call.Complete(ending, _usage);
            }
        }
        finally
        {
            await call.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Ends the call after an exception that goes to the caller.</summary>
    public async ValueTask AbandonAsync(CallEnding ending)
    {
        call.Complete(ending);
        await call.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask<GateResult> JudgeRequestAsync(HttpRequestMessage clone, WireHead head, bool isAsync, CancellationToken cancellationToken)
    {
        var contentLength = clone.Content?.Headers.ContentLength;
        if (clone.Content is not null && BodyBounds.IsBodyNeeded(call.Plan) && !WireReader.IsConversation(head, call.Plan.Dialect))
        {
            _requestBody = await ContentReader.ReadAsync(clone.Content, call.Plan, budget, isAsync, cancellationToken).ConfigureAwait(false);
            call.AttachBuffers(_requestBody);
        }

        var gate = await RequestGate.JudgeAsync(call, head, _requestBody, clone.Content is not null, contentLength, cancellationToken)
            .ConfigureAwait(false);
        if (!gate.Decision.IsAllowed)
        {
            return gate;
        }

        if (_requestBody is { Failure: null } body)
        {
            RequestClone.SetBody(clone, body, gate.Rewrite?.Body);
        }

        if (gate.Rewrite is not null)
        {
            RequestClone.Apply(clone, gate.Rewrite);
        }

        return gate;
    }

    /// <summary>
    /// Sends the request with the post_request entries beside it; null when one of them refused, and then nothing of the answer is used.
    /// </summary>
    private async ValueTask<HttpResponseMessage?> SendAsync(
        HttpRequestMessage clone,
        GuardrailContent content,
        Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> transport,
        CancellationToken cancellationToken)
    {
        if (call.Plan[GuardrailStage.PostRequest].IsEmpty)
        {
            return await transport(clone, cancellationToken).ConfigureAwait(false);
        }

        if (RequestGate.LeavesStateBehind(_message, clone.Method.Method))
        {
            var before = await call.EvaluateAsync(GuardrailStage.PostRequest, content, cancellationToken).ConfigureAwait(false);
            return before.IsAllowed ? await transport(clone, cancellationToken).ConfigureAwait(false) : null;
        }

        using var upstream = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var judging = JudgeBesideAsync(content, upstream, cancellationToken);
        HttpResponseMessage response;
        try
        {
            response = await transport(clone, upstream.Token).ConfigureAwait(false);
        }
        catch
        {
            // The verdict is waited for in any case: it uses what is released next, and a block may be why the upstream failed.
            if ((await judging.ConfigureAwait(false)).IsAllowed)
            {
                throw;
            }

            return null;
        }

        try
        {
            if ((await judging.ConfigureAwait(false)).IsAllowed)
            {
                return response;
            }
        }
        catch
        {
            response.Dispose();
            throw;
        }

        response.Dispose();
        return null;
    }

    private async Task<GuardrailDecision> JudgeBesideAsync(
        GuardrailContent content,
        CancellationTokenSource upstream,
        CancellationToken cancellationToken)
    {
        // Yields first: a synchronous transport must be able to start while an inline evaluator still works. Never to the caller's context, whose
        // thread may be the one that waits for this (a window's, in Send or in front of SendAsync(...).Result).
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var decision = await call.EvaluateAsync(GuardrailStage.PostRequest, content, cancellationToken).ConfigureAwait(false);
        if (!decision.IsAllowed)
        {
            await upstream.CancelAsync().ConfigureAwait(false);
        }

        return decision;
    }

    private async ValueTask<HttpResponseMessage> JudgeResponseAsync(
        HttpRequestMessage clone,
        HttpResponseMessage response,
        CancellationToken cancellationToken)
    {
        if (!ResponseGate.IsAnswerNeeded(call.Plan))
        {
            return Deliver(response, usage: null);
        }

        try
        {
            var arriving = ResponseHead.Of(response, clone, _message);
            var told = StreamGate.DependsOnStart(call.Plan, arriving)
                ? await AnswerStart.TellAsync(response, arriving, cancellationToken).ConfigureAwait(false)
                : null;
            if (told is not null || StreamGate.Applies(call.Plan, arriving))
            {
                return await StreamAsync(response, arriving, told, cancellationToken).ConfigureAwait(false);
            }

            if (AnswerCopy.IsEnough(call.Plan) && AnswerReader.HasBody(response, arriving))
            {
                return await CopyAsync(response, arriving, cancellationToken).ConfigureAwait(false);
            }

            var body = await AnswerReader.ReadAsync(response, arriving, call.Plan, budget, cancellationToken).ConfigureAwait(false);
            if (body is not null)
            {
                call.AttachBuffers(body);
            }

            var head = ResponseHead.Of(response, clone, _message);
            var gate = await ResponseGate.JudgeAsync(call, head, body, cancellationToken).ConfigureAwait(false);
            if (gate.Decision.Refusal is { } refusal)
            {
                response.Dispose();
                return await RefuseAsync(refusal).ConfigureAwait(false);
            }

            if (body is { Failure: null })
            {
                ResponseBody.Replace(response, gate.Rewrite, body);
            }
            else if (body is { StatusCode: 503 })
            {
                response.Dispose();
                return await RefuseAsync(GateRefusals.OutOfRoom).ConfigureAwait(false);
            }
            else if (body is not null)
            {
                await ResponseBody.HandOnUnreadAsync(response, body, cancellationToken).ConfigureAwait(false);
            }

            // Of an answer without a body what trails has not come yet. What trails a conversation (a status of gRPC) is part of what passes unread.
            var mayTrail = body is not null || WireReader.IsAnswerOfConversation(head);
            return Deliver(mayTrail ? response : WithoutUnreadTrailers(response), gate.Message?.Usage);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>Hands on an answer that is judged while it arrives.</summary>
    private async ValueTask<HttpResponseMessage> StreamAsync(
        HttpResponseMessage response,
        WireHead head,
        StreamForm? told,
        CancellationToken cancellationToken)
    {
        var opening = await StreamGate.OpenAsync(call, head, told, budget, cancellationToken).ConfigureAwait(false);
        if (opening.Guard is not { } guard)
        {
            response.Dispose();
            return await RefuseAsync(opening.Refusal!).ConfigureAwait(false);
        }

        var source = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var stream = new GuardedStream(guard, StreamCoding.Decode(source, opening.Coding));
        try
        {
            if (await stream.OpenAsync(cancellationToken).ConfigureAwait(false) is { } refusal)
            {
                await stream.DisposeAsync().ConfigureAwait(false);
                response.Dispose();
                return await RefuseAsync(refusal).ConfigureAwait(false);
            }
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        ResponseBody.Stream(response, stream, opening.Head);
        var answer = WithoutUnreadTrailers(response);
        return Deliver(answer, async ending =>
        {
            TrailingHeaders.DropDigests(answer);
            await stream.Drained.ConfigureAwait(false);
            call.Complete(stream.Ending ?? ending, stream.Usage);
        });
    }

    /// <summary>Hands on an answer as it comes; those who only watch are shown a copy once the caller has read it.</summary>
    private async ValueTask<HttpResponseMessage> CopyAsync(HttpResponseMessage response, WireHead head, CancellationToken cancellationToken)
    {
        call.DescribeResponse((int)response.StatusCode);
        var source = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var copy = new AnswerCopy(response.Content, call.Plan, budget);
        call.AttachBuffers(copy);
        var copied = new CopiedStream(source, copy);
        if (_hiddenUsage is not null && HeaderList.Single(head.Headers, "Content-Encoding") is { } coding && StreamCoding.IsReadable(coding))
        {
            // The event that the caller did not ask for is found in plain bytes.
            ResponseBody.Stream(response, StreamCoding.Decode(copied, coding), null);
        }
        else
        {
            ResponseBody.PutBack(response, copied);
        }

        return Deliver(response, async ending =>
        {
            TokenUsage? usage = null;
            try
            {
                usage = ending == CallEnding.Completed
                    ? await copy.JudgeAsync(call, head, HeaderList.Of(response.TrailingHeaders)).ConfigureAwait(false)
                    : null;
                DecisionTable.Record(response, call);
            }
            finally
            {
                call.Complete(ending, usage);
            }
        });
    }

    /// <summary>Trailing headers come when the decision is made, so that entries which read them could not have said no.</summary>
    private HttpResponseMessage WithoutUnreadTrailers(HttpResponseMessage response) =>
        (call.Plan[GuardrailStage.PreResponse].EnforcedNeeds & GuardrailNeeds.Headers) == 0 ? response : TrailingHeaders.HoldBack(response);

    private HttpResponseMessage Deliver(HttpResponseMessage response, TokenUsage? usage)
    {
        _usage = usage;
        return Deliver(response);
    }

    private HttpResponseMessage Deliver(HttpResponseMessage response, Func<CallEnding, ValueTask> complete)
    {
        _complete = complete;
        return Deliver(response);
    }

    /// <summary>Hands the answer to the caller; the call, and with it the buffers, ends when its body has been read or is disposed.</summary>
    private HttpResponseMessage Deliver(HttpResponseMessage response)
    {
        response.RequestMessage = request;
        SetOwnHeaders(response);
        DecisionTable.Record(response, call);
        if (_hiddenUsage is { } dialect)
        {
            UsageHidingContent.Attach(response, dialect);
        }

        CompletionContent.Attach(response, this);
        return response;
    }

    private async ValueTask<HttpResponseMessage> RefuseAsync(Refusal refusal)
    {
        if (throwOnBlock)
        {
            call.Complete(CallEnding.Blocked);
            await call.DisposeAsync().ConfigureAwait(false);
            throw new GuardrailBlockedException(refusal, call.Id);
        }

        var response = RefusalAnswer.Of(refusal, request, _message, call);
        SetOwnHeaders(response);
        DecisionTable.Record(response, call);
        call.Complete(CallEnding.Blocked);
        await call.DisposeAsync().ConfigureAwait(false);
        return response;
    }

    private void SetOwnHeaders(HttpResponseMessage response)
    {
        for (var i = 0; i < call.DecisionCount; i++)
        {
            if (call.DecisionAt(i).ResponseHeaders is { Count: > 0 } decided)
            {
                foreach (var (name, value) in decided)
                {
                    HeaderList.Replace(response.Headers, response.Content.Headers, name, value);
                }
            }
        }

        response.Headers.Remove(GuardrailHeaders.Id);
        response.Headers.TryAddWithoutValidation(GuardrailHeaders.Id, call.Id);
    }
}
