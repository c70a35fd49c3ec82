namespace LlmGuard.Tool;

/// <summary>Ends the run with a message for the user and <see cref="ExitCodes.Unusable"/>.</summary>
internal sealed class ToolException(string message) : Exception(message);
