using System.Text;
using static LlmGuard.Scanning.Patterns.PatternProgram;

namespace LlmGuard.Scanning.Patterns;

/// <summary>
/// Finds the leftmost matches of one pattern in a growing text, preferring alternatives as a backtracking engine would, in linear time.
/// </summary>
/// <remarks>
/// Keeps every state the pattern may be in instead of trying one after the other (Pike's machine), so that it never goes back in the text but
/// to the end of a match, and knows exactly whether a match could still begin, grow or change: no time-out and no lost match. A match may be
/// of any length; one that grows beyond the given number of bytes, by default <see cref="MaxPiece"/>, is reported in pieces.
/// </remarks>
/// <param name="program">The pattern.</param>
/// <param name="rule">The number of its rule.</param>
/// <param name="maxPiece">Longest match that is reported as one.</param>
/// <param name="candidates">Where fingerprints stand, if it is one of a group: shared by those that look at the same windows in turn.</param>
/// <param name="number">Its number in the group; the first turns to the next window for all.</param>
internal sealed class PatternRun(
    PatternProgram program, int rule, int maxPiece = PatternRun.MaxPiece, PatternCandidates? candidates = null, int number = 0) : IScanMatcher
{
    /// <summary>Longest match in bytes that a stream reports as one.</summary>
    public const int MaxPiece = 4096;

    // Looking for a match again after one whose end was long in doubt costs more than one pass: bounded, for hostile text and pattern together.
    private const int FreeSteps = 1_000_000;
    private const int StepsPerByte = 200;

    private readonly Instruction[] _instructions = program.Instructions;
    private readonly int[] _visited = new int[program.Instructions.Length];
    private readonly int[] _stack = new int[(2 * program.Instructions.Length) + 2];
    private readonly PatternThreads _closed = new(program.Instructions.Length);
    private readonly PatternThreads _threads = new(program.Instructions.Length);
    private int _stamp;
    private long _position;
    private long _furthest;
    private long _matchStart;
    private long _matchEnd = -1;
    private long _pieceStart = -1;
    private long _mayStartUntil;
    private int _candidate;

    public long Steps { get; private set; }

    public void Reset()
    {
        _threads.Clear();
        (_position, _furthest, _matchEnd, _pieceStart, _mayStartUntil, Steps) = (0, 0, -1, -1, 0, 0);
    }

    public void CopyFrom(IScanMatcher other)
    {
        var run = (PatternRun)other;
        _threads.CopyFrom(run._threads);
        (_position, _furthest, _matchStart, _matchEnd) = (run._position, run._furthest, run._matchStart, run._matchEnd);
        (_pieceStart, _mayStartUntil, Steps) = (run._pieceStart, run._mayStartUntil, run.Steps);
    }

    public long Find(in ScanWindow window, List<Candidate> found)
    {
        _candidate = 0;
        if (number == 0)
        {
            candidates?.Read(window);
        }

        while (true)
        {
            if (IsIdle)
            {
                Steps++;
                _position = NextStart(window);
                if (_position == window.End)
                {
                    return window.End;
                }
            }

            _furthest = Math.Max(_furthest, _position);
            if (_position == window.End && !window.IsEnd)
            {
                return FirstUndecided;
            }

            CheckSteps();
            Close(window);
            if (_closed.Count == 0 || _position == window.End)
            {
                if (!TryRestart(found))
                {
                    _position += _position == window.End ? 0 : WidthAt(window, out _);
                    if (_position == window.End && window.IsEnd)
                    {
                        return window.End;
                    }
                }

                continue;
            }

            Take(window);
            LimitLength(window, found);
        }
    }

    private bool IsIdle => _threads.Count == 0 && _matchEnd < 0 && _pieceStart < 0;

    // Where a match may begin: at a byte that one can begin with, and not too far before what every match holds.
    private long NextStart(in ScanWindow window)
    {
        var at = (int)(_position - window.Origin);
        while (at < window.Bytes.Length)
        {
            if (program.Fingerprint is { } fingerprint && window.Origin + at >= _mayStartUntil)
            {
                at = NextOf(fingerprint, window, at, out var until);
                _mayStartUntil = window.Origin + until;
            }

            var rest = program.Fingerprint is null ? window.Bytes[at..] : window.Bytes[at..(int)(_mayStartUntil - window.Origin)];
            var next = rest.IndexOfAny(program.FirstBytes);
            if (next >= 0)
            {
                return window.Origin + at + next;
            }

            at += rest.Length;
        }

        return window.End;
    }

    private int NextOf(PatternFingerprint fingerprint, in ScanWindow window, int at, out int until) => candidates is { AreFound: true }
        ? fingerprint.NextOf(window.Bytes, at, candidates.Next(number, at, ref _candidate), out until)
        : fingerprint.Next(window.Bytes, at, window.IsEnd, out until);

    private long FirstUndecided
    {
        get
        {
            var first = _threads.Count > 0 ? Math.Min(_position, _threads.Start(0)) : _position;
            first = _matchEnd >= 0 ? Math.Min(first, _matchStart) : first;
            return _pieceStart >= 0 ? Math.Min(first, _pieceStart) : first;
        }
    }

    // Ends the attempt that has no state left, and looks on behind it.
    private bool TryRestart(List<Candidate> found)
    {
        _threads.Clear();
        if (_matchEnd >= 0)
        {
            found.Add(new Candidate(_matchStart, _matchEnd, rule, IsTail: _pieceStart >= 0));
            _position = _matchEnd;
        }
        else if (_pieceStart >= 0)
        {
            _position = _pieceStart;
        }
        else
        {
            return false;
        }

        (_matchEnd, _pieceStart) = (-1, -1);
        return true;
    }

    // Follows everything that takes no character. A match ends what is weaker than it.
    private void Close(in ScanWindow window)
    {
        var at = (int)(_position - window.Origin);
        var before = at > 0 ? window.Bytes[at - 1] : -1;
        var after = at < window.Bytes.Length ? window.Bytes[at] : -1;
        _closed.Clear();
        _stamp++;
        for (var i = 0; i < _threads.Count; i++)
        {
            if (Follow(_threads.Instruction(i), _threads.Start(i), before, after))
            {
                return;
            }
        }

        if (_matchEnd < 0 && _pieceStart < 0 && after >= 0)
        {
            Follow(0, _position, before, after);
        }
    }

    private bool Follow(int from, long start, int before, int after)
    {
        var depth = 0;
        _stack[depth++] = from;
        while (depth > 0)
        {
            var at = _stack[--depth];
            Steps++;
            if (_visited[at] == _stamp)
            {
                continue;
            }

            _visited[at] = _stamp;
            ref readonly var instruction = ref _instructions[at];
            switch (instruction.Operation)
            {
                case Operation.Take:
                    _closed.Add(at, start);
                    break;
                case Operation.Jump:
                    _stack[depth++] = instruction.First;
                    break;
                case Operation.Split:
                    _stack[depth++] = instruction.Second;
                    _stack[depth++] = instruction.First;
                    break;
                case Operation.Assert:
                    if (Holds((PatternAssertion)instruction.First, before, after))
                    {
                        _stack[depth++] = at + 1;
                    }

                    break;
                default:
                    (_matchStart, _matchEnd) = (start, _position);
                    return true;
            }
        }

        return false;
    }

    private bool Holds(PatternAssertion assertion, int before, int after) => assertion switch
    {
        PatternAssertion.TextStart => _position == 0,
        PatternAssertion.TextEnd => after < 0,
        PatternAssertion.LineStart => _position == 0 || before == '\n',
        PatternAssertion.LineEnd => after is < 0 or '\n',
        PatternAssertion.WordBoundary => IsWord(before) != IsWord(after),
        _ => IsWord(before) == IsWord(after),
    };

    private static bool IsWord(int b) => AsciiByte.IsAlphanumeric(b) || b == '_';

    private void Take(in ScanWindow window)
    {
        var width = WidthAt(window, out var codePoint);
        _threads.Clear();
        for (var i = 0; i < _closed.Count; i++)
        {
            Steps++;
            var at = _closed.Instruction(i);
            if (_instructions[at].Set!.Contains(codePoint))
            {
                _threads.Add(at + 1, _closed.Start(i));
            }
        }

        _position += width;
    }

    private int WidthAt(in ScanWindow window, out int codePoint)
    {
        var bytes = window.Bytes[(int)(_position - window.Origin)..];
        if (bytes[0] < 0x80)
        {
            codePoint = bytes[0];
            return 1;
        }

        Rune.DecodeFromUtf8(bytes, out var rune, out var width);
        codePoint = rune.Value;
        return width;
    }

    private void LimitLength(in ScanWindow window, List<Candidate> found)
    {
        var limit = _position - maxPiece;
        if (FirstUndecided >= limit)
        {
            return;
        }

        if (_matchEnd >= 0)
        {
            // What it grows to from here on is a piece of its own.
            found.Add(new Candidate(_matchStart, _matchEnd, rule, IsTail: _pieceStart >= 0));
            _threads.MoveStarts(long.MaxValue, _matchEnd);
            (_pieceStart, _matchEnd) = (_matchEnd, -1);
        }
        else if (_pieceStart >= 0)
        {
            TryRestart(found);
        }
        else
        {
            // Should it ever become a match, then only its last bytes are still there to be covered.
            while (AsciiByte.IsContinuation(window.Bytes[(int)(limit - window.Origin)]))
            {
                limit++;
            }

            _threads.MoveStarts(limit, limit);
        }
    }

    private void CheckSteps()
    {
        if (Steps > FreeSteps + (StepsPerByte * _furthest))
        {
            throw new ScanBoundException(ScanBound.PatternSteps);
        }
    }
}
