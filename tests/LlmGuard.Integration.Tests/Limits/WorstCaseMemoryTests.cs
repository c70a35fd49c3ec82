using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Integration.Tests.Limits;

/// <summary>
/// What a call guarded by all local guardrails takes in memory for bodies made to cost much: every byte that the calling thread allocates from the
/// first to the last, and the most of the buffers of pools that it holds at one time: the body, its texts and its segments live in those. Counted, so
/// the load of the machine does not matter.
/// </summary>
public sealed class WorstCaseMemoryTests
{
    // The promise: three times the decoded body, 64 bytes for every segment, and a constant.
    private const int PerByte = 3;
    private const int PerSegment = 64;
    private const int Constant = 128 * 1024;

    // What is not covered by it: a finding, its edit, and what the edit becomes.
    private const int PerFinding = 576;

    // What every call leaves behind, whatever its size: measured 8 KB optimised and 11.5 KB as debugged, with five entries and a transport, and some
    // to spare.
    private const int PerCleanCall = 13 * 1024;

    private const string Policy = """
        { "gateway": { "required_plugins": [
          { "name": "request_size_limiter", "settings": { "allowed_payload_size": 16 } },
          { "name": "data_masking", "settings": { "apply_all": true } },
          { "name": "injection_protection", "settings": { "predefined_injections": [{ "type": "sql" }, { "type": "xss" }, { "type": "command" }, { "type": "prompt_injection" }] } },
          { "name": "code_sanitation", "settings": { "action": "block" } },
          { "name": "prompt_moderation", "settings": { "keywords": ["zorvik"], "actions": { "type": "block" } } }
        ] } }
        """;

    private static readonly (string Name, Func<int, (string Body, int Segments)> Make)[] Shapes =
    [
        ("tiny segments", n => (Chat(string.Join(',', Enumerable.Range(0, n / 8).Select(_ => "{\"type\":\"text\",\"text\":\"a\"}"))), n / 8)),
        ("one huge text", n => (Chat("{\"type\":\"text\",\"text\":\"" + Prose(n) + "\"}"), 2)),
        ("all escapes", n => (Chat("{\"type\":\"text\",\"text\":\"" + string.Concat(Enumerable.Repeat("\\u0061\\n", n / 8)) + "\"}"), 2)),
        ("deep nesting", n => ("{\"model\":\"m\",\"messages\":[],\"x\":["
            + string.Join(',', Enumerable.Range(0, n / 128).Select(_ => new string('[', 50) + "1" + new string(']', 50))) + "]}", n / 128)),
        ("many findings",
            n => (Chat("{\"type\":\"text\",\"text\":\""
            + string.Concat(Enumerable.Range(0, n / 64).Select(i => $"write to someone{i}@mail.example.com about the rest ".PadRight(64))) + "\"}"),
            2)),
        ("accents", n => (Chat("{\"type\":\"text\",\"text\":\"" + string.Concat(Enumerable.Repeat("d\u00e9j\u00e0 v\u00fb \u00e9t\u00e9 ", n / 19))
            + "\"}"), 2)),
        ("huge keys", n => ("{\"model\":\"m\",\"messages\":[],\"x\":{"
            + string.Join(',', Enumerable.Range(0, n / 4096).Select(i => "\"" + Prose(4000) + i + "\":1")) + "}}", n / 2048)),
    ];

    // The shape that takes more than is promised, and by what.
    private static readonly Dictionary<string, Func<string, int>> Beyond = new()
    {
        ["many findings"] = static body => PerFinding * Findings(body),
    };

    private static IEnumerable<string> Names => Shapes.Select(s => s.Name);

