using System.Buffers;

namespace LlmGuard.Scanning.Patterns;

/// <summary>A pattern compiled for the matcher that runs in time linear in the text. Immutable and safe for concurrent use.</summary>
internal sealed class PatternProgram : IEquatable<PatternProgram>
{
    /// <summary>Most instructions of a program: work per byte is at most proportional to it.</summary>
    public const int MaxInstructions = 4000;

    private readonly List<Instruction> _instructions = [];

    private readonly string _source;

    private PatternProgram(string source, PatternNode node)
    {
        _source = source;
        Emit(node);
        Add(new Instruction(Operation.Match, 0, 0, null));
        Instructions = [.. _instructions];
        FirstBytes = SearchValues.Create(FindFirstBytes());
        Fingerprint = PatternFingerprint.Find(node);
    }

    public Instruction[] Instructions { get; }

    /// <summary>Every byte a match can start with.</summary>
    public SearchValues<byte> FirstBytes { get; }

    /// <summary>What every match holds, or null when nothing rare can be proven.</summary>
    public PatternFingerprint? Fingerprint { get; }

    /// <summary>Compiles a pattern in the syntax of Go.</summary>
    /// <exception cref="FormatException">The pattern is not valid, matches the empty text, or is too large. The message does not quote
    /// it.</exception>
    public static PatternProgram Compile(string pattern)
    {
        var node = PatternParser.Parse(pattern);
        return node.IsNullable
            ? throw new FormatException("the pattern matches the empty text, so that it would match everywhere")
            : new PatternProgram(pattern, node);
    }

    /// <summary>Programs of the same pattern are equal.</summary>
    public bool Equals(PatternProgram? other) => _source == other?._source;

    public override bool Equals(object? obj) => Equals(obj as PatternProgram);

    public override int GetHashCode() => _source.GetHashCode(StringComparison.Ordinal);

    private void Emit(PatternNode node)
    {
        switch (node)
        {
            case PatternNode.One one:
                Add(new Instruction(Operation.Take, 0, 0, one.Set));
                break;
            case PatternNode.At at:
                Add(new Instruction(Operation.Assert, (int)at.Assertion, 0, null));
                break;
            case PatternNode.Sequence sequence:
                foreach (var item in sequence.Items)
                {
                    Emit(item);
                }

                break;
            case PatternNode.Choice choice:
                EmitChoice(choice.Items);
                break;
            case PatternNode.Repeat repeat:
                EmitRepeat(repeat);
                break;
        }
    }

    private void EmitChoice(IReadOnlyList<PatternNode> items)
    {
        var ends = new List<int>();
        for (var i = 0; i < items.Count - 1; i++)
        {
            var split = Add(default);
            Emit(items[i]);
            ends.Add(Add(default));
            _instructions[split] = new Instruction(Operation.Split, split + 1, _instructions.Count, null);
        }

        Emit(items[^1]);
        foreach (var end in ends)
        {
            _instructions[end] = new Instruction(Operation.Jump, _instructions.Count, 0, null);
        }
    }

    private void EmitRepeat(PatternNode.Repeat repeat)
    {
        for (var i = 0; i < repeat.Min; i++)
        {
            Emit(repeat.Item);
        }

        if (repeat.Max is null)
        {
            var split = Add(default);
            Emit(repeat.Item);
            Add(new Instruction(Operation.Jump, split, 0, null));
            _instructions[split] = Split(split + 1, _instructions.Count, repeat.IsLazy);
            return;
        }

        var splits = new List<int>();
        for (var i = repeat.Min; i < repeat.Max; i++)
        {
            splits.Add(Add(default));
            Emit(repeat.Item);
        }

        foreach (var split in splits)
        {
            _instructions[split] = Split(split + 1, _instructions.Count, repeat.IsLazy);
        }
    }

    private static Instruction Split(int body, int after, bool isLazy) =>
        isLazy ? new Instruction(Operation.Split, after, body, null) : new Instruction(Operation.Split, body, after, null);

    private int Add(Instruction instruction)
    {
        if (_instructions.Count == MaxInstructions)
        {
            throw new FormatException("the pattern is too large: its repetition counts multiply to more than 4000 steps");
        }

        _instructions.Add(instruction);
        return _instructions.Count - 1;
    }

    private byte[] FindFirstBytes()
    {
        var first = new HashSet<byte>();
        var seen = new bool[Instructions.Length];
        var open = new Stack<int>([0]);
        while (open.TryPop(out var at))
        {
            if (seen[at])
            {
                continue;
            }

            seen[at] = true;
            var instruction = Instructions[at];
            switch (instruction.Operation)
            {
                case Operation.Take:
                    first.UnionWith(Enumerable.Range(0, 128).Where(c => instruction.Set!.Contains(c)).Select(c => (byte)c));
                    first.UnionWith(instruction.Set!.MayHoldNonAscii ? Enumerable.Range(0x80, 0x80).Select(b => (byte)b) : []);
                    break;
                case Operation.Split:
                    open.Push(instruction.First);
                    open.Push(instruction.Second);
                    break;
                case Operation.Jump:
                    open.Push(instruction.First);
                    break;
                case Operation.Assert:
                    open.Push(at + 1);
                    break;
            }
        }

        return [.. first];
    }

    /// <summary>One instruction.</summary>
    internal readonly record struct Instruction(Operation Operation, int First, int Second, CharSet? Set);

    /// <summary>What an instruction does.</summary>
    internal enum Operation : byte
    {
        /// <summary>Takes one character of the set.</summary>
        Take,

        /// <summary>Goes on at both targets, the first one preferred.</summary>
        Split,

        /// <summary>Goes on at the target.</summary>
        Jump,

        /// <summary>Goes on if the condition holds.</summary>
        Assert,

        /// <summary>A match ends.</summary>
        Match,
    }
}
