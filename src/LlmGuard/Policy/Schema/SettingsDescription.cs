namespace LlmGuard.Policy.Schema;

/// <summary>What settings a plugin reads, found by letting it read none.</summary>
internal static class SettingsDescription
{
    /// <summary>Describes a plugin.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="dispose">Disposes the evaluator it made of nothing.</param>
    public static SettingsSchema Of(IGuardrailPlugin plugin, Action<IGuardrailEvaluator> dispose)
    {
        var settings = new GuardrailSettings(
            new SettingsNode { Kind = SettingsNodeKind.Object, Path = "$" },
            new SettingsSession { IsDescribing = true });
        try
        {
            dispose(plugin.Create(settings));
        }
        catch (Exception)
        {
            // A plugin may fail without settings. What it had read by then is described; nothing is decided by this.
        }

        return settings.Schema;
    }
}
