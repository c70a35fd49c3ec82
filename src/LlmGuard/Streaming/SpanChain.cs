namespace LlmGuard.Streaming;

/// <summary>
/// One text of an answer on its way out: its choice's words, its reasoning, one block of it. Entries chain, each on its predecessor's output; what
/// the last one lets through is decided. Used by one thread at a time.
/// </summary>
/// <param name="stages">The entries' steps.</param>
/// <param name="asked">What they ask for where others run beside them; null where their edits are carried out.</param>
internal sealed class SpanChain(List<SpanStage> stages, AskedEdits? asked = null) : ITextSink
{
    public AskedEdits? Asked => asked;

    /// <summary>Offset up to which the text is decided, in the upstream's text.</summary>
    public long Decided { get; private set; }

    /// <summary>Bytes that have arrived.</summary>
    public long Length { get; private set; }

    /// <summary>The edits of what is decided, ascending, until <see cref="Forget"/> drops them.</summary>
    public List<DecidedEdit> Edits { get; } = [];

    /// <summary>Why the text does not go on, or null.</summary>
    public SpanStop? Stop { get; private set; }

    /// <summary>Bytes that wait, whichever step they wait at.</summary>
    public int Held => (int)(Length - Decided);

    public void Append(ReadOnlySpan<byte> text)
    {
        Length += text.Length;
        First.Plain(text);
    }

    private ITextSink First => stages.Count > 0 ? stages[0] : this;

    /// <summary>Has the entries decide what they can.</summary>
    /// <param name="isEnd">Whether the text ends here.</param>
    public void Advance(bool isEnd)
    {
        for (var i = 0; i < stages.Count; i++)
        {
            // A step that stops the text leaves it open for those behind it.
            stages[i].Advance(isEnd && Stop is null, i + 1 < stages.Count ? stages[i + 1] : this);
            Stop ??= stages[i].Stop;
        }
    }

    /// <summary>Drops the edits of text before an offset.</summary>
    public void Forget(long before)
    {
        if (Edits.Count > 0)
        {
            var count = 0;
            while (count < Edits.Count && Edits[count].End <= before)
            {
                count++;
            }

            Edits.RemoveRange(0, count);
        }

        asked?.Forget(before);
    }

    /// <summary>Whether an edit that is not forgotten begins before an offset.</summary>
    public bool HasEditBefore(long offset) => (Edits.Count > 0 && Edits[0].Start < offset) || asked?.Cross(offset) == true;

    /// <summary>Takes edits that have been carried out.</summary>
    public void Add(in DecidedEdit edit) => Edits.Add(edit);

    void ITextSink.Plain(ReadOnlySpan<byte> text) => Decided += text.Length;

    void ITextSink.Edited(ReadOnlySpan<byte> text, long originalStart, int originalLength)
    {
        Decided = originalStart + originalLength;
        Edits.Add(new DecidedEdit(originalStart, originalLength, text.ToArray()));
    }
}

/// <summary>An edit of a text that has been decided.</summary>
/// <param name="Start">Offset in the upstream's text.</param>
/// <param name="Length">Bytes it stands for.</param>
/// <param name="Utf8">What they become.</param>
internal readonly record struct DecidedEdit(long Start, int Length, ReadOnlyMemory<byte> Utf8)
{
    public long End => Start + Length;
}
