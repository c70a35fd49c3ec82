using System.Text.Json;
using LlmGuard.Plugins.ExternalApi.Requests;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.ExternalApi.Answers;

/// <summary>How <c>masks</c> says to read what is to be masked: spans of <c>/input</c>, or the whole text with the masks in it. Immutable.</summary>
internal sealed class MaskReading
{
    private readonly AnswerPath? _text;
    private readonly AnswerPath _spans;
    private readonly AnswerPath _start;
    private readonly AnswerPath? _end;
    private readonly AnswerPath? _length;
    private readonly AnswerPath? _replacement;
    private readonly OffsetUnit _unit;
    private readonly Replacement _default;

    private MaskReading(GuardrailSettings masks)
    {
        var none = AnswerPath.Parse("");
        _text = masks.Parsed<AnswerPath?>("text", AnswerPath.Parse, null);
        _spans = masks.Parsed("spans", AnswerPath.Parse, none);
        _start = masks.Parsed("start", AnswerPath.Parse, AnswerPath.Parse("/start"));
        _length = masks.Parsed<AnswerPath?>("length", AnswerPath.Parse, null);
        _end = masks.Parsed("end", AnswerPath.Parse, _length is null ? AnswerPath.Parse("/end") : null);
        _replacement = masks.Parsed<AnswerPath?>("replacement", AnswerPath.Parse, null);
        _unit = masks.Choice(
            "unit",
            OffsetUnit.CodePoints,
            KeyValuePair.Create("bytes", OffsetUnit.Bytes),
            KeyValuePair.Create("code_points", OffsetUnit.CodePoints),
            KeyValuePair.Create("utf16", OffsetUnit.Utf16));
        _default = Replacement.Literal(masks.String("mask_with", "[MASKED]"));
    }

    /// <summary>Whether the answer holds the text itself, so that a request may hold one text only.</summary>
    public bool IsWholeText => _text is not null;

    /// <summary>Reads <c>masks</c>; null when the answer's masks do not count.</summary>
    public static MaskReading? Read(GuardrailSettings settings)
    {
        var masks = settings.Object("masks");
        var reading = new MaskReading(masks);
        if (!settings.Has("masks"))
        {
            return null;
        }

        if (masks.Has("text") == masks.Has("spans"))
        {
            masks.Problem("spans", "give either \"spans\" (a list of places) or \"text\" (the whole text with the masks in it)");
        }

        if (masks.Has("end") && masks.Has("length"))
        {
            masks.Problem("length", "give either \"end\" or \"length\"");
        }

        masks.RefuseIdle(masks.Has("text"), "on \"text\", which needs no \"spans\"", "start", "end", "length", "replacement", "unit", "mask_with");

        return reading;
    }

    /// <summary>Reads the masks of an answer.</summary>
    /// <exception cref="UnusableAnswerException">They are not there, or not where the text is.</exception>
    public GuardrailVerdict Read(JsonElement answer, Question question, IReadOnlyList<GuardrailFinding> findings, bool mustMask)
    {
        var masks = new TextMasks(question);
        if (_text is not null)
        {
            masks.Replace(question.Texts[0], _text.Single(answer));
            return masks.Conclude(findings, mustMask);
        }

        OffsetMap? offsets = null;
        foreach (var item in _spans.Single(answer).Items())
        {
            offsets ??= new OffsetMap(question.Input.Span, _unit);
            var start = _start.Single(item).Int32(0, int.MaxValue - 1);
            var end = _length is null ? _end!.Single(item).Int32(0, int.MaxValue) : start + _length.Single(item).Int32(1, int.MaxValue - start);
            var replacement = _replacement?.Optional(item) is { } text ? question.Replacements.Literal(text.Text()) : _default;
            foreach (var (passage, span) in question.Map(offsets.SpanOf(start, end)))
            {
                masks.Add(passage, span, replacement);
            }
        }

        return masks.Conclude(findings, mustMask);
    }
}
