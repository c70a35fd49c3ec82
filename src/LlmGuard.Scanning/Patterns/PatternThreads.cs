namespace LlmGuard.Scanning.Patterns;

/// <summary>
/// The states a pattern may be in at one position, strongest first, each with where its match started. At most one per instruction.
/// </summary>
internal sealed class PatternThreads(int size)
{
    private readonly int[] _instruction = new int[size];
    private readonly long[] _start = new long[size];

    public int Count { get; private set; }

    public int Instruction(int thread) => _instruction[thread];

    public long Start(int thread) => _start[thread];

    public void Add(int instruction, long start)
    {
        _instruction[Count] = instruction;
        _start[Count++] = start;
    }

    public void MoveStarts(long before, long to)
    {
        for (var i = 0; i < Count && _start[i] < before; i++)
        {
            _start[i] = to;
        }
    }

    public void CopyFrom(PatternThreads other)
    {
        Count = other.Count;
        other._instruction.AsSpan(0, Count).CopyTo(_instruction);
        other._start.AsSpan(0, Count).CopyTo(_start);
    }

    public void Clear() => Count = 0;
}
