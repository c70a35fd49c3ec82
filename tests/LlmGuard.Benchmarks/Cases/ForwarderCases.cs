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
    }

    private static Comparison Of(int size, string policy, string what, bool isDirty) => new($"Kestrel forwarder, {Suite.Show(size)}, {what}", async () =>
    {
        var peer = await PeerProcess.StartAsync();
        var guarded = await ForwarderApp.StartAsync(peer.Upstream, policy);
        var plain = await ForwarderApp.StartAsync(peer.Upstream, null);
        return new Pair(
            new Side("with UseAiGuardrails", n => peer.LoadAsync(new LoadRequest(guarded.Port, size, isDirty, n))),
            new Side("without", n => peer.LoadAsync(new LoadRequest(plain.Port, size, isDirty, n))),
            guarded,
            plain,
            peer);
    });
}
