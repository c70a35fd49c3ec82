namespace LlmGuard;

/// <summary>Something wrong in a policy document.</summary>
/// <param name="Path">Where, as a JSON path such as <c>$.rules[0].plugin_chain[1].settings.limit</c>.</param>
/// <param name="Message">What is wrong and what was expected. Never quotes the value of a secret setting.</param>
public sealed record SettingsProblem(string Path, string Message)
{
    /// <summary>Path and message in one line.</summary>
    public override string ToString() => $"{Path}: {Message}";
}
