using LlmGuard.Benchmarks.Ratios;

namespace LlmGuard.Benchmarks.Cases;

/// <summary>All comparisons, in the order of the table.</summary>
internal static class Suite
{
    public static IEnumerable<Comparison> All() =>
    [
        .. ClientCases.All(),
        .. ForwarderCases.All(),
        .. AnswerCases.All(),
        .. StartUpCases.All(),
        .. ScopeCases.All(),
        .. LocateCases.All(),
        .. SpliceCases.All(),
        .. ExecutorCases.All(),
        .. ConversationCases.All(),
        .. MaskingCases.All(),
        .. ModerationCases.All(),
        .. WholePolicyCases.All(),
        .. ScanCases.All(),
        .. CounterCases.All(),
        .. StreamCases.All(),
    ];

    /// <summary>A size as the table shows it.</summary>
    public static string Show(int bytes) => $"{bytes / 1024} KB";
}
