using LlmGuard.Judges.Tests.Matrix;

namespace LlmGuard.Judges.Tests.Endurance;

/// <summary>Many evaluations at once.</summary>
public sealed class LoadTests
{
    private const int Evaluations = 1000;

    private static readonly TimeSpan Sampling = TimeSpan.FromMilliseconds(10);

    public static IEnumerable<string> Judges => AllJudges.Descriptors.Select(j => j.Plugin);

    [TestCaseSource(nameof(Judges))]
    [NonParallelizable]
    public async Task Judge_AThousandEvaluationsAtOnce_AllReachAVerdictOnFewConnectionsAndFewThreads(string plugin)
    {
        const int concurrency = 64;
        var timeout = TimeSpan.FromMinutes(4);
        var judge = AllJudges.Descriptors.Single(j => j.Plugin == plugin);
        await using var fake = judge.Fake();
        await fake.StartAsync();
        fake.Latency = TimeSpan.FromMilliseconds(50);
        await using var application = new JudgedApplication(judge, fake.Address, timeout: timeout, settings: s => s["max_concurrency"] = concurrency);
        await application.JudgeAsync(judge.Clean);
        var threads = ThreadPool.ThreadCount;
        var started = TimeProvider.System.GetTimestamp();

        var all =
            Task.WhenAll(Enumerable.Range(0, Evaluations).Select(i => application.JudgeAsync(i % 10 == 0 ? judge.Flagged : judge.Clean).AsTask()));
        var mostThreads = threads;
        while (!all.IsCompleted)
        {
            // A starved pool would not come back from this in time.
            await Task.Delay(Sampling, TimeProvider.System, CancellationToken.None);
            mostThreads = Math.Max(mostThreads, ThreadPool.ThreadCount);
        }

        var decisions = await all;
        var elapsed = TimeProvider.System.GetElapsedTime(started);
        TestContext.Out.WriteLine(
            $"{elapsed.TotalMilliseconds:F0} ms, {fake.Connections} connections, {fake.MostConcurrent} at once, {threads} to {mostThreads} threads");
        Assert.That(decisions.Count(d => d.Action == GuardrailAction.Block), Is.EqualTo(Evaluations / 10));
        Assert.That(decisions.SelectMany(d => d.Results).Select(r => r.Failure), Has.All.Null);
        Assert.That(fake.MostConcurrent, Is.LessThanOrEqualTo(concurrency));
        Assert.That(fake.Connections, Is.LessThanOrEqualTo(concurrency + 1));
        Assert.That(mostThreads, Is.LessThan(threads + (concurrency / 2)), "waiting for a judge holds no thread");
    }
}
