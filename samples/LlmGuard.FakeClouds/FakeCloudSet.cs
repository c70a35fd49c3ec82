using LlmGuard.FakeClouds.Bedrock;
using LlmGuard.FakeClouds.Azure;
using LlmGuard.FakeClouds.External;
using LlmGuard.FakeClouds.Hosting;
using LlmGuard.FakeClouds.NeuralTrust;
using LlmGuard.FakeClouds.Noma;
using LlmGuard.FakeClouds.OpenAI;

namespace LlmGuard.FakeClouds;

/// <summary>All fakes, running; for the gateway's <c>--fake-clouds</c>.</summary>
internal sealed class FakeCloudSet : IAsyncDisposable
{
    private static readonly Func<FakeCloud>[] Known =
    [
        static () => new FakeBedrockRuntime(),
        static () => new FakeAzureContentSafety(),
        static () => new FakeNeuralTrust(),
        static () => new FakeNoma(),
        static () => new FakeOpenAIModerations(),
        static () => new FakeExternalApi(),
    ];

    private readonly List<FakeCloud> _running = [];

    private FakeCloudSet()
    {
    }

    /// <summary>The fakes, by the plugin that asks each.</summary>
    public IReadOnlyDictionary<string, FakeCloud> ByPlugin => _running.ToDictionary(f => f.Name, StringComparer.Ordinal);

    /// <summary>Starts every fake there is.</summary>
    public static async Task<FakeCloudSet> StartAllAsync()
    {
        var set = new FakeCloudSet();
        try
        {
            foreach (var make in Known)
            {
                var fake = make();
                set._running.Add(fake);
                await fake.StartAsync();
            }

            return set;
        }
        catch
        {
            await set.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var fake in _running)
        {
            await fake.DisposeAsync();
        }
    }
}
