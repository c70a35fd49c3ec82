using LlmGuard.Execution;
using LlmGuard.Planning;
using LlmGuard.Streaming;

namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>
/// Holds what the entries of finite reach let pass until judges of whole text have seen it: a head before anything leaves, then at a cadence. One
/// evaluation is under way at a time; each is shown all that waits, with as much as has room of what went before.
/// </summary>
internal sealed class LiveGate
{
    private readonly StreamRun _run;
    private readonly StreamCadence _cadence;
    private readonly Queue<(LiveEvent Event, long Chars)> _waiting = [];
    private readonly List<LiveEvent> _shown = [];
    private readonly List<LiveWindow> _windows = [];
    private readonly Dictionary<LiveChannel, JudgedText> _texts = [];
    private readonly List<JudgedText> _whole = [];
    private readonly PartCopies _copies = new();
    private readonly int _number;
    private readonly LiveMerge? _merge;
    private readonly long _started;
    private StagePlan _judges;
    private long _waitingChars;
    private int _kept;
    private long _since;

    private TimeSpan HeadLeft => _cadence.HeadMax - _run.Time.GetElapsedTime(_started);

    /// <param name="run">The stream's judgement.</param>
    /// <param name="step">Whose judges are asked.</param>
    /// <param name="number">Number of the step.</param>
    /// <param name="merge">Carries edits out where the judges rewrite beside entries of finite reach; null where they come after those.</param>
    public LiveGate(StreamRun run, StreamStep step, int number, LiveMerge? merge)
    {
        _merge = merge;
        _run = run;
        _judges = step.Judges;
        _cadence = step.Cadence!;
        _number = number;
        _started = run.Time.GetTimestamp();
    }

    /// <summary>Whether the head is decided, or has taken too long, so that the status line may go out.</summary>
    public bool IsOpen => IsDecided || HeadLeft <= TimeSpan.Zero;

    /// <summary>Whether the judges have let the head pass.</summary>
    public bool IsDecided { get; private set; }

    /// <summary>How long until the status line goes out undecided; null when it may go out.</summary>
    public TimeSpan? OpensIn => IsOpen ? null : HeadLeft;

    public bool IsHolding => _waiting.Count > 0 || _shown.Count > 0;

    /// <summary>Whether so much waits that no more of the answer should be read.</summary>
    public bool IsFull => _waitingChars >= _cadence.MaxWindowChars;

    // Those that are kept have been shown before.
    private bool IsAsking => _shown.Count > _kept;

    // With all of them retired nothing waits for them.
    private bool HasJudges => !_judges.Sequential.IsEmpty || !_judges.Parallel.IsEmpty;

    /// <summary>Takes an event; true when it may leave at once.</summary>
    public bool Add(LiveEvent read)
    {
        if ((!HasJudges && _merge is null) || (IsOpen && !IsHolding && read.Content.Count == 0 && read.Calls.Count == 0))
        {
            return true;
        }

        _since = _waiting.Count == 0 ? _run.Time.GetTimestamp() : _since;
        var chars = CharsOf(read);
        _waiting.Enqueue((read, chars));
        _waitingChars += chars;
        return false;
    }

    /// <summary>How long until the judges are to be asked; null when nothing waits for them or they are being asked.</summary>
    /// <param name="hasEnded">Whether nothing more will come.</param>
    public TimeSpan? DueIn(bool hasEnded)
    {
        if (IsAsking)
        {
            return null;
        }

        if (!hasEnded && !IsDecided && HeadLeft is { Ticks: > 0 } left)
        {
            return _waitingChars >= _cadence.HeadChars || IsFull ? TimeSpan.Zero : left;
        }

        if (_waiting.Count == 0)
        {
            return null;
        }

        var rest = _cadence.MaxHold - _run.Time.GetElapsedTime(_since);
        return hasEnded || !HasJudges || _waitingChars >= _cadence.MinChars || IsFull || rest <= TimeSpan.Zero ? TimeSpan.Zero : rest;
    }

    /// <summary>Shows the judges what waits; null when they need not be asked.</summary>
    public Task<List<StageRun>>? Ask(CancellationToken cancellationToken)
    {
        Collect();
        return _windows.Count == 0 || !HasJudges ? null : AskAsync(_judges, [.. _windows.Select(static w => w.Content)], cancellationToken);
    }

    /// <summary>Takes the verdicts; gives what may leave now.</summary>
    public List<LiveEvent> Take(List<StageRun> verdicts)
    {
        foreach (var verdict in verdicts)
        {
            _run.Take(verdict);
        }

        _judges = _run.StillAsked(_judges);

        if (_run.IsStopped || Apply(verdicts) is not { } count)
        {
            _shown.Clear();
            _kept = 0;
            return [];
        }

        IsDecided = true;
        KeepContext();
        var released = _shown.GetRange(0, count);
        _shown.RemoveRange(0, count);
        _kept = _shown.Count;
        while (_kept == 0 && _waiting.TryPeek(out var next)
            && ((!HasJudges && _merge is null) || (next.Event.Content.Count == 0 && next.Event.Calls.Count == 0)))
        {
            released.Add(Dequeue());
        }

        _since = _run.Time.GetTimestamp();
        return released;
    }

