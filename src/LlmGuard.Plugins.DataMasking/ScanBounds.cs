using LlmGuard.Scanning;

namespace LlmGuard.Plugins.DataMasking;

/// <summary>Words a bound of the scan as the reason of a failure.</summary>
internal static class ScanBounds
{
    public static string ReasonOf(ScanBound bound) => bound == ScanBound.PatternSteps ? FailureReasons.PatternBound : FailureReasons.Uninspected;
}
