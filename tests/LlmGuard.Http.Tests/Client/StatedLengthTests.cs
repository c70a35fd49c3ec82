using System.Net;
using System.Text;

namespace LlmGuard.Http.Tests.Client;

/// <summary>Bodies that are larger than the policy allows by the length they state: they are taken at their word, and none of them is read.</summary>
internal sealed class StatedLengthTests
{
    private const int Length = 5000;
    private const string Limits = """ "limits": { "max_body_bytes": 4096 }, """;

    [Test]
    public async Task Request_OverTheLimit_IsRefusedUnread()
    {
        await using var guarded = new GuardedClient("""{ "name": "word" }""", static _ => RecordingUpstream.Json("{}"), gateway: Limits);
        using var content = new OnceContent();

        using var response = await guarded.Client.PostAsync("/any", content);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        Assert.That(content.IsRead, Is.False);
        Assert.That(guarded.Upstream.Requests, Is.Empty);
    }

    [Test]
    public async Task Request_OverTheLimitAndOnlyMonitored_IsSentThoughItCanBeReadOnlyOnce()
    {
        await using var guarded =
            new GuardedClient("""{ "name": "word", "mode": "monitor" }""", static _ => RecordingUpstream.Json("{}"), gateway: Limits);
        using var content = new OnceContent();

        using var response = await guarded.Client.PostAsync("/any", content);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(guarded.Upstream.Requests.Single().Body, Is.EqualTo(new string('a', Length)));
    }

    [TestCase("enforce", HttpStatusCode.BadGateway, false)]
    [TestCase("monitor", HttpStatusCode.OK, true)]
    public async Task Answer_OverTheLimit_IsRefusedUnreadOrHandedOnWhole(string mode, HttpStatusCode status, bool isRead)
    {
        using var content = new OnceContent();
        await using var guarded = new GuardedClient(
            $$"""{ "name": "word", "stage": "pre_response", "mode": "{{mode}}" }""",
            _ => new HttpResponseMessage { Content = content },
            gateway: Limits);

        using var response = await guarded.Client.GetAsync("/any");
        var body = await response.Content.ReadAsStringAsync();

        Assert.That((response.StatusCode, content.IsRead), Is.EqualTo((status, isRead)));
        Assert.That(body == new string('a', Length), Is.EqualTo(isRead));
    }

    /// <summary>A body of known length that can be read once.</summary>
    private sealed class OnceContent : HttpContent
    {
        private readonly KeptStream _bytes = new(Encoding.ASCII.GetBytes(new string('a', Length)));

        public bool IsRead => _bytes.IsRead;

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => Once().CopyToAsync(stream);

        protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(Once());

        private KeptStream Once()
        {
            Assert.That(IsRead, Is.False, "It is read twice.");
            return _bytes;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = Length;
            return true;
        }
    }

    /// <summary>Says whether it was read also when it is disposed.</summary>
    private sealed class KeptStream(byte[] bytes) : MemoryStream(bytes)
    {
        private bool _wasRead;

        public bool IsRead => CanRead ? Position > 0 : _wasRead;

        protected override void Dispose(bool disposing)
        {
            _wasRead = IsRead;
            base.Dispose(disposing);
        }
    }
}
