using System.Text.Json;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Plugins.ToxicityOpenAI;

/// <summary>Texts, each with a result of its own.</summary>
internal sealed class TextInquiry(ModerationSettings settings, Passage[] passages) : ModerationInquiry(settings)
{
    protected override int Inputs => passages.Length;

    protected override bool ReadsImage => false;

    protected override void WriteInput(Utf8JsonWriter body)
    {
        if (passages.Length == 1)
        {
            body.WriteStringValue(passages[0].Utf8.Span);
            return;
        }

        body.WriteStartArray();
        foreach (var passage in passages)
        {
            body.WriteStringValue(passage.Utf8.Span);
        }

        body.WriteEndArray();
    }

    protected override (int Segment, TextSpan Span) PlaceOf(int input)
    {
        var part = passages[input].Parts[0];
        return (part.Segment.Index, new TextSpan(part.SegmentStart, part.Length));
    }
}
