namespace LlmGuard.Remote.Judging;

/// <summary>Whether a content can be judged whole in the time there is, decided before the first question.</summary>
internal static class Admission
{
    /// <summary>The time kept for one question: what it usually takes, and never more than a quarter of all the time.</summary>
    public static TimeSpan Reserve(TimeSpan budget, TimeSpan expectedLatency) => expectedLatency < budget / 4 ? expectedLatency : budget / 4;

    /// <summary>
    /// Whether the rounds of questions fit into half of the time, so that a judge twice as slow as usual still finishes. Otherwise padding could
    /// push the harmful end of a text behind the deadline.
    /// </summary>
    /// <param name="inquiries">Number of questions.</param>
    /// <param name="parallelism">How many are asked at once.</param>
    /// <param name="budget">All the time.</param>
    /// <param name="expectedLatency">How long an answer usually takes at most.</param>
    public static bool Fits(int inquiries, int parallelism, TimeSpan budget, TimeSpan expectedLatency)
    {
        var rounds = (inquiries + parallelism - 1) / parallelism;
        return rounds <= 1 || Reserve(budget, expectedLatency) * rounds <= budget / 2;
    }
}
