using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using LlmGuard.Remote.Caching;
using LlmGuard.Remote.Transport;

namespace LlmGuard.Remote.Judging;

/// <summary>Asks the questions of one evaluation.</summary>
internal sealed class InquiryRun(
    JudgeChannel channel,
    JudgeTelemetry telemetry,
    JudgeSettings settings,
    CleanVerdictCache? cache,
    GuardrailCall call,
    Deadline deadline)
{
    // Six bytes for every angle bracket or quotation mark would let a text grow past the provider's limit.
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly GuardrailVerdict OutOfTime = GuardrailVerdict.Fail(FailureClass.Input, FailureReasons.Timeout);

    /// <summary>Asks the only question.</summary>
    public ValueTask<GuardrailVerdict> AskAloneAsync(JudgeInquiry inquiry) => AskAsync(inquiry, isAlone: true, mayRetry: true, deadline.Token);

    /// <summary>Asks several, as many at once as the judge takes, until all are answered or one blocks.</summary>
    /// <param name="inquiries">The questions, in the order of the content.</param>
    public async ValueTask<GuardrailVerdict> AskAllAsync(IReadOnlyList<JudgeInquiry> inquiries)
    {
        var board = new Board(inquiries, deadline.Token);
        try
        {
            var workers = new Task[Math.Min(inquiries.Count, settings.Parallelism)];
            for (var i = 0; i < workers.Length; i++)
            {
                workers[i] = WorkAsync(board);
            }

            await Task.WhenAll(workers).ConfigureAwait(false);
            return VerdictMerge.Merge(board.Verdicts);
        }
        catch (OperationCanceledException)
        {
            // The engine's deadline came before this one, on a crowded thread pool; the engine knows it if it was a cancellation after all.
            return OutOfTime;
        }
        finally
        {
            board.Dispose();
        }
    }

    private async Task WorkAsync(Board board)
    {
        while (board.Next() is var index && index >= 0)
        {
            if (index >= settings.Parallelism && deadline.Remaining < Admission.Reserve(deadline.Budget, settings.ExpectedLatency))
            {
                // What no time is left for is never asked, and says so.
                board.Put(index, OutOfTime);
                continue;
            }

            try
            {
                var mayRetry = index < settings.Parallelism;
                board.Put(index, await AskAsync(board.Inquiries[index], isAlone: false, mayRetry, board.TokenOf(index)).ConfigureAwait(false));
            }
            catch (OperationCanceledException) when (board.IsPointless(index))
            {
                // A question before this one was answered with a block.
            }
        }
    }

    private async ValueTask<GuardrailVerdict> AskAsync(JudgeInquiry inquiry, bool isAlone, bool mayRetry, CancellationToken cancellationToken)
    {
        var body = BodyOf(inquiry);
        var key = cache?.KeyOf(call, inquiry.Address, body.Span) ?? default;
        if (cache?.Contains(key) == true)
        {
            telemetry.CacheHit(settings.Plugin);
            return GuardrailVerdict.Allow;
        }

        var attempt = await channel.AskAsync(inquiry, body, deadline, isAlone, mayRetry, cancellationToken).ConfigureAwait(false);
        var verdict = attempt.Failure is { } failure ? Failed(failure, isAlone) : Read(inquiry, attempt);
        if (cache is not null && verdict is { Failure: null, Outcome: VerdictOutcome.Allow, Findings.Count: 0 })
        {
            cache.Add(key);
        }

        return verdict;
    }

    // Time that several questions shared may have been used up by the size of the content, which its sender chose.
    private static GuardrailVerdict Failed(GuardrailFailure failure, bool isAlone) =>
        !isAlone && failure.Reason == FailureReasons.Timeout ? OutOfTime : GuardrailVerdict.Fail(failure.Class, failure.Reason);

    private static GuardrailVerdict Read(JudgeInquiry inquiry, in Attempt attempt)
    {
        if (inquiry.ReadStatus(attempt.Status) is { } verdict)
        {
            return verdict;
        }

        try
        {
            using var answer = new JudgeAnswer(attempt.Status, attempt.Body);
            return inquiry.Read(answer);
        }
        catch (Exception exception) when (exception is UnusableAnswerException or InvalidOperationException or FormatException)
        {
            // The latter two are what JsonElement throws for a lone surrogate in a name, or a value of another type that was read past the readers.
            return GuardrailVerdict.Fail(HttpOutcomes.Unusable.Class, HttpOutcomes.Unusable.Reason);
        }
    }

    private static ReadOnlyMemory<byte> BodyOf(JudgeInquiry inquiry)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Compact))
        {
            inquiry.WriteBody(writer);
        }

        return buffer.WrittenMemory;
    }

    /// <summary>Which questions are open, answered or no longer needed. Thread-safe.</summary>
    private sealed class Board : IDisposable
    {
        private readonly GuardrailVerdict?[] _verdicts;
        private readonly CancellationTokenSource[] _cancellations;
        private int _next = -1;
        private int _blockedAt = int.MaxValue;

        public Board(IReadOnlyList<JudgeInquiry> inquiries, CancellationToken cancellationToken)
        {
            Inquiries = inquiries;
            _verdicts = new GuardrailVerdict?[inquiries.Count];
            _cancellations = new CancellationTokenSource[inquiries.Count];
            for (var i = 0; i < _cancellations.Length; i++)
            {
                _cancellations[i] = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            }
        }

        public IReadOnlyList<JudgeInquiry> Inquiries { get; }

        public ReadOnlySpan<GuardrailVerdict?> Verdicts => _verdicts;

        public CancellationToken TokenOf(int index) => _cancellations[index].Token;

        public bool IsPointless(int index) => index > Volatile.Read(ref _blockedAt);

        /// <summary>The next question to ask; -1 when there is none.</summary>
        public int Next()
        {
            var index = Interlocked.Increment(ref _next);
            return index < _verdicts.Length && !IsPointless(index) ? index : -1;
        }

        /// <summary>
        /// Takes an answer. A block ends the questions after it; those before it go on, so that the result does not depend on who was first.
        /// </summary>
        public void Put(int index, GuardrailVerdict verdict)
        {
            _verdicts[index] = verdict;
            if (verdict.Failure is not null || verdict.Outcome != VerdictOutcome.Block)
            {
                return;
            }

            var known = Volatile.Read(ref _blockedAt);
            while (index < known)
            {
                var seen = Interlocked.CompareExchange(ref _blockedAt, index, known);
                known = seen == known ? index : seen;
            }

            for (var i = index + 1; i < _cancellations.Length; i++)
            {
                _cancellations[i].Cancel();
            }
        }

        public void Dispose()
        {
            foreach (var cancellation in _cancellations)
            {
                cancellation.Dispose();
            }
        }
    }
}
