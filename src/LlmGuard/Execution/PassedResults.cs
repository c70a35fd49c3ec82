using System.Collections;
using LlmGuard.Planning;

namespace LlmGuard.Execution;

/// <summary>What decisions show of entries that had nothing to say, made when somebody looks. Thread-safe.</summary>
internal sealed class PassedResults(StagePlan plan, PassedTimes elapsed) : IReadOnlyList<EntryResult>
{
    private EntryResult[]? _results;

    public int Count => plan.Sequential.Length;

    public EntryResult this[int index] => Made()[index];

    public IEnumerator<EntryResult> GetEnumerator() => ((IEnumerable<EntryResult>)Made()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private EntryResult[] Made()
    {
        if (Volatile.Read(ref _results) is { } made)
        {
            return made;
        }

        made = new EntryResult[Count];
        for (var i = 0; i < made.Length; i++)
        {
            made[i] = new Conclusion { Entry = plan.Sequential[i], Elapsed = elapsed[i] }.ToResult(failedOpen: false);
        }

        // Two may have made them at once; both get the same.
        return Interlocked.CompareExchange(ref _results, made, null) ?? made;
    }
}
