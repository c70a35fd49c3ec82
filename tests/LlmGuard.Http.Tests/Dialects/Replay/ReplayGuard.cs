using System.Net;
using System.Text;
using LlmGuard.Http.Tests.Client;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Http.Tests.Dialects.Replay;

/// <summary>A guarded client whose upstream answers what was recorded, and whose one entry masks one word at a time.</summary>
internal sealed class ReplayGuard : IAsyncDisposable
{
    public const string Mask = "zzmaskzz";

    private readonly ServiceProvider _services;
    private readonly HttpClient _client;
    private readonly RecordingUpstream _upstream;
    private readonly Masker _masker = new();
    private Recording? _current;

    public ReplayGuard()
    {
        _upstream = new RecordingUpstream(_ => Answer(_current!));
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IGuardrailPlugin>(_masker);
        services.AddAiGuardrails(o => o.PolicyJson =
            """{ "gateway": { "name": "G", "required_plugins": [ { "name": "replay", "stage": ["pre_request", "pre_response"] } ] } }""");
        services.AddHttpClient("llm").AddAiGuardrails().ConfigurePrimaryHttpMessageHandler(() => _upstream);
        _services = services.BuildServiceProvider();
        _client = _services.GetRequiredService<IHttpClientFactory>().CreateClient("llm");
        _client.BaseAddress = new Uri("https://api.example.com");
    }

    /// <summary>Sends a recorded request.</summary>
    /// <param name="recording">The exchange.</param>
    /// <param name="word">The word to mask in both directions, or null.</param>
    /// <returns>The request as it reached the upstream, or null when it did not; the status and the answer as the caller got it.</returns>
    public async Task<(byte[]? Sent, int Status, byte[] Received)> SendAsync(Recording recording, string? word)
    {
        _current = recording;
        _masker.Word = word;
        _upstream.Requests.Clear();
        using var request = new HttpRequestMessage(recording.Request is null ? HttpMethod.Get : HttpMethod.Post, recording.Path);
        if (recording.Request is { } body)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var response = await _client.SendAsync(request);
        var received = await response.Content.ReadAsByteArrayAsync();
        return (_upstream.Requests.Count == 0 ? null : Encoding.UTF8.GetBytes(_upstream.Requests[0].Body), (int)response.StatusCode, received);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _services.DisposeAsync();
    }

    private static HttpResponseMessage Answer(Recording recording)
    {
        var content = new ByteArrayContent(recording.Response);
        content.Headers.TryAddWithoutValidation("Content-Type", recording.ContentType);
        return new HttpResponseMessage((HttpStatusCode)recording.Status) { Content = content };
    }

    private sealed class Masker : IGuardrailPlugin, IGuardrailEvaluator
    {
        public string? Word { get; set; }

        public GuardrailPluginMetadata Metadata { get; } = new("replay")
        {
            Stages = [GuardrailStage.PreRequest, GuardrailStage.PreResponse],
            Needs = GuardrailNeeds.Content,
            Rewrites = true,
            RunsInline = true,
        };

        public IGuardrailEvaluator Create(GuardrailSettings settings) => this;

        public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken)
        {
            var edits = new List<SegmentEdit>();
            foreach (var segment in call.Content)
            {
                var from = 0;
                for (var at = Next(segment, from); at >= 0; at = Next(segment, from))
                {
                    edits.Add(new SegmentEdit(segment.Index, segment.ToUtf8(at, Word!.Length), Replacement.Literal(Mask)));
                    from = at + Word.Length;
                }
            }

            return ValueTask.FromResult(edits.Count == 0 ? GuardrailVerdict.Allow : GuardrailVerdict.Modify(edits));
        }

        private int Next(Segment segment, int from) =>
            Word is null || segment.Editability != Editability.Span ? -1 : segment.Text.IndexOf(Word, from, StringComparison.Ordinal);
    }
}
