using LlmGuard.Benchmarks.Loopback;
using LlmGuard.Benchmarks.Policies;
using LlmGuard.Benchmarks.Ratios;

namespace LlmGuard.Benchmarks.Cases;

/// <summary>
/// The forwarder of the example over Kestrel, with and without <c>UseAiGuardrails</c>. Load and upstream run in a process of their own, so the CPU
/// time is the forwarder's alone; the wall time is at eight connections, so its inverse is the throughput.
/// </summary>
internal static class ForwarderCases
{
    public static IEnumerable<Comparison> All()
    {
        foreach (var size in new[] { 2 * 1024, 64 * 1024 })
        {
            yield return Of(size, BenchmarkPolicies.Empty, "empty policy", isDirty: false);
            yield return Of(size, BenchmarkPolicies.Nothing(1, NothingPlugin.Name), "1 plugin that does nothing", isDirty: false);
            yield return Of(size, BenchmarkPolicies.Example, "example policy, nothing found", isDirty: false);
            yield return Of(size, BenchmarkPolicies.Example, "example policy, every message masked", isDirty: true);
        }

        yield return Of(2 * 1024, BenchmarkPolicies.MaskAnswers, "stream of 2,000 events, data_masking", isDirty: false, events: 2000);
    }

    private static Comparison Of(int size, string policy, string what, bool isDirty, int events = 0) =>
        new($"Kestrel forwarder, {Suite.Show(size)}, {what}", async () =>
    {
        var peer = await PeerProcess.StartAsync();
        var guarded = await ForwarderApp.StartAsync(peer.Upstream, policy);
        var plain = await ForwarderApp.StartAsync(peer.Upstream, null);
        return new Pair(
            new Side("with UseAiGuardrails", n => peer.LoadAsync(new LoadRequest(guarded.Port, size, isDirty, n, events))),
            new Side("without", n => peer.LoadAsync(new LoadRequest(plain.Port, size, isDirty, n, events))),
            guarded,
            plain,
            peer);
    });
}
