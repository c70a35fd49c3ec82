using System.Net.Http.Headers;
using LlmGuard.Remote.Credentials;
using LlmGuard.Remote.Judging;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace LlmGuard.Remote.Transport;

/// <summary>Asks one judge with one credential: retries, breaker, bulkhead, egress and size limits. Thread-safe.</summary>
internal sealed class JudgeChannel : IDisposable
{
    private readonly JudgeRuntime _runtime;
    private readonly JudgeSettings _settings;
    private readonly IJudgeCredential _credential;
    private readonly JudgeGate _gate;
    private readonly Bulkhead _bulkhead;
    private readonly ResiliencePipeline<Attempt> _pipeline;

    public JudgeChannel(JudgeRuntime runtime, JudgeSettings settings, IJudgeCredential credential)
    {
        _runtime = runtime;
        _settings = settings;
        _credential = credential;
        _gate = runtime.Gates.Take(settings.Plugin, settings.Endpoint, credential.Identity);
        _bulkhead = _gate.BulkheadOf(settings.MaxConcurrency);
        _pipeline = new ResiliencePipelineBuilder<Attempt> { TimeProvider = runtime.Time }
            .AddRetry(new RetryStrategyOptions<Attempt>
            {
                // How often and when is said by the rules that know the deadline.
                MaxRetryAttempts = int.MaxValue,
                ShouldHandle = static args => ValueTask.FromResult(args.Outcome.Exception is null && args.Outcome.Result.RetryDelay is not null),
                DelayGenerator = static args => ValueTask.FromResult(args.Outcome.Result.RetryDelay),
            })
            .AddPipeline(_gate.Breaker)
            .Build();
    }

    /// <summary>Asks, again if that is worth it.</summary>
    /// <param name="inquiry">The question.</param>
    /// <param name="body">Its body.</param>
    /// <param name="deadline">The evaluation's deadline.</param>
    /// <param name="isAlone">Whether the question is the evaluation's only one.</param>
    /// <param name="mayRetry">Whether failed attempts may be repeated.</param>
    /// <param name="cancellationToken">The deadline's token, or one linked to it.</param>
    /// <exception cref="OperationCanceledException">Cancelled by something other than the deadline.</exception>
    public async ValueTask<Attempt> AskAsync(
        JudgeInquiry inquiry,
        ReadOnlyMemory<byte> body,
        Deadline deadline,
        bool isAlone,
        bool mayRetry,
        CancellationToken cancellationToken)
    {
        var question = new Question(this, inquiry, body, deadline, isAlone, mayRetry ? _settings.Retries : 0);
        try
        {
            return await _pipeline.ExecuteAsync(static (q, token) => q.AttemptAsync(token), question, cancellationToken).ConfigureAwait(false);
        }
        catch (BrokenCircuitException)
        {
            return HttpOutcomes.CircuitOpen();
        }
        catch (OperationCanceledException) when (deadline.IsOver)
        {
            // While waiting for the next attempt.
            return HttpOutcomes.TimedOut(isAlone);
        }
    }

    /// <summary>Gives the gate back. Called once, when no question is under way any more.</summary>
    public void Dispose() => _runtime.Gates.Return(_gate);

    private HttpRequestMessage Make(JudgeInquiry inquiry, ReadOnlyMemory<byte> body)
    {
        if (!_settings.IsDestination(inquiry.Address))
        {
            throw new InvalidOperationException("A judge is asked at its endpoint only.");
        }

        var request = new HttpRequestMessage(inquiry.Method, inquiry.Address);
        request.Headers.Accept.Add(Json);
        if (!body.IsEmpty)
        {
            request.Content = new ReadOnlyMemoryContent(body);
            request.Content.Headers.ContentType = Json;
        }

        inquiry.AddHeaders(request);
        return request;
    }

    private static MediaTypeWithQualityHeaderValue Json { get; } = new("application/json");

    /// <summary>One question and its attempts.</summary>
    private sealed class Question(JudgeChannel channel, JudgeInquiry inquiry, ReadOnlyMemory<byte> body, Deadline deadline, bool isAlone, int retries)
    {
        private const int MaxErrorBytes = 16 * 1024;

