using System.Buffers;
using LlmGuard.Execution.Background;

namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>What left of an answer, for entries and sinks that read it afterwards. Given up when it would be too much to keep.</summary>
internal sealed class Transcript(HeldBytesBudget budget, long limit) : IDisposable
{
    private readonly Dictionary<LiveChannel, ArrayBufferWriter<byte>> _texts = [];
    private readonly List<(SegmentInfo Info, byte[] Text)> _whole = [];
    private readonly HashSet<(SegmentInfo Info, string Text)> _seen = [];
    private long _taken;
    private bool _isGivenUp;

    public void Add(LiveEvent released)
    {
        var content = released.Current;
        foreach (var piece in released.Pieces)
        {
            var text = content.At(piece.Segment).Utf8.Span;
            if (TryTake(text.Length))
            {
                if (!_texts.TryGetValue(piece.Channel, out var kept))
                {
                    _texts.Add(piece.Channel, kept = new ArrayBufferWriter<byte>());
                }

                kept.Write(text);
            }
        }

        foreach (var segment in content)
        {
            if (segment.Payload == PayloadKind.Text && segment.Data.Info.Join < Json.JsonStreamState.FirstJoin)
            {
                AddWhole(segment);
            }
        }

        foreach (var call in released.Calls.Where(static c => !c.IsKept))
        {
            call.IsKept = true;
            foreach (var leaf in call.Edits!.Current)
            {
                AddWhole(leaf);
            }
        }
    }

    /// <summary>What was kept, or null when it was too much.</summary>
    public GuardrailContent? ToContent()
    {
        if (_isGivenUp)
        {
            return null;
        }

        var builder = new GuardrailContentBuilder();
        foreach (var (info, text) in _whole)
        {
            builder.AddValidText(text, info);
        }

        foreach (var (channel, text) in _texts)
        {
            builder.AddValidText(text.WrittenMemory, channel.Info);
        }

        return builder.Build();
    }

    public void Dispose()
    {
        budget.Return(_taken);
        _taken = 0;
    }

    private void AddWhole(Segment segment)
    {
        var info = segment.Data.Info with { Join = -1 };
        if (!_seen.Contains((info, segment.Text)) && TryTake(3L * segment.Utf8.Length))
        {
            _seen.Add((info, segment.Text));
            _whole.Add((info, segment.Utf8.ToArray()));
        }
    }

    private bool TryTake(long bytes)
    {
        if (_isGivenUp || _taken + bytes > limit || !budget.TryTake(bytes))
        {
            _isGivenUp = true;
            return false;
        }

        _taken += bytes;
        return true;
    }
}
