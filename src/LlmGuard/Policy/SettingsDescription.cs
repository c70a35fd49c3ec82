namespace LlmGuard.Policy;

/// <summary>What settings a plugin reads, found by letting it read none.</summary>
internal static class SettingsDescription
{
    public static SettingsSchema Of(IGuardrailPlugin plugin)
    {
        var settings = new GuardrailSettings(
            new SettingsNode { Kind = SettingsNodeKind.Object, Path = "$" },
            new SettingsSession { IsDescribing = true });
        try
        {
            if (plugin.Create(settings) is IDisposable evaluator)
            {
                evaluator.Dispose();
            }
        }
        catch (Exception)
        {
            // A plugin may fail without settings. What it had read by then is described; nothing is decided by this.
        }

        return settings.Schema;
    }
}
