namespace LlmGuard.Tool;

/// <summary>What the process answers; documented in the README, because CI scripts depend on it.</summary>
internal static class ExitCodes
{
    /// <summary>Done, and nothing to object to.</summary>
    public const int Ok = 0;

    /// <summary>Done, and the answer is no: the policy is refused, the text is not simply allowed, a threshold is missed.</summary>
    public const int Objection = 1;

    /// <summary>Wrong usage, or input that cannot be read or judged, in whole or in part.</summary>
    public const int Unusable = 2;

    /// <summary>Stopped by the user, as shells number it.</summary>
    public const int Interrupted = 130;

    /// <summary>Nobody reads the output any more, as shells number that.</summary>
    public const int ReaderGone = 141;
}
