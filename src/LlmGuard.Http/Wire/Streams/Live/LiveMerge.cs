using LlmGuard.Execution.Edits;
using LlmGuard.Streaming;

namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>
/// Entries of finite reach and judges of whole text that rewrite side by side: both see the text that neither has edited. What they ask for is kept
/// until both have decided, and becomes one. Used by one thread at a time.
/// </summary>
/// <param name="run">The stream's judgement.</param>
/// <param name="pass">The entries of finite reach.</param>
internal sealed class LiveMerge(StreamRun run, SpanPass pass)
{
    private readonly HashSet<LiveChannel> _crossed = [];

    /// <summary>Takes note of the next event; true when nothing asked for reaches over its end, so that it may leave before what follows.</summary>
    public bool Closes(LiveEvent next)
    {
        foreach (var piece in next.Pieces)
        {
            if (piece.Channel.Chain.Asked!.MayCut(piece.Start + piece.Length))
            {
                _crossed.Remove(piece.Channel);
            }
            else
            {
                _crossed.Add(piece.Channel);
            }
        }

        return _crossed.Count == 0;
    }

    /// <summary>Carries out what was asked for of events that the judges let pass; false when it touches what has left.</summary>
    /// <param name="byJudges">What the judges ask for, of the texts they were shown.</param>
    /// <param name="texts">Those texts that go on.</param>
    /// <param name="passed">The events.</param>
    public bool TryCarryOut(IEnumerable<(JudgedText Text, AskedEdit Asked)> byJudges,
        Dictionary<LiveChannel, JudgedText> texts, List<LiveEvent> passed)
    {
        foreach (var (text, asked) in byJudges)
        {
            if (!text.TryAsk(asked))
            {
                return false;
            }
        }

        foreach (var (channel, text) in texts)
        {
            text.CarryOut(channel.Chain, run.Masks);
        }

        passed.ForEach(pass.Decide);
        return true;
    }
}
