namespace LlmGuard.Planning;

/// <summary>Warnings of a load, up to a number that somebody might read: rules and consumers by the thousand would otherwise multiply them.</summary>
internal sealed class WarningList
{
    private const int Maximum = 500;

    private readonly List<string> _warnings = [];

    public bool IsFull => _warnings.Count >= Maximum;

    public void Add(string warning)
    {
        if (!IsFull)
        {
            _warnings.Add(warning);
        }
    }

    public IReadOnlyList<string> ToList() => IsFull
        ? [.. _warnings, $"The first {Maximum} warnings are listed; there may be more. Explain shows what applies to a given path and caller."]
        : [.. _warnings];
}