    [TestCaseSource(nameof(Names))]
    public void Send_HostileBody_AllocatesInProportion(string shape)
    {
        var make = Shapes.Single(s => s.Name == shape).Make;
        using var services = Services();
        var (small, large) = (make(16 << 10), make(256 << 10));

        var ofSmall = Allocated(services, Encoding.UTF8.GetBytes(small.Body));
        var ofLarge = Allocated(services, Encoding.UTF8.GetBytes(large.Body));

        Assert.Multiple(() =>
        {
            Assert.That((ofSmall.Status, ofLarge.Status), Is.EqualTo((200, 200)), "all of it was judged and passed");
            Assert.That((double)ofLarge.Bytes / ofSmall.Bytes, Is.LessThanOrEqualTo(18), "sixteen times the body");
        });
    }

    // What was allocated in all and what was lent at once: never less than what both came to at one time.
    [TestCaseSource(nameof(Names))]
    public void Send_HostileBody_PeaksWithinItsBound(string shape)
    {
        using var services = Services();
        var (body, segments) = Shapes.Single(s => s.Name == shape).Make(256 << 10);
        var bytes = Encoding.UTF8.GetBytes(body);
        Send(services, Encoding.UTF8.GetBytes(Chat("")));

        var pooled = PooledBytes.Of(() => Send(services, bytes));
        var allocated = Allocated(services, bytes);

        var promised = (PerByte * bytes.Length) + (PerSegment * segments) + Constant;
        var beyond = Beyond.TryGetValue(shape, out var of) ? of(body) : 0;
        Assert.Multiple(() =>
        {
            Assert.That(pooled.Peak, Is.GreaterThanOrEqualTo(bytes.Length), "the body at least is lent");
            Assert.That(pooled.Peak + allocated.Bytes, Is.LessThanOrEqualTo(promised + beyond));
        });
    }

    [TestCase(2 << 10)]
    [TestCase(64 << 10)]
    public void Send_NothingFound_AllocatesTheSameForAnySize(int size)
    {
        using var services = Services();
        var body = Encoding.UTF8.GetBytes(Chat("{\"type\":\"text\",\"text\":\"" + Prose(size / 2)
            + "\\n\\\"\"},{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://example.com/a.png\"}}")
            .Replace("]}]}", "]},{\"role\":\"user\",\"content\":\"" + Prose(size / 2) + "\"}]}", StringComparison.Ordinal));

        var allocated = Allocated(services, body);

        Assert.That(allocated.Status, Is.EqualTo(200));
        Assert.That(allocated.Bytes, Is.LessThan(PerCleanCall));
    }

    private static (long Bytes, int Status) Allocated(IServiceProvider services, byte[] body)
    {
        var (least, status) = (long.MaxValue, 0);
        for (var i = 0; i < 5; i++)
        {
            (var allocated, status) = Send(services, body);
            least = Math.Min(least, allocated);
        }

        return (least, status);
    }

    private static (long Allocated, int Status) Send(IServiceProvider services, byte[] body)
    {
        var client = services.GetRequiredService<IHttpClientFactory>().CreateClient("llm");
        using var request =
            new HttpRequestMessage(HttpMethod.Post, "http://model.example/v1/chat/completions") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var response = client.Send(request);
        return (GC.GetAllocatedBytesForCurrentThread() - before, (int)response.StatusCode);
    }

    private static int Findings(string body) => body.Split('@').Length - 1;

    private static string Chat(string parts) => "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[" + parts + "]}]}";

    private static string Prose(int length) => string.Concat(Enumerable.Repeat("plain words of no interest and ", (length / 31) + 1))[..length];

    private static ServiceProvider Services()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddAiGuardrails(options => options.PolicyJson = Policy)
            .AddDataMasking().AddInjectionProtection().AddCodeSanitation().AddPromptModeration().AddRequestSizeLimiter();
        services.AddHttpClient("llm").RemoveAllLoggers().ConfigurePrimaryHttpMessageHandler(static () => new Upstream()).AddAiGuardrails();
        return services.BuildServiceProvider();
    }

    private sealed class Upstream : HttpMessageHandler
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Content!.CopyTo(Stream.Null, null, cancellationToken);
            return new HttpResponseMessage { Content = new ByteArrayContent([]) };
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(Send(request, cancellationToken));
    }
}
