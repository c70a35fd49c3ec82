using System.Diagnostics.Metrics;
using System.Globalization;
using LlmGuard.Execution;
using LlmGuard.Integration.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Integration.Tests.Metrics;

/// <summary>
/// Tags of metrics come from the policy and from fixed sets: whatever callers, models and upstreams say, the set of time series stays what it was.
/// </summary>
[TestFixture]
[CancelAfter(120_000)]
public sealed class CardinalityTests
{
    private const int Rounds = 12;

    private static readonly string Policy = Chat.Gateway(
        """
        { "name": "tag", "stage": ["pre_request", "pre_response", "post_response"], "sources": ["body", "headers", "path_and_query"],
          "settings": { "tag": "M", "mask": "peach", "block": "plum" } },
        { "name": "data_masking", "stage": ["pre_request", "pre_response"], "settings": { "apply_all": true } },
        { "name": "talks", "on_error": "allow", "stage": ["pre_request", "pre_response"] },
        { "name": "talks", "id": "watched", "mode": "monitor", "stage": ["pre_request", "pre_response"] },
        { "name": "rate_limiter", "settings": { "limits": [ { "by": "header", "name": "X-Told", "trusted": true, "limit": 7, "window": "1h" } ] } },
        { "name": "request_size_limiter", "settings": { "allowed_payload_size": 20, "size_unit": "kilobytes" } }
        """,
        """
        , "consumers": [ { "name": "ann", "required_plugins": [] } ],
          "identity": { "trusted_headers": { "consumer": "X-Consumer" } }
        """);

    [Test]
    public async Task Tags_WhateverCallersAndUpstreamsSay_AreTheSameFew()
    {
        var token = TestContext.CurrentContext.CancellationToken;
        var answer = "";
        await using var upstream = await RecordingUpstream.StartAsync((context, received) =>
        {
            context.Response.Headers["X-Told"] = received.Headers.GetValueOrDefault("X-Told", "");
            return RecordingUpstream.JsonAsync(Volatile.Read(ref answer))(context, received);
        });
        await using var gateway = await GuardedGateway.StartAsync(
            upstream, Policy, [new TagPlugin(), Talker()], static builder => builder.Services.AddAiGuardrails().AddRateLimiter());
        using var tags = new TagRecorder(gateway.Services.GetRequiredService<IMeterFactory>());
        HashSet<string> first = [];
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (path, body, told, reply) in Calls(round))
            {
                Volatile.Write(ref answer, reply);
                using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Chat.Json(body) };
                request.Headers.Add("X-Consumer", $"consumer-{told}");
                request.Headers.Add("X-Told", told);
                request.Headers.TryAddWithoutValidation($"X-{told}", told);
                using var response = await gateway.Client.SendAsync(request, token);
                await response.Content.ReadAsByteArrayAsync(token);
            }

            var background = gateway.Services.GetRequiredService<ExecutionServices>();
            await background.Monitors.DrainAsync(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            await background.PostResponses.DrainAsync(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            if (round == 0)
            {
                first = [.. tags.Series];
            }
        }

        Assert.Multiple(() =>
        {
            Assert.That(tags.Series, Is.EquivalentTo(first), "a second caller brings no new series");
            Assert.That(first, Has.Some.Contains("llmguard.action=block").And.Some.Contains("llmguard.action=modify"), "it was about something");
            Assert.That(first, Has.Some.Contains("llmguard.plugin=rate_limiter").And.Some.Contains("llmguard.failure.reason=other"));
            Assert.That(tags.Series, Has.None.Contains("told").And.None.Contains("consumer"));
        });
    }

    /// <summary>What a hostile caller can put into a call, with names of its own in all of it.</summary>
    private static IEnumerable<(string Path, string Body, string Told, string Reply)> Calls(int round)
    {
        var told = string.Create(CultureInfo.InvariantCulture, $"told{round:D2}");
        var fine = Chat.Answer(told);
        yield return (Chat.Path, $$"""{"model":"{{told}}","{{told}}":1,"messages":[{"role":"{{told}}","content":"{{told}}"}]}""", told, fine);
        yield return (Chat.Path, Chat.Request("peach " + told), told, Chat.Answer("peach " + told));
        yield return (Chat.Path, Chat.Request("plum " + told), told, fine);
        yield return (Chat.Path, Chat.Request(told), told, Chat.Answer("plum " + told));
        yield return (Chat.Path, Chat.Request(told), told, fine);
        yield return ($"/{told}?{told}={told}", $$"""{"{{told}}":"{{told}}"}""", told, $$"""{"{{told}}":"{{told}}"}""");
        yield return ($"/openai/deployments/{told}/chat/completions?api-version={told}", Chat.Request(told), told, fine);
        yield return ($"/v1beta/models/{told}:generateContent", $$"""{"contents":[{"parts":[{"text":"{{told}}"}]}]}""", told, "{}");
        yield return (Chat.Path, Chat.Request(told)[..^2], told + "cut", fine);
        yield return (Chat.Path, Chat.Request(told), told + "answer", fine[..^2]);
        yield return (Chat.Path, Chat.Request(new string('x', 30_000) + told), told + "size", fine);
    }

    /// <summary>A guardrail that makes its rules, types and reasons of what it reads, which it must not and a careless one does.</summary>
    private static ScriptedPlugin Talker() => new("talks", static (call, _) =>
    {
        var text = call.Content.Count > 0 ? call.Content[0].Text : "none";
        return ValueTask.FromResult(text.Length % 2 == 0
            ? GuardrailVerdict.Flag(new GuardrailFinding(text, text, 0))
            : GuardrailVerdict.Fail(FailureClass.Availability, text.ToLower(CultureInfo.InvariantCulture)));
    });

    /// <summary>Every combination of instrument and tags that anything of the library measured.</summary>
    private sealed class TagRecorder : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly HashSet<string> _series = [];

        public TagRecorder(IMeterFactory factory)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                // Meters of one application have its factory for their scope.
                if (instrument.Meter.Name == "LlmGuard" && ReferenceEquals(instrument.Meter.Scope, factory))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Add(instrument, tags));
            _listener.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Add(instrument, tags));
            _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(instrument, tags));
            _listener.Start();
        }

        public IReadOnlyList<string> Series
        {
            get
            {
                lock (_series)
                {
                    return [.. _series];
                }
            }
        }

        public void Dispose() => _listener.Dispose();

        private void Add(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var series = $"{instrument.Name} {string.Join(' ', tags.ToArray().Select(static t => $"{t.Key}={t.Value}"))}";
            lock (_series)
            {
                _series.Add(series);
            }
        }
    }
}
