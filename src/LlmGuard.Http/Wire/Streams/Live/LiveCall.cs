using LlmGuard.Execution.Edits;
using LlmGuard.Http.Json;
using LlmGuard.Masking;

namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>A text that only makes sense whole (a tool call's arguments) and is assembled before any piece of it leaves.</summary>
internal sealed class LiveCall(AssembledText text)
{
    private readonly List<AskedEdit> _asked = [];
    private int _judgedBy = -1;
    private int _shownTo = -1;
    private bool _isDistributed;
    private bool _isRestored;

    public AssembledText Text => text;

    /// <summary>Whether the entries of finite reach have judged it.</summary>
    public bool IsDecided => _judgedBy >= 0;

    /// <summary>Its texts, and what became of them; null while pieces are missing.</summary>
    public EditComposition? Edits { get; private set; }

    /// <summary>The last event that holds a piece of it.</summary>
    public LiveEvent? Last { get; set; }

    /// <summary>Whether it is kept for those who read the answer afterwards.</summary>
    public bool IsKept { get; set; }

    /// <summary>Takes its texts, now that all pieces are there.</summary>
    public void Complete(GuardrailContent texts) => Edits = new EditComposition(texts);

    /// <summary>Whether the entries of a step have judged it; its first event takes it through all steps.</summary>
    public bool IsJudgedBy(int step) => _judgedBy >= step;

    /// <summary>Takes what the entries of a step have made of its texts as they were.</summary>
    public void Take(int step, EditComposition edits)
    {
        Edits!.Apply(edits.Edits);
        _judgedBy = step;
    }

    /// <summary>Takes note of what the entries of a step ask for, until others beside them have decided.</summary>
    public void Take(int step, IEnumerable<AskedEdit> asked)
    {
        _asked.AddRange(asked);
        _judgedBy = step;
    }

    /// <summary>Takes note of what another entry asks for.</summary>
    public void Ask(in AskedEdit asked) => _asked.Add(asked);

    /// <summary>Carries out what was asked for, once.</summary>
    public void CarryOut(CallMasks masks)
    {
        Edits!.Apply(AskedEdit.CarryOut(_asked, Edits.Current, masks));
        _asked.Clear();
    }

    /// <summary>Takes note that the judges of a step are shown it; false when they have been before.</summary>
    public bool TryShow(int step)
    {
        var isFirst = _shownTo < step;
        _shownTo = Math.Max(_shownTo, step);
        return isFirst;
    }

    /// <summary>Puts originals back where the policy names the tool, once and before any of it leaves.</summary>
    public void Restore(CallMasks masks)
    {
        if (!_isRestored && !_isDistributed)
        {
            Edits!.Apply(masks.Restore(Edits.Current));
        }

        _isRestored = true;
    }

    /// <summary>Gives every event its share of the edits, once.</summary>
    public bool TryDistribute()
    {
        if (_isDistributed)
        {
            return true;
        }

        _isDistributed = true;
        return text.Distribute(Edits!.Edits);
    }
}
