using LlmGuard.Execution.Edits;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>A text that only makes sense whole (a tool call's arguments) and is assembled before any piece of it leaves.</summary>
internal sealed class LiveCall(AssembledText text)
{
    private bool _isDistributed;

    public AssembledText Text => text;

    /// <summary>Whether the entries of finite reach have judged it.</summary>
    public bool IsDecided => Edits is not null;

    /// <summary>Its texts, and what became of them; null while pieces are missing.</summary>
    public EditComposition? Edits { get; set; }

    /// <summary>Whether the judges of whole text have been shown it.</summary>
    public bool IsShown { get; set; }

    /// <summary>Whether it is kept for those who read the answer afterwards.</summary>
    public bool IsKept { get; set; }

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
