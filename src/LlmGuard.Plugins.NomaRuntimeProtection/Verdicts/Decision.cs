using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.NomaRuntimeProtection.Verdicts;

/// <summary>What Noma decided.</summary>
internal enum Decision
{
    Pass,

    /// <summary>To be recorded, and passed.</summary>
    Alert,

    Mask,

    Block,
}

/// <summary>Reads decisions.</summary>
internal static class Decisions
{
    /// <summary>The newer vocabulary, in any case. "Ask" has nobody to ask here.</summary>
    /// <exception cref="UnusableAnswerException">The word is none of Noma's.</exception>
    public static Decision OfAction(string action, bool isUnsafe) => action.ToUpperInvariant() switch
    {
        "ALLOW" => isUnsafe ? Decision.Alert : Decision.Pass,
        "ALERT" => Decision.Alert,
        "MASK" => Decision.Mask,
        "BLOCK" or "ASK" => Decision.Block,
        _ => throw new UnusableAnswerException(),
    };

    /// <summary>
    /// An answer that says only whether the content is safe: masked if nothing but sensitive data was found, or there is a mask to apply.
    /// </summary>
    /// <param name="isUnsafe">The verdict.</param>
    /// <param name="results">What was found.</param>
    /// <param name="anonymizes">Whether sensitive data is to be masked.</param>
    public static Decision OfVerdict(bool isUnsafe, IReadOnlyList<ScanResult> results, bool anonymizes)
    {
        if (!anonymizes)
        {
            return isUnsafe ? Decision.Block : Decision.Pass;
        }

        if (isUnsafe)
        {
            return results.Any(r => r.HasTriggered) && results.All(r => r.IsOnlySensitive) ? Decision.Mask : Decision.Block;
        }

        return results.Any(r => r.Anonymized is not null) ? Decision.Mask : Decision.Pass;
    }
}
