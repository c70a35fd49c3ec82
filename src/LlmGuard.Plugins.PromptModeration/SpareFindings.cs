namespace LlmGuard.Plugins.PromptModeration;

/// <summary>Keeps what evaluations have worked with for later ones: as many as can run at once. Safe for concurrent use.</summary>
/// <remarks>An evaluation runs on its request's thread to the end, so that no more are at work than there are processors, but for moments.</remarks>
internal sealed class SpareFindings
{
    private readonly ModerationFindings?[] _spares = new ModerationFindings?[Math.Clamp(Environment.ProcessorCount, 1, 64)];

    /// <summary>How many are kept.</summary>
    public int Count => _spares.Count(s => s is not null);

    /// <summary>Takes one; null when there is none.</summary>
    public ModerationFindings? TryTake()
    {
        for (var i = 0; i < _spares.Length; i++)
        {
            if (_spares[i] is not null && Interlocked.Exchange(ref _spares[i], null) is { } spare)
            {
                return spare;
            }
        }

        return null;
    }

    /// <summary>Gives one back; it is let go when there are enough.</summary>
    public void Give(ModerationFindings findings)
    {
        for (var i = 0; i < _spares.Length; i++)
        {
            if (_spares[i] is null && Interlocked.CompareExchange(ref _spares[i], findings, null) is null)
            {
                return;
            }
        }
    }
}
