using LlmGuard.Scanning.Patterns;

namespace LlmGuard.Plugins.PromptModeration;

/// <summary>One expression of the setting <c>regex</c>. Immutable.</summary>
/// <param name="Written">For the text as it is written.</param>
/// <param name="Folded">For the folded text, which has no capitals, so that case cannot matter there.</param>
internal sealed record ModerationPattern(PatternProgram Written, PatternProgram Folded)
{
    /// <exception cref="FormatException">The expression cannot be used. The message says why and does not quote it.</exception>
    public static ModerationPattern Compile(string pattern, PatternCheck check)
    {
        var written = check.Compile(pattern);
        return new ModerationPattern(written, check.Compile("(?i)" + pattern));
    }
}
