using LlmGuard.Benchmarks.Bodies;
using LlmGuard.Benchmarks.Ordinary;
using LlmGuard.Benchmarks.Policies;
using LlmGuard.Benchmarks.Ratios;

namespace LlmGuard.Benchmarks.Cases;

/// <summary>All four local plugins together, from the bytes of a request to its verdict; then each alone, to see where the time goes.</summary>
internal static class WholePolicyCases
{
    private static readonly string[] Plugins = ["data_masking", "injection_protection", "code_sanitation", "prompt_moderation"];

    public static IEnumerable<Comparison> All() => new[] { 2 * 1024, 64 * 1024 }.SelectMany(static size => new[]
    {
        Of("whole-policy", size, Plugins, ChatBodies.Conversations),
        Of("whole-policy, typeset", size, Plugins, ChatBodies.Typeset),
        Of("whole-policy, accents", size, Plugins, ChatBodies.Clean),
        Of("whole-policy, Russian", size, Plugins, ChatBodies.Russian),
        Of("whole-policy, Japanese", size, Plugins, ChatBodies.Japanese),
        Of("whole-policy, code", size, Plugins, ChatBodies.Programs),
        Of("whole-policy, JSON", size, Plugins, ChatBodies.Documents),
        Of("whole-policy, reading alone", size, [], ChatBodies.Conversations),
    }.Concat(Plugins.Select(plugin => Of($"whole-policy, {plugin} alone", size, [plugin], ChatBodies.Conversations))).Concat(Collected(size)));

    // What people really ask and are told.
    private static IEnumerable<Comparison> Collected(int size) => !CollectedChats.AreThere ? [] :
        [
            Of("whole-policy, collected chats", size, Plugins, CollectedChats.Of),
            .. Plugins.Select(plugin => Of($"whole-policy, collected chats, {plugin} alone", size, [plugin], CollectedChats.Of)),
        ];

    private static Comparison Of(string name, int size, string[] plugins, Func<int, IReadOnlyList<byte[]>> of) =>
        new($"{name}, {Suite.Show(size)}", async () =>
    {
        var engine = new Engine(BenchmarkPolicies.Local(plugins, ModerationCases.Keywords));
        var bodies = await CleanAsync(of(size));
        var (ours, ordinary) = (new Rotation<byte[]>(bodies), new Rotation<byte[]>(bodies));
        return new Pair(
            Side.Of("read, evaluate", async () =>
            {
                if (!await IsCleanAsync(engine, ours.Next()))
                {
                    throw new InvalidOperationException("Something was found.");
                }
            }),
            Side.Of("JsonNode, expressions and Contains", () => { WholePolicy.Count(ordinary.Next(), ModerationCases.Keywords); }),
            engine);
    });

    // Words put together at random sometimes say something; both sides are measured where nothing is found.
    private static async Task<IReadOnlyList<byte[]>> CleanAsync(IReadOnlyList<byte[]> bodies)
    {
        await using var engine = new Engine(BenchmarkPolicies.Local(Plugins, ModerationCases.Keywords));
        var clean = new List<byte[]>();
        foreach (var body in bodies)
        {
            if (await IsCleanAsync(engine, body))
            {
                clean.Add(body);
            }
        }

        return clean.Count > 3 ? clean : throw new InvalidOperationException("Something is found in nearly every body.");
    }

    private static async ValueTask<bool> IsCleanAsync(Engine engine, byte[] body)
    {
        using var memory = new ContentMemory();
        var decision = await engine.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, ChatText.Read(body, memory).Content);
        return decision.IsAllowed && decision.Edits.Count == 0;
    }
}
