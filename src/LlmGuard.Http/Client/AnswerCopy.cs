using LlmGuard.Execution.Background;
using LlmGuard.Http.Gates;
using LlmGuard.Http.Wire;
using LlmGuard.Http.Wire.Encodings;
using LlmGuard.Planning;

namespace LlmGuard.Http.Client;

/// <summary>
/// A copy of an answer that reaches the caller as it comes, for entries that only watch: within the plan's limits and the room of the process, and
/// judged once the caller has read all of it. Thread-safe: an answer may be given up while it is read.
/// </summary>
internal sealed class AnswerCopy : IDisposable
{
    private readonly Lock _gate = new();
    private readonly EffectivePlan _plan;
    private readonly HeldRoom _room;
    private readonly ChunkedBytes _chunks;
    private readonly ContentCoding[]? _codings;
    private readonly bool _isTooLong;
    private bool _isOver;

    public AnswerCopy(HttpContent answer, EffectivePlan plan, HeldBytesBudget budget)
    {
        _plan = plan;
        _room = new HeldRoom(budget);
        _chunks = new ChunkedBytes(_room, plan.Limits.MaxBodyBytes);
        _codings = ContentCoding.TryParse(HeaderList.Values(answer.Headers, "Content-Encoding"), out var codings) ? codings : null;
        _isTooLong = answer.Headers.ContentLength > plan.Limits.MaxBodyBytes;
        _isOver = _codings is null || _isTooLong;
    }

    /// <summary>Whether only entries that change nothing read the answers of a plan.</summary>
    public static bool IsEnough(EffectivePlan plan)
    {
        var stage = plan[GuardrailStage.PreResponse];
        return ResponseGate.IsAnswerNeeded(plan) && stage.Sequential.IsEmpty && stage.Parallel.IsEmpty && !plan.Restores;
    }

    /// <summary>Keeps what the caller has read; past a limit nothing more.</summary>
    public void Keep(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            while (!bytes.IsEmpty && !_isOver)
            {
                if (!_chunks.TryGetFree(out var free))
                {
                    _isOver = true;
                    return;
                }

                var count = Math.Min(free.Length, bytes.Length);
                bytes[..count].CopyTo(free.Span);
                _chunks.Advance(count);
                bytes = bytes[count..];
            }
        }
    }

    /// <summary>Gives the answer to the call once the caller has read all of it. Nothing here can change or delay it.</summary>
    /// <param name="call">The call.</param>
    /// <param name="head">What came before the body.</param>
    /// <param name="trailers">What came after it.</param>
    /// <returns>Token usage that the answer reports.</returns>
    public async ValueTask<TokenUsage?> JudgeAsync(GuardedCall call, WireHead head, IReadOnlyList<KeyValuePair<string, string>> trailers)
    {
        var body = ToBody();
        call.AttachBuffers(body);
        head = trailers.Count == 0 ? head : head with { Headers = [.. head.Headers, .. trailers] };
        var gate = await ResponseGate.JudgeAsync(call, head, body, CancellationToken.None).ConfigureAwait(false);
        return gate.Message?.Usage;
    }

    /// <summary>Gives up what was kept, unless it is being judged.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isOver = true;
            _chunks.Dispose();
            _room.Dispose();
        }
    }

    private BoundedBody ToBody()
    {
        lock (_gate)
        {
            _isOver = true;
            return _codings is null ? BoundedBody.Unsupported()
                : _isTooLong ? BoundedBody.StatedTooLong(_plan.Limits.MaxBodyBytes)
                : BoundedBody.Of(_chunks, _room, _codings, _plan.Limits.MaxBodyBytes, _plan.Limits, isLent: true, CancellationToken.None);
        }
    }
}
