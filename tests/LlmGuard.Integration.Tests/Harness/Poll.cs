namespace LlmGuard.Integration.Tests.Harness;

/// <summary>For what announces itself to nobody.</summary>
internal static class Poll
{
    /// <summary>Looks until a condition holds; false when it does not within a minute.</summary>
    public static async Task<bool> UntilAsync(Func<bool> condition, CancellationToken cancellationToken = default)
    {
        var end = TimeProvider.System.GetTimestamp() + (60 * TimeProvider.System.TimestampFrequency);
        while (!condition())
        {
            if (TimeProvider.System.GetTimestamp() > end)
            {
                return false;
            }

            await Task.Delay(20, cancellationToken);
        }

        return true;
    }
}
