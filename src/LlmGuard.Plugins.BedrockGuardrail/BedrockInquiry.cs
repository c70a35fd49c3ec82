using System.Net.Http.Headers;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.BedrockGuardrail;

/// <summary>One request to Bedrock Runtime.</summary>
internal abstract class BedrockInquiry(Uri address) : JudgeInquiry
{
    public override Uri Address => address;

    public override bool IsAboutConfiguration(int status, HttpResponseHeaders headers, ReadOnlySpan<byte> error) =>
        BedrockError.Read(headers, error).IsAboutConfiguration;

    /// <summary>Where findings about a passage lie: its span when it comes from one segment.</summary>
    protected static (int Segment, TextSpan Span) PlaceOf(Remote.Texts.Passage passage) => passage.Parts is [var part]
        ? (part.Segment.Index, new TextSpan(part.SegmentStart, part.Length))
        : (-1, default);
}
