using System.Collections.Frozen;
using LlmGuard.Policy.Reading;

namespace LlmGuard.Policy;

/// <summary>The plugins of the application by identifier.</summary>
internal sealed class PluginCatalog
{
    private readonly FrozenDictionary<string, IGuardrailPlugin> _plugins;

    /// <exception cref="InvalidOperationException">Two plugins share an identifier, or a plugin contradicts itself.</exception>
    public PluginCatalog(IEnumerable<IGuardrailPlugin> plugins)
    {
        var byName = new Dictionary<string, IGuardrailPlugin>(StringComparer.Ordinal);
        foreach (var plugin in plugins)
        {
            Check(plugin);
            if (!byName.TryAdd(plugin.Metadata.Name, plugin))
            {
                throw new InvalidOperationException(
                    $"Two guardrail plugins are called '{plugin.Metadata.Name}': {byName[plugin.Metadata.Name].GetType()} and {plugin.GetType()}.");
            }
        }

        _plugins = byName.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public IEnumerable<string> Names => _plugins.Keys;

    public IGuardrailPlugin? Find(string name) => _plugins.GetValueOrDefault(name);

    private static void Check(IGuardrailPlugin plugin)
    {
        var metadata = plugin.Metadata;
        var wrong = metadata.Stages.Count == 0 || metadata.DefaultStages.Count == 0 || metadata.DefaultStages.Except(metadata.Stages).Any()
            ? "its default stages must be some of its stages"
            : metadata.DefaultTimeoutMs is < 1 or > EntryReader.MaxTimeoutMs
            ? $"its default timeout must be 1 to {EntryReader.MaxTimeoutMs} ms"
            : null;
        if (wrong is not null)
        {
            throw new InvalidOperationException(
                $"The metadata of the guardrail plugin '{metadata.Name}' ({plugin.GetType()}) are not valid: {wrong}.");
        }
    }
}
