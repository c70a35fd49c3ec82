using LlmGuard.Execution.Edits;

namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>What judges of whole text are shown at once: texts, or a stretch of one that is longer than a window may be.</summary>
internal sealed class LiveWindow
{
    private readonly GuardrailContentBuilder _builder = new();
    private readonly List<(JudgedText Text, int Start)> _parts = [];

    private int Length { get; set; }

    public GuardrailContent Content => _builder.Build();

    /// <summary>The texts in windows of at most so many bytes; stretches of a long text overlap by an eighth.</summary>
    public static List<LiveWindow> Of(IEnumerable<JudgedText> texts, int most)
    {
        var windows = new List<LiveWindow> { new() };
        foreach (var text in texts)
        {
            var utf8 = text.Utf8;
            if (windows[^1].Length > 0 && windows[^1].Length + utf8.Length > most)
            {
                windows.Add(new LiveWindow());
            }

            for (var start = 0; ;)
            {
                var end = start + Math.Min(most, utf8.Length - start);
                end = end == utf8.Length ? end : CodePointStart(utf8.Span, end);
                windows[^1].Add(text, start, utf8[start..end]);
                if (end == utf8.Length)
                {
                    break;
                }

                start = CodePointStart(utf8.Span, end - (most / 8));
                windows.Add(new LiveWindow());
            }
        }

        return windows;
    }

    /// <summary>The edits made of this window, as edits of the texts.</summary>
    public IEnumerable<(JudgedText Text, TextEdit Edit)> Map(IEnumerable<TextEdit> edits)
    {
        foreach (var edit in edits)
        {
            var (text, start) = _parts[edit.Segment];
            yield return (text, edit with { Span = edit.Span with { Start = start + edit.Span.Start } });
        }
    }

    /// <summary>What is asked for of this window, as asked for of the texts.</summary>
    public IEnumerable<(JudgedText Text, AskedEdit Asked)> Map(IEnumerable<AskedEdit> asked)
    {
        foreach (var (entry, edit) in asked)
        {
            var (text, start) = _parts[edit.Segment];
            yield return (text, new AskedEdit(entry, edit with { Segment = 0, Span = edit.Span with { Start = start + edit.Span.Start } }));
        }
    }

    private void Add(JudgedText text, int start, ReadOnlyMemory<byte> utf8)
    {
        _parts.Add((text, start));
        _builder.AddValidText(utf8, text.Info);
        Length += utf8.Length;
    }

    private static int CodePointStart(ReadOnlySpan<byte> text, int at)
    {
        while ((text[at] & 0xC0) == 0x80)
        {
            at--;
        }

        return at;
    }
}
