using LlmGuard.AspNetCore.Requests;
using LlmGuard.Http.Wire;
using LlmGuard.Http.Wire.Streams.Live.Framing;
using Microsoft.AspNetCore.Http.Features;

namespace LlmGuard.AspNetCore.Responses;

/// <summary>
/// What the rest of the pipeline answers, kept apart from the real response until it may leave: held whole, or held at its start only.
/// </summary>
/// <remarks>Used by the rest of the pipeline, and by the guard once that has finished; only <see cref="Discard"/> may come in between.</remarks>
internal sealed partial class GuardedResponse
{
    private readonly IncomingCall _incoming;
    private readonly ResponseTreatment _treatment;
    private readonly CancellationTokenSource _downstream;
    private readonly IHttpResponseBodyFeature _inner;
    private readonly ResponseHeadFeature _head;
    private readonly ResponseBodyFeature _body;
    private readonly ResponseTrailersFeature? _trailers;
    private readonly HeldBytes? _copy;
    private readonly StreamTelling _telling;
    private bool _isOpen;
    private bool _isReleased;
    private bool _isSwitched;
    private bool _isFinished;
    private StreamedAnswer? _streamed;
    private volatile bool _isDiscarded;
    private volatile bool _isCut;

    public GuardedResponse(IncomingCall incoming, ResponseTreatment treatment, HeldBytes held, HeldBytes? copy, CancellationTokenSource downstream)
    {
        var features = incoming.Context.Features;
        _incoming = incoming;
        _treatment = treatment;
        _downstream = downstream;
        _copy = copy;
        _telling = new StreamTelling(incoming.Plan);
        Held = held;
        _inner = features.GetRequiredFeature<IHttpResponseBodyFeature>();
        _body = new ResponseBodyFeature(this);
        _head = new ResponseHeadFeature(features.GetRequiredFeature<IHttpResponseFeature>(), _body);
        if (features.Get<IHttpResponseTrailersFeature>() is { Trailers.IsReadOnly: false } trailers)
        {
            _trailers = new ResponseTrailersFeature(trailers);
        }
    }

    /// <summary>The held answer; when only its start is held, what was written synchronously meanwhile.</summary>
    public HeldBytes Held { get; }

    public IHttpResponseFeature Head => _head;

    public IHttpResponseBodyFeature Body => _body;

    public ResponseTrailersFeature? Trailers => _trailers;

    /// <summary>The verdict of post_request, which the start waits for; null when there is none to wait for.</summary>
    public Task<GuardrailDecision>? Beside { get; set; }

    /// <summary>Why the answer may not leave, found while it was written.</summary>
    public Refusal? Refusal { get; private set; }

    /// <summary>Whether the guard stopped the rest of the pipeline, so that what that throws is only a consequence.</summary>
    public bool IsStopped => _isDiscarded || Held.IsOverflown || _isCut;

    /// <summary>Whether the answer is judged while it is written, so that what may leave of it has left.</summary>
    public bool IsStreamed => _streamed is not null;

    /// <summary>Whether the connection has become a tunnel, which leaves nothing to release.</summary>
    public bool IsSwitched => _isSwitched;

    /// <summary>Whether the rest of the pipeline did something that starts a response, rather than leaving that to the server.</summary>
    public bool IsStartWanted { get; private set; }

    /// <summary>Whether files may go out without passing through memory.</summary>
    public bool PassesFiles => !Holds && _copy is null;

    private bool Holds => _treatment == ResponseTreatment.Hold && !_isSwitched;

    /// <summary>Lets the head out and everything after it, because the connection turns into a tunnel that was allowed as such.</summary>
    public async ValueTask SwitchAsync()
    {
        await OpenAsync().ConfigureAwait(false);
        _isSwitched = true;
        Release();
    }

    /// <summary>Refuses the answer from beside. Nothing of it leaves any more.</summary>
    public void Discard()
    {
        _isDiscarded = true;
        _head.Discard();
    }

    /// <summary>Takes what the rest of the pipeline has left unflushed; an answer whose start only is held then leaves.</summary>
    public async ValueTask FinishAsync()
    {
        if (_isSwitched)
        {
            return;
        }

        await _body.FlushWriterAsync().ConfigureAwait(false);
        if (_streamed is not null)
        {
            await FinishStreamAsync().ConfigureAwait(false);
            return;
        }

        var isStartWanted = IsStartWanted || Held.Length > 0;
        if (_treatment == ResponseTreatment.Hold || _treatment == ResponseTreatment.JudgeHead || Held.Length > 0)
        {
            await OpenAsync().ConfigureAwait(false);
        }
        else if (!_isOpen)
        {
            // Nothing was written: a component outside may still want to write this answer's body.
            Release();
        }

        IsStartWanted = isStartWanted;
        if (_treatment != ResponseTreatment.Hold)
        {
            _trailers?.Release();
        }
    }

