namespace LlmGuard.Execution.Background;

/// <summary>The detached copies a call keeps for its later stages, within the process-wide budget.</summary>
internal sealed class CallCopies(HeldBytesBudget budget)
{
    private long _taken;

    /// <summary>The request as its stages left it, or null when it was not kept.</summary>
    public GuardrailContent? Request { get; private set; }

    /// <summary>The answer as its stage left it, or null when it was not kept.</summary>
    public GuardrailContent? Response { get; private set; }

    /// <summary>Whether a copy was wanted and there was no room for it.</summary>
    public bool IsIncomplete { get; private set; }

    /// <summary>Copies the content; false when the budget has no room.</summary>
    public bool TryKeep(GuardrailContent content, bool isResponse)
    {
        var size = ContentSize.Of(content);
        if (!budget.TryTake(size))
        {
            IsIncomplete = true;
            return false;
        }

        Interlocked.Add(ref _taken, size);
        if (isResponse)
        {
            Response = content.Detach();
        }
        else
        {
            Request = content.Detach();
        }

        return true;
    }

    /// <summary>A copy was wanted, and there is none.</summary>
    public void Miss() => IsIncomplete = true;

    /// <summary>Gives the room back.</summary>
    public void Return()
    {
        budget.Return(Interlocked.Exchange(ref _taken, 0));
        Request = null;
        Response = null;
    }
}
