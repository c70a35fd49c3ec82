using LlmGuard.Scanning.Patterns;

namespace LlmGuard.Plugins.PromptModeration;

/// <summary>One expression of the setting <c>regex</c>, for the text as written and for its folded form.</summary>
internal sealed class ModerationPattern
{
    private readonly UserPattern? _written;
    private readonly Lazy<UserPattern?> _folded;

    private ModerationPattern(UserPattern? written, Lazy<UserPattern?> folded) => (_written, _folded) = (written, folded);

    /// <summary>Stands for an expression that was refused.</summary>
    public static ModerationPattern Nothing { get; } = new(null, new Lazy<UserPattern?>((UserPattern?)null));

    public static ModerationPattern? TryCreate(string pattern, out string? problem)
    {
        var written = UserPattern.TryCreate(pattern, ignoreCase: false, UserPattern.DefaultTimeout, out problem);

        // Folded text has no capitals, so case cannot matter there. Most texts are not disguised, and compiling takes time.
        return written is null
            ? null
            : new ModerationPattern(written, new Lazy<UserPattern?>(() => UserPattern.TryCreate(pattern, ignoreCase: true, UserPattern.DefaultTimeout, out _)));
    }

    /// <summary>Finds all matches; false when the time was up.</summary>
    public bool TryFind(ReadOnlySpan<char> text, bool isFolded, List<(int Start, int Length)> spans) =>
        (isFolded ? _folded.Value : _written)?.TryFind(text, spans) ?? true;
}