    private async ValueTask FinishStreamAsync()
    {
        await _streamed!.FinishAsync().ConfigureAwait(false);
        ThrowIfStopped();
        if (!_isFinished)
        {
            _isFinished = true;
            ReleaseTrailers();
        }
    }

    /// <summary>Trailers come when the decision on a stream is made, so that entries which read them could not have said no.</summary>
    private void ReleaseTrailers()
    {
        if ((_incoming.Plan[GuardrailStage.PreResponse].EnforcedNeeds & GuardrailNeeds.Headers) == 0)
        {
            _trailers?.DropDigests();
            _trailers?.Release();
        }
    }

    /// <summary>The rest of the pipeline threw: what it wrote and was held is gone, as it would be without a guard.</summary>
    public async ValueTask AbandonAsync(Exception reason)
    {
        _body.Abandon(reason);
        if (_streamed is not null)
        {
            await _streamed.AbandonAsync(reason).ConfigureAwait(false);
        }

        _head.HandOverCallbacks();
        Held.Drop();
    }

    /// <summary>Makes the real head what the rest of the pipeline, or the guard after it, has set.</summary>
    public void Release()
    {
        if (_isReleased)
        {
            return;
        }

        _isReleased = _isOpen = true;
        if (_copy is not null)
        {
            _incoming.Observer = new ResponseObserver(_copy, _head.StatusCode, RequestHead.Flatten(_head.Headers));
        }

        _head.Release();
    }

    /// <summary>Waits until the answer may start, then starts it as far as the rest of the pipeline can see.</summary>
    private async ValueTask OpenAsync()
    {
        ThrowIfStopped();
        IsStartWanted = true;
        if (_isOpen)
        {
            return;
        }

        if (Beside is { } beside && !(await beside.ConfigureAwait(false)).IsAllowed)
        {
            throw Stopped();
        }

        if (_isOpen)
        {
            // By a write before this one, which nobody awaited.
            return;
        }

        await _head.StartAsync().ConfigureAwait(false);
        if (Holds)
        {
            _isOpen = true;
            await BeginStreamingAsync().ConfigureAwait(false);
            return;
        }

        if (_treatment == ResponseTreatment.JudgeHead)
        {
            await JudgeHeadAsync().ConfigureAwait(false);
        }

        Release();
        if (Held.Length > 0)
        {
            _copy?.TryAppend(Held.Bytes.Span);
            await _inner.Stream.WriteAsync(Held.Bytes, _incoming.Aborted).ConfigureAwait(false);
            Held.Drop();
        }
    }

    /// <summary>An answer that arrives in pieces is judged while it does.</summary>
    private ValueTask BeginStreamingAsync()
    {
        var head = ResponseHead.Of(_incoming, _head.StatusCode, RequestHead.Flatten(_head.Headers));
        return _telling.IsToldBy(head) ? StreamAsync(head, told: null) : TellAsync();
    }

    /// <summary>Looks whether what is held tells that the answer is one that arrives in pieces although its type does not.</summary>
    private ValueTask TellAsync() =>
        _telling.IsToldBy(Held.Bytes, out var head, out var told) ? StreamAsync(head, told) : ValueTask.CompletedTask;

    private async ValueTask StreamAsync(WireHead head, StreamForm? told)
    {
        _streamed = new StreamedAnswer(_incoming, head, told, _inner.Writer, LetOutAsync, StopAsync);
        if (Held.Length > 0)
        {
            await _streamed.WriteAsync(Held.Bytes, _downstream.Token).ConfigureAwait(false);
            Held.Drop();
            ThrowIfStopped();
        }
    }

    private async ValueTask LetOutAsync(WireRewrite? rewrite)
    {
        ResponseRelease.PrepareStream(_head.Headers, rewrite);
        Release();
        await _inner.StartAsync(_incoming.Aborted).ConfigureAwait(false);
    }

    private async ValueTask StopAsync(Refusal refusal, bool hasLeft)
    {
        if (hasLeft)
        {
            _incoming.Refuse(refusal);
            _isCut = true;
        }
        else
        {
            Refusal = refusal;
            Discard();
        }

        await _downstream.CancelAsync().ConfigureAwait(false);
    }

    private async ValueTask JudgeHeadAsync()
    {
        var call = _incoming.Call;
        call.DescribeResponse(_head.StatusCode);
        var decision = await call.EvaluateAsync(GuardrailStage.PreResponse, GuardrailContent.Empty, _incoming.Aborted).ConfigureAwait(false);
        if (decision.IsAllowed)
        {
            return;
        }

        Refusal = decision.Refusal;
        Discard();
        await _downstream.CancelAsync().ConfigureAwait(false);
        throw Stopped();
    }

    private void Hold(ReadOnlySpan<byte> bytes)
    {
        ThrowIfStopped();
        if (!Held.TryAppend(bytes))
        {
            _downstream.Cancel();
            throw Stopped();
        }
    }

    private void ThrowIfStopped()
    {
        if (IsStopped)
        {
            throw Stopped();
        }
    }

    private OperationCanceledException Stopped() => new(_downstream.Token);
}
