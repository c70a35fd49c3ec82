using System.Net;
using System.Text;
using LlmGuard.Remote;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;

namespace LlmGuard.Tests.JudgeWalks;

/// <summary>
/// What an entry of a remote judge does, as text: every request that leaves, byte by byte, and every verdict, for the same calls before the same
/// service. Also what shows only over time or under load: attempts, remembered verdicts, requests at once.
/// </summary>
/// <param name="plugin">The judge's plugin.</param>
/// <param name="add">Adds it.</param>
/// <param name="answer">The service: an answer to a request's address and body.</param>
/// <param name="calls">The calls.</param>
internal sealed class JudgeBehaviour(
    string plugin,
    Action<IAiGuardrailsBuilder> add,
    Func<Uri, string, (int Status, string Json)> answer,
    IReadOnlyList<Func<GuardrailCall>> calls)
{
    /// <summary>A text to which no service has anything to object.</summary>
    private const string Clean = "number";

    /// <summary>A text at which the service is out of order.</summary>
    private const string Outage = "out of order";

    // As long as a multiple of three, so that what follows it reads the same in base64 wherever it stands.
    private static readonly byte[] Picture = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0];

    private static readonly string OutageInImage = Convert.ToBase64String(Encoding.UTF8.GetBytes(Outage));

    /// <summary>What the settings that all judges have are tried with.</summary>
    public static IReadOnlyDictionary<string, string[]> CommonValues { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["endpoint"] = ["\"https://other.example/a/\"", "\"https://third.example\""],
        ["retries"] = ["0", "2"],
        ["max_concurrency"] = ["1", "2"],
        ["lifetime"] = ["\"1s\"", "\"1m\""],
        ["max_entries"] = ["16", "64"],
    };

    /// <summary>The plugin, to ask what it reads.</summary>
    public IGuardrailPlugin Plugin => Start().Plugin;

    /// <summary>What an entry does; null when its settings are refused.</summary>
    public string? Of(string document)
    {
        var run = Start();
        using var services = run.Services;
        var settings = GuardrailSettings.Parse(document);
        var evaluator = run.Plugin.Create(settings);
        settings.ReportUnread();
        if (settings.Problems.Count > 0)
        {
            return null;
        }

        foreach (var make in calls)
        {
            run.Ask(evaluator, make());
        }

        run.Ask(evaluator, ImageCall(Outage));
        run.AskAgain(evaluator);
        run.AskAtOnce(evaluator);
        if (run.Fault is { } fault)
        {
            throw new InvalidOperationException("The service of the test does not understand what it is asked.", fault);
        }

        return run.Seen.ToString();
    }

    /// <summary>A call with one text of a user.</summary>
    public static GuardrailCall TextCall(string text, GuardrailStage stage = GuardrailStage.PreRequest) =>
        Call(GuardrailContent.FromText(text, stage >= GuardrailStage.PreResponse ? SegmentRole.Assistant : SegmentRole.User), stage);

    /// <summary>A call with everything that a judge may be told of it.</summary>
    public static GuardrailCall Call(GuardrailContent content, GuardrailStage stage = GuardrailStage.PreRequest, GuardrailContent? request = null) =>
        new(stage, content)
        {
            Timeout = TimeSpan.FromSeconds(20),
            Caller = new GuardrailCaller("alice", "premium"),
            RemoteAddress = IPAddress.Parse("192.0.2.7"),
            Model = "gpt-4o",
            Dialect = "openai.chat_completions",
            RequestContent = request,
            Headers = new Headers(),
        };

    /// <summary>A call with a text of a user and an image in which the same is written.</summary>
    public static GuardrailCall ImageCall(string text)
    {
        var builder = new GuardrailContentBuilder();
        var message = new SegmentInfo { Role = SegmentRole.User, Kind = SegmentKind.Message };
        builder.AddText(text, message);
        builder.AddBinary(UninspectedKind.Image, (byte[])[.. Picture, .. Encoding.UTF8.GetBytes(text)], "image/png", null, message);
        return Call(builder.Build());
    }

    /// <summary>What is written in such an image; nothing for none.</summary>
    public static string WordsOf(string? base64) => base64 is null ? ""
        : Encoding.UTF8.GetString(Convert.FromBase64String(base64).AsSpan(Picture.Length));

    private Run Start()
    {
        var run = new Run(answer);
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(run.Time);
        add(services.AddAiGuardrails());
        foreach (var isPrivate in (bool[])[false, true])
        {
            services.Configure<HttpClientFactoryOptions>(
                JudgeRuntime.ClientName(plugin, isPrivate),
                options => options.HttpMessageHandlerBuilderActions.Add(builder => builder.PrimaryHandler = new Service(run, isPrivate)));
        }

        run.Services = services.BuildServiceProvider();
        return run;
    }

    private sealed class Run(Func<Uri, string, (int Status, string Json)> answer)
    {
        private TaskCompletionSource? _held;
        private int _requests;

        public StringBuilder Seen { get; } = new();

        public Exception? Fault { get; private set; }

        public QuickTime Time { get; } = new();

        public ServiceProvider Services { get; set; } = null!;

        public IGuardrailPlugin Plugin => Services.GetServices<IGuardrailPlugin>().Single();

        public void Ask(IGuardrailEvaluator evaluator, GuardrailCall call)
        {
            var verdict = evaluator.EvaluateAsync(call, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            Seen.Append(verdict.Outcome).Append(' ').Append(verdict.Failure?.Class).Append(' ').Append(verdict.Failure?.Reason).Append(' ')
                .AppendJoin(',', verdict.Findings.Select(static f => $"{f.Rule} {f.Type} {f.Segment} {f.Span} {f.Severity}")).Append(' ')
                .AppendJoin(',', verdict.Edits.Select(static e => $"{e.Segment} {e.Span} {e.Replacement.Value}")).Append(' ')
                .Append(verdict.Refusal?.StatusCode).Append(' ').Append(verdict.Refusal?.Message).Append(' ').Append(verdict.Refusal?.Reason)
                    .Append('\n');
        }

        /// <summary>The same questions again: at once, after many others, and after a while.</summary>
        public void AskAgain(IGuardrailEvaluator evaluator)
        {
            foreach (var number in (int[])[0, 0, .. Enumerable.Range(1, 20), 0])
            {
                Ask(evaluator, ImageCall($"{Clean} {number}"));
            }

            Time.Pass(TimeSpan.FromSeconds(30));
            Ask(evaluator, ImageCall($"{Clean} 20"));
        }

        /// <summary>How many requests are on their way when many are to be.</summary>
        public void AskAtOnce(IGuardrailEvaluator evaluator)
        {
            _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _requests = 0;
            Task[] tasks =
                [.. Enumerable.Range(100, 3).Select(n => evaluator.EvaluateAsync(ImageCall($"{Clean} {n}"), CancellationToken.None).AsTask())];
            Seen.Append(_requests).Append(" at once\n");
            var length = Seen.Length;
            _held.SetResult();
            Task.WaitAll(tasks);

            // In which order they came then is chance.
            Seen.Length = length;
        }

        public async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, bool isPrivate)
        {
            var body = request.Content is null ? "" : Encoding.UTF8.GetString(request.Content.ReadAsStream().ToBytes());
            lock (Seen)
            {
                _requests++;
                Seen.Append(isPrivate ? "private " : "").Append(request.Method).Append(' ').Append(request.RequestUri!.AbsoluteUri).Append('\n');
                foreach (var header in request.Headers.OrderBy(static h => h.Key, StringComparer.Ordinal))
                {
                    Seen.Append(header.Key).Append(": ").AppendJoin(',', header.Value).Append('\n');
                }

                Seen.Append(body).Append('\n');
            }

            if (_held is { } held)
            {
                await held.Task;
            }

            try
            {
                var (status, json) = Uri.UnescapeDataString(request.RequestUri.Query).Contains(Outage, StringComparison.Ordinal)
                    || body.Contains(Outage, StringComparison.Ordinal) || body.Contains(OutageInImage, StringComparison.Ordinal) ? (503, "{}")
                    : answer(request.RequestUri, body);
                return new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
            }
            catch (Exception fault)
            {
                Fault = fault;
                throw;
            }
        }
    }

    private sealed class Service(Run run, bool isPrivate) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            run.AnswerAsync(request, isPrivate);
    }

    /// <summary>A clock that stands still; short timers go off at once, so that nobody waits before the next attempt, and others never.</summary>
    private sealed class QuickTime : TimeProvider
    {
        private static readonly TimeSpan Short = TimeSpan.FromSeconds(5);

        private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Pass(TimeSpan time) => _now += time;

        public override DateTimeOffset GetUtcNow() => _now;

        public override long GetTimestamp() => _now.UtcTicks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new Timer(callback, state, dueTime);

        private sealed class Timer : ITimer
        {
            private readonly TimerCallback _callback;
            private readonly object? _state;

            public Timer(TimerCallback callback, object? state, TimeSpan dueTime)
            {
                (_callback, _state) = (callback, state);
                Change(dueTime, Timeout.InfiniteTimeSpan);
            }

            public bool Change(TimeSpan dueTime, TimeSpan period) =>
                dueTime < TimeSpan.Zero || dueTime >= Short || ThreadPool.QueueUserWorkItem(_ => _callback(_state));

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => default;
        }
    }

    private sealed class Headers : IRequestHeaders
    {
        public string? CredentialHash => null;

        public string? Find(string name) => name switch
        {
            "X-Tenant" => "acme",
            "X-Session" => "s-1",
            _ => null,
        };
    }
}

/// <summary>Reads streams.</summary>
file static class Streams
{
    public static byte[] ToBytes(this Stream stream)
    {
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
