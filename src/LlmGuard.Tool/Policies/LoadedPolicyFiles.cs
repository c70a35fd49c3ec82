using LlmGuard.Policy;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LlmGuard.Tool.Policies;

/// <summary>Policy files loaded into the product's own engine.</summary>
internal sealed class LoadedPolicyFiles : IAsyncDisposable
{
    // Long enough for a key, and valid as hexadecimal, base64 and plain text.
    private const string StandIn = "0000000000000000000000000000000000000000000000000000000000000000";

    private readonly ServiceProvider _services;
    private readonly SecretSource _secrets;
    private readonly PolicyRemarks _remarks;

    private LoadedPolicyFiles(ServiceProvider services, SecretSource secrets, PolicyRemarks remarks)
    {
        _services = services;
        _secrets = secrets;
        _remarks = remarks;
    }

    public IAiGuardrails Guardrails => _services.GetRequiredService<IAiGuardrails>();

    public IGuardrailPolicyExplainer Explainer => _services.GetRequiredService<IGuardrailPolicyExplainer>();

    /// <summary>The secrets the policy names, and whether the environment has them.</summary>
    public IEnumerable<KeyValuePair<string, bool>> Secrets => _secrets.Asked;

    /// <summary>What the engine remarked on the policy.</summary>
    public IEnumerable<(LogLevel Level, string Text)> Remarks => _remarks.All;

    /// <summary>Loads files as one policy.</summary>
    /// <param name="files">The files.</param>
    /// <param name="isGateway">What a bare document without path is taken for.</param>
    /// <param name="console">Knows the environment.</param>
    /// <param name="needsSecrets">Whether absent secrets are refused.</param>
    /// <exception cref="ToolException">A file cannot be read.</exception>
    /// <exception cref="RefusedPolicyException">The policy is refused.</exception>
    public static LoadedPolicyFiles Open(IReadOnlyList<string> files, bool isGateway, ToolConsole console, bool needsSecrets)
    {
        var secrets = new SecretSource(console.Environment, needsSecrets ? null : StandIn);
        var remarks = new PolicyRemarks();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Add(secrets).Build());
        services.AddSingleton<ILoggerFactory>(remarks);
        services.AddSingleton(console.Time);
        ToolPlugins.AddAll(services.AddAiGuardrails(options =>
        {
            options.ReloadOnChange = false;
            options.BareDocumentIsGateway = isGateway;
            foreach (var file in files)
            {
                options.PolicyFiles.Add(Path.GetFullPath(file));
            }
        }));
        var provider = services.BuildServiceProvider();
        try
        {
            provider.GetRequiredService<PolicyProvider>().Start();
            remarks.Close();
            return new LoadedPolicyFiles(provider, secrets, remarks);
        }
        catch (GuardrailPolicyException refusal)
        {
            var installed = provider.GetServices<IGuardrailPlugin>().Select(p => p.Metadata.Name).Order(StringComparer.Ordinal).ToArray();
            provider.Dispose();
            throw refusal.Problems.Count == 0
                ? new ToolException(refusal.Message)
                : new RefusedPolicyException(string.Join(" and ", files), [.. PolicyRefusal.Lines(refusal, installed)]);
        }
    }

    /// <summary>The policy's entries that are switched on, as plugin and place.</summary>
    public IReadOnlyList<PolicyEntry> Entries()
    {
        using var lease = _services.GetRequiredService<IPolicyProvider>().Acquire();
        return [.. lease.Document!.Levels().SelectMany(level => level.Entries).Where(entry => entry.Enabled)];
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
