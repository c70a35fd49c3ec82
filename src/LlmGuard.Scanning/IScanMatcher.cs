namespace LlmGuard.Scanning;

/// <summary>Looks for the matches of some rules in a growing text. Used by one session.</summary>
internal interface IScanMatcher
{
    /// <summary>Finds every match that is decided by what is known of the text.</summary>
    /// <param name="window">The known part of the text that is not released yet, and left context.</param>
    /// <param name="found">Receives the matches. The session keeps them, so one that was reported before need not be reported again, and may
    /// be.</param>
    /// <returns>
    /// The offset in the text before which everything is decided: a match that was not reported starts there or later. The end of the window at
    /// most, and exactly that when the text ends.
    /// </returns>
    long Find(in ScanWindow window, List<Candidate> found);

    /// <summary>Steps taken since the start of the text: the measure of work that tests hold to a linear bound.</summary>
    long Steps { get; }

    /// <summary>Goes on as if it had looked at the text that another matcher of the same rules has looked at.</summary>
    void CopyFrom(IScanMatcher other);

    /// <summary>Forgets the text, to start on another.</summary>
    void Reset();
}
