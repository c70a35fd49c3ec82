using System.Collections;

namespace LlmGuard.Execution;

/// <summary>Conclusions as decisions show them, made when somebody looks: most calls pass, and nobody does. Thread-safe.</summary>
internal sealed class ConclusionResults(Conclusion[] conclusions, GuardrailStage stage) : IReadOnlyList<EntryResult>
{
    private EntryResult[]? _results;

    public int Count => conclusions.Length;

    public EntryResult this[int index] => Made()[index];

    public IEnumerator<EntryResult> GetEnumerator() => ((IEnumerable<EntryResult>)Made()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private EntryResult[] Made()
    {
        if (Volatile.Read(ref _results) is { } made)
        {
            return made;
        }

        made = new EntryResult[conclusions.Length];
        for (var i = 0; i < made.Length; i++)
        {
            made[i] = conclusions[i].ToResult(Ranking.IsFailedOpen(conclusions[i], stage));
        }

        // Two may have made them at once; both get the same.
        return Interlocked.CompareExchange(ref _results, made, null) ?? made;
    }
}
