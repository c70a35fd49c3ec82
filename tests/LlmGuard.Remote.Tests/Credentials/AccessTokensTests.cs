using LlmGuard.Remote.Credentials;
using LlmGuard.Tests;

namespace LlmGuard.Remote.Tests.Credentials;

public sealed class AccessTokensTests
{
    private readonly ManualTime _time = new();

    [Test]
    public async Task Get_ManyCallersAtOnce_AcquiresOnce()
    {
        var source = new TokenSource(_time);
        var tokens = new AccessTokens(source.AcquireAsync, _time);

        var pending = Enumerable.Range(0, 100).Select(_ => tokens.GetAsync(CancellationToken.None).AsTask()).ToArray();
        source.Hand(TimeSpan.FromHours(1));
        var all = await Task.WhenAll(pending);

        Assert.That(all.Select(t => t.Value).Distinct(), Is.EqualTo(new[] { "token-1" }));
        Assert.That(source.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task Get_LongBeforeExpiry_UsesTheSame()
    {
        var source = new TokenSource(_time);
        var tokens = new AccessTokens(source.AcquireAsync, _time);
        source.Hand(TimeSpan.FromHours(1));
        await tokens.GetAsync(CancellationToken.None);

        _time.Advance(TimeSpan.FromMinutes(54));

        Assert.That((await tokens.GetAsync(CancellationToken.None)).Value, Is.EqualTo("token-1"));
        Assert.That(source.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task Get_ShortlyBeforeExpiry_RefreshesBesideTheCall()
    {
        var source = new TokenSource(_time);
        var tokens = new AccessTokens(source.AcquireAsync, _time);
        source.Hand(TimeSpan.FromHours(1));
        await tokens.GetAsync(CancellationToken.None);
        _time.Advance(TimeSpan.FromMinutes(56));

        var meanwhile = await tokens.GetAsync(CancellationToken.None);
        await source.AskedAsync(2);
        source.Hand(TimeSpan.FromHours(1));
        _time.Advance(TimeSpan.FromMinutes(4));
        var after = await tokens.GetAsync(CancellationToken.None);

        Assert.That(meanwhile.Value, Is.EqualTo("token-1"), "nobody waits for a refresh");
        Assert.That(after.Value, Is.EqualTo("token-2"));
    }

    [Test]
    public async Task Get_AfterAFailure_TriesAgain()
    {
        var source = new TokenSource(_time);
        var tokens = new AccessTokens(source.AcquireAsync, _time);
        source.Fail();
        Assert.That(async () => await tokens.GetAsync(CancellationToken.None), Throws.InstanceOf<IOException>());

        source.Hand(TimeSpan.FromHours(1));

        Assert.That((await tokens.GetAsync(CancellationToken.None)).Value, Is.EqualTo("token-1"));
    }

    [Test]
    public async Task Get_ImpatientCaller_LeavesTheAcquisitionToTheOthers()
    {
        var source = new TokenSource(_time);
        var tokens = new AccessTokens(source.AcquireAsync, _time);
        using var impatience = new CancellationTokenSource();
        var impatient = tokens.GetAsync(impatience.Token).AsTask();
        var patient = tokens.GetAsync(CancellationToken.None).AsTask();

        await impatience.CancelAsync();
        Assert.That(async () => await impatient, Throws.InstanceOf<OperationCanceledException>());
        source.Hand(TimeSpan.FromHours(1));

        Assert.That((await patient).Value, Is.EqualTo("token-1"));
        Assert.That(source.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task Reject_TheCurrentToken_AcquiresAnother()
    {
        var source = new TokenSource(_time);
        var tokens = new AccessTokens(source.AcquireAsync, _time);
        source.Hand(TimeSpan.FromHours(1));
        var first = await tokens.GetAsync(CancellationToken.None);
        source.Hand(TimeSpan.FromHours(1));

        tokens.Reject(first.Value);
        var second = await tokens.GetAsync(CancellationToken.None);
        tokens.Reject(first.Value);
        var third = await tokens.GetAsync(CancellationToken.None);

        Assert.That(second.Value, Is.EqualTo("token-2"));
        Assert.That(third.Value, Is.EqualTo("token-2"), "one that was refused before does not count against its successor");
    }

    private sealed class TokenSource(TimeProvider time)
    {
        private readonly System.Threading.Channels.Channel<TimeSpan?> _results = System.Threading.Channels.Channel.CreateUnbounded<TimeSpan?>();
        private readonly SemaphoreSlim _asked = new(0);
        private int _count;
        private int _handed;

        public int Count => Volatile.Read(ref _count);

        public void Hand(TimeSpan life) => _results.Writer.TryWrite(life);

        public void Fail() => _results.Writer.TryWrite(null);

        public async Task AskedAsync(int times)
        {
            while (Count < times)
            {
                await _asked.WaitAsync();
            }
        }

        public async Task<AccessToken> AcquireAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _count);
            _asked.Release();
            var life = await _results.Reader.ReadAsync(cancellationToken) ?? throw new IOException("no token today");
            return new AccessToken($"token-{Interlocked.Increment(ref _handed)}", time.GetUtcNow() + life);
        }
    }
}
