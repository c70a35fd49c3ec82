using LlmGuard.Execution.Edits;
using LlmGuard.Streaming;

namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>
/// Entries of finite reach and judges of whole text that rewrite side by side: both see the text that neither has edited. What they ask for is kept
/// until both have decided, and becomes one. Used by one thread at a time.
/// </summary>
/// <param name="run">The stream's judgement.</param>
/// <param name="pass">The entries of finite reach.</param>
/// <param name="mostShown">Most characters that the judges are shown at once.</param>
internal sealed class LiveMerge(StreamRun run, SpanPass pass, int mostShown)
{
    // What is kept is shown again, beside what is new.
    private readonly int _mostKept = Math.Min(EditMerge.LongestUnion, mostShown / 2);

    /// <summary>
    /// Carries out what was asked for of events that the judges let pass, as far as nothing that still comes can change it. Gives how many of the
    /// events that are; null when it touches what has left.
    /// </summary>
    /// <param name="byJudges">What the judges ask for, of the texts they were shown.</param>
    /// <param name="texts">Those texts that go on.</param>
    /// <param name="shown">The events.</param>
    public int? CarryOut(IEnumerable<(JudgedText Text, AskedEdit Asked)> byJudges,
        Dictionary<LiveChannel, JudgedText> texts, List<LiveEvent> shown)
    {
        foreach (var (text, asked) in byJudges)
        {
            if (!text.TryAsk(asked))
            {
                return null;
            }
        }

        foreach (var text in texts.Values)
        {
            text.Merge();
        }

        var count = Certain(shown);
        var ends = new Dictionary<LiveChannel, long>();
        foreach (var piece in shown.Take(count).SelectMany(static e => e.Pieces))
        {
            ends[piece.Channel] = piece.Start + piece.Length;
        }

        foreach (var (channel, end) in ends)
        {
            texts[channel].CarryOut(end, run.Masks);
        }

        shown.GetRange(0, count).ForEach(pass.Decide);
        return count;
    }

    /// <summary>
    /// How many events may leave before what follows: up to where nothing that was asked for reaches over the end of one, or, if that is far back, up
    /// to where it is known at least what it becomes.
    /// </summary>
    private int Certain(List<LiveEvent> shown)
    {
        HashSet<LiveChannel> crossed = [];
        HashSet<LiveChannel> open = [];
        var (uncrossed, certain, since) = (0, 0, 0L);
        for (var i = 0; i < shown.Count; i++)
        {
            foreach (var piece in shown[i].Pieces)
            {
                var (asked, end) = (piece.Channel.Chain.Asked!, piece.Start + piece.Length);
                Note(crossed, piece.Channel, asked.IsCrossed(end));
                Note(open, piece.Channel, !asked.MayCut(end));
                since += piece.Length;
            }

            certain = open.Count == 0 ? i + 1 : certain;
            (uncrossed, since) = crossed.Count == 0 ? (i + 1, 0) : (uncrossed, since);
        }

        return since > _mostKept ? certain : uncrossed;
    }

    private static void Note(HashSet<LiveChannel> channels, LiveChannel channel, bool isIn)
    {
        if (isIn)
        {
            channels.Add(channel);
        }
        else
        {
            channels.Remove(channel);
        }
    }
}
