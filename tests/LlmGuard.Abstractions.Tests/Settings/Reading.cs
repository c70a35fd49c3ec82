namespace LlmGuard.Abstractions.Tests.Settings;

/// <summary>Readers of settings as the engine makes them.</summary>
internal static class Reading
{
    public static GuardrailSettings Json(string json) => GuardrailSettings.Parse(json);

    /// <summary>Settings as they come from IConfiguration: every scalar is text.</summary>
    public static GuardrailSettings Loose(params (string Key, string Value)[] values) =>
        new(Node("$", values.Select(v => KeyValuePair.Create(v.Key, Text("$." + v.Key, v.Value)))), new SettingsSession());

    public static SettingsNode Node(string path, IEnumerable<KeyValuePair<string, SettingsNode>> members) =>
        new() { Kind = SettingsNodeKind.Object, Path = path, Members = [.. members], IsLoose = true };

    public static SettingsNode Text(string path, string value) => new() { Kind = SettingsNodeKind.String, Path = path, Text = value, IsLoose = true };

    public static GuardrailSettings Describing() =>
        new(new SettingsNode { Kind = SettingsNodeKind.Object, Path = "$" }, new SettingsSession { IsDescribing = true });

    public static string[] Problems(GuardrailSettings settings) => [.. settings.Problems.Select(p => p.ToString())];

    public static string[] Unread(GuardrailSettings settings)
    {
        settings.ReportUnread();
        return Problems(settings);
    }
}