        private int _attempts;

        public async ValueTask<Attempt> AttemptAsync(CancellationToken cancellationToken)
        {
            var number = _attempts++;
            var attempt = await AdmittedAsync(cancellationToken).ConfigureAwait(false);
            if (!attempt.IsTransient)
            {
                return attempt;
            }

#pragma warning disable CA5394 // Spreads load; nothing is kept secret by it.
            var jitter = Random.Shared.NextDouble();
#pragma warning restore CA5394
            return attempt with { RetryDelay = RetryRules.DelayAfter(attempt, number, retries, deadline.Remaining, jitter) };
        }

        private async ValueTask<Attempt> AdmittedAsync(CancellationToken cancellationToken)
        {
            var bulkhead = channel._bulkhead;
            try
            {
                if (!await bulkhead.EnterAsync(cancellationToken).ConfigureAwait(false))
                {
                    return HttpOutcomes.Overloaded();
                }
            }
            catch (OperationCanceledException) when (deadline.IsOver)
            {
                // Several questions of one content may have waited for each other.
                return isAlone ? HttpOutcomes.Overloaded() : HttpOutcomes.TimedOut(countsAgainstJudge: false);
            }

            try
            {
                using var call = channel._runtime.Telemetry.Start(channel._settings);
                var attempt = await SendAsync(isRenewed: false, cancellationToken).ConfigureAwait(false);
                call.End(attempt);
                return attempt;
            }
            finally
            {
                bulkhead.Leave();
            }
        }

        private async ValueTask<Attempt> SendAsync(bool isRenewed, CancellationToken cancellationToken)
        {
            using var request = channel.Make(inquiry, body);
            try
            {
                await channel._credential.ApplyAsync(request, body, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (deadline.IsOver)
            {
                return HttpOutcomes.NoCredentials();
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                return HttpOutcomes.NoCredentials();
            }

            HttpResponseMessage response;
            try
            {
                response = await channel._runtime.ClientFor(channel._settings)
                    .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (deadline.IsOver || !cancellationToken.IsCancellationRequested)
            {
                // The deadline, or the handler's own limit on connecting.
                return HttpOutcomes.TimedOut(isAlone);
            }
            catch (Exception exception) when (HttpOutcomes.OfException(exception) is { } failed)
            {
                return failed;
            }

            using (response)
            {
                if ((int)response.StatusCode == 401 && !isRenewed && channel._credential.TryRenew(request))
                {
                    return await SendAsync(isRenewed: true, cancellationToken).ConfigureAwait(false);
                }

                return await ReadAsync(response, cancellationToken).ConfigureAwait(false);
            }
        }

        private async ValueTask<Attempt> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
        {
            var status = (int)response.StatusCode;
            var isAnswer = inquiry.IsAnswer(status);
            try
            {
                var limit = isAnswer ? channel._settings.MaxAnswerBytes : MaxErrorBytes;
                var (bytes, isComplete) = await AnswerBody.ReadAsync(response.Content, limit, cancellationToken).ConfigureAwait(false);
                if (!isAnswer)
                {
                    var retryAfter = HttpOutcomes.RetryAfterOf(response.Headers, channel._runtime.Time);
                    return HttpOutcomes.OfStatus(inquiry, status, response.Headers, bytes.Span, retryAfter);
                }

                return isComplete && response.Content.Headers.ContentEncoding.Count == 0
                    ? new Attempt { Status = status, Body = bytes }
                    : HttpOutcomes.BrokenAnswer(status);
            }
            catch (OperationCanceledException) when (deadline.IsOver)
            {
                return isAnswer ? HttpOutcomes.TimedOut(isAlone) : HttpOutcomes.OfStatus(inquiry, status, response.Headers, default, null);
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                return isAnswer ? HttpOutcomes.BrokenAnswer(status) : HttpOutcomes.OfStatus(inquiry, status, response.Headers, default, null);
            }
        }
    }
}