    private async Task<List<StageRun>> AskAsync(StagePlan judges, List<GuardrailContent> windows, CancellationToken cancellationToken)
    {
        var verdicts = new List<StageRun>();
        foreach (var window in windows)
        {
            var verdict = await _run.JudgeWindowAsync(judges, window, asksOnly: _merge is not null, cancellationToken).ConfigureAwait(false);
            verdicts.Add(verdict);
            if (verdict.Conclusions.Any(static c => Ranking.Of(c, GuardrailStage.PreResponse) >= DecisionRank.Availability))
            {
                break;
            }
        }

        return verdicts;
    }

    /// <summary>Takes what waits, as far as it fits into a window, and makes texts of it and of what is kept.</summary>
    private void Collect()
    {
        _texts.Clear();
        _whole.Clear();
        _windows.Clear();
        var (kept, chars) = (_shown.Sum(CharsOf), 0L);
        while (_waiting.TryPeek(out var next) && (chars == 0 || kept + chars + next.Chars <= _cadence.MaxWindowChars))
        {
            chars += next.Chars;
            _shown.Add(Dequeue());
        }

        var room = (int)Math.Max(0, _cadence.MaxWindowChars - _shown.Sum(BytesOf));
        var channels = _shown.SelectMany(static e => e.Pieces).Select(static p => p.Channel).Distinct().ToArray();
        foreach (var channel in channels)
        {
            var context = Tail(channel.Context, room / channels.Length);
            var text = new JudgedText(channel.Info, context.Length) { Channel = channel };
            text.AddContext(context);
            _texts.Add(channel, text);
        }

        for (var i = 0; i < _shown.Count; i++)
        {
            AddTexts(_shown[i], isNew: i >= _kept);
        }

        if (_whole.Count + _texts.Count > 0)
        {
            _windows.AddRange(LiveWindow.Of(_whole.Concat(_texts.Values), _cadence.MaxWindowChars));
        }
    }

    private void AddTexts(LiveEvent shown, bool isNew)
    {
        var content = shown.Current;
        foreach (var piece in shown.Pieces)
        {
            var segment = content.At(piece.Segment);
            if (isNew)
            {
                piece.Channel.Show(_copies.PartOf(segment.Data.Info), segment.Utf8.Length);
            }

            _texts[piece.Channel].Add(segment, shown, null, piece.Channel);
        }

        if (!isNew)
        {
            // The judges have seen the texts that it holds whole.
            return;
        }

        foreach (var segment in content)
        {
            if (segment.Payload == PayloadKind.Text && segment.Data.Info.Join < Json.JsonStreamState.FirstJoin)
            {
                var text = new JudgedText(segment.Data.Info with { Join = -1, Group = -1 }, 0);
                text.Add(segment, shown, null);
                _whole.Add(text);
            }
        }

        foreach (var call in shown.Calls)
        {
            if (!call.TryShow(_number))
            {
                continue;
            }

            foreach (var leaf in call.Edits!.Current)
            {
                var text = new JudgedText(leaf.Data.Info with { Join = -1 }, 0);
                text.Add(leaf, null, call);
                _whole.Add(text);
            }
        }
    }

    private LiveEvent Dequeue()
    {
        var first = _waiting.Dequeue();
        _waitingChars -= first.Chars;
        return first.Event;
    }

    /// <summary>Carries out what the judges ask for. Gives how many of the events shown may leave; null when it cannot be carried out.</summary>
    private int? Apply(List<StageRun> verdicts)
    {
        var count = _merge is not null ? _merge.CarryOut(verdicts.SelectMany((v, i) => _windows[i].Map(v.Asked)), _texts, _shown)
            : TryApplyInTurn(verdicts) ? _shown.Count
            : null;
        if (count is null)
        {
            _run.Fail(FailureReasons.MaskNotApplicable);
        }

        return count;
    }

    private bool TryApplyInTurn(List<StageRun> verdicts)
    {
        var edits = new Dictionary<JudgedText, List<TextEdit>>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < verdicts.Count; i++)
        {
            foreach (var (text, edit) in _windows[i].Map(verdicts[i].Edits.Edits))
            {
                if (!edits.TryGetValue(text, out var own))
                {
                    edits.Add(text, own = []);
                }

                own.Add(edit with { Segment = 0 });
            }
        }

        // The texts that go on first: what they lose, later copies of their parts lose too.
        return _texts.Values.All(text => text.TryApply(Of(text), _copies)) && _whole.TrueForAll(text => text.TryApplyAsCopy(Of(text), _copies));

        // Stretches overlap: what both edited is edited once, and no less than either wanted.
        List<TextEdit> Of(JudgedText text) => edits.TryGetValue(text, out var own) ? OverlappingEdits.Join(own) : [];
    }

    private void KeepContext()
    {
        foreach (var (channel, text) in _texts)
        {
            channel.Context = Tail(text.Left.Span, _cadence.MaxWindowChars / 2).ToArray();
        }
    }

    private static ReadOnlySpan<byte> Tail(ReadOnlySpan<byte> text, int most)
    {
        var from = Math.Max(0, text.Length - most);
        while (from < text.Length && (text[from] & 0xC0) == 0x80)
        {
            from++;
        }

        return text[from..];
    }

    private static long BytesOf(LiveEvent read) =>
        read.Content.Sum(static s => (long)s.Utf8.Length) + read.Calls.Sum(static c => (long)c.Text.Length);

    private static long CharsOf(LiveEvent read)
    {
        var chars = (long)read.Calls.Sum(static c => c.Text.Length);
        foreach (var piece in read.Pieces)
        {
            foreach (var b in read.Content.At(piece.Segment).Utf8.Span)
            {
                chars += (b & 0xC0) != 0x80 ? 1 : 0;
            }
        }

        return chars;
    }
}
