using System.Collections;

namespace LlmGuard;

/// <summary>Some segments of a content by their indexes.</summary>
/// <param name="content">The content.</param>
/// <param name="first">The index of the first.</param>
/// <param name="count">Their number.</param>
/// <param name="indexes">The indexes of all; null when one follows the other, as in a body of tiny parts.</param>
internal sealed class JoinedParts(GuardrailContent content, int first, int count, int[]? indexes) : IReadOnlyList<Segment>
{
    public int Count => count;

    public Segment this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)count, nameof(index));
            return content.At(indexes is null ? first + index : indexes[index]);
        }
    }

    public IEnumerator<Segment> GetEnumerator()
    {
        for (var i = 0; i < count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
