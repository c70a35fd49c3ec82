namespace LlmGuard.Scanning;

/// <summary>A text cannot be judged within the bounds of the rules. Says why by a code, never with content.</summary>
internal sealed class ScanBoundException(ScanBound bound) : Exception("A bound of the scanning rules was hit: " + bound)
{
    public ScanBound Bound { get; } = bound;

    /// <summary>
    /// The reason of the failure that the bound leads to, the same in every plugin: a code of <c>FailureReasons</c>, which this package does not
    /// know.
    /// </summary>
    public string Reason => Bound switch
    {
        ScanBound.PatternSteps => "pattern_bound",
        ScanBound.Ignorables => "undecodable",
        _ => "limit_exceeded",
    };
}

/// <summary>The bounds of a scan.</summary>
internal enum ScanBound
{
    /// <summary>A user pattern took more steps than its share for the length of the text.</summary>
    PatternSteps,

    /// <summary>More invisible or combining code points stand in a row than are read.</summary>
    Ignorables,

    /// <summary>What a rule may look at is written in so roundabout a way that it takes more of the text than is held.</summary>
    ViewLength,

    /// <summary>Encoded text stands in encoded text more often than is decoded.</summary>
    ViewDepth,
}
