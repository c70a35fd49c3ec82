using System.Text.Json;
using LlmGuard.Remote.Judging;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Remote.Tests.Doubles;

/// <summary>Asks the <see cref="EchoCloud"/> about every passage by itself.</summary>
internal sealed class EchoJudge(Uri address, TextLimit? limit = null) : IRemoteJudge
{
    private static readonly TextLimit Default = new(TextUnit.Bytes, 1024, 128);

    public IReadOnlyList<JudgeInquiry> Plan(GuardrailCall call) =>
        call.Content.Count > 0 && call.Content[0].Text == "THROW" ? throw new FormatException("quotes THROW")
        : call.Content.Count > 0 && call.Content[0].Text == "REFUSE" ? throw new UninspectableContentException(FailureReasons.Uninspected)
        : [.. Passages.Each(call.Content, limit ?? Default).Select(p => new EchoInquiry(address, p))];

    private sealed class EchoInquiry(Uri address, Passage passage) : JudgeInquiry
    {
        public override Uri Address => address;

        public override void WriteBody(Utf8JsonWriter body) => body.WriteStringValue(passage.Utf8.Span);

        public override GuardrailVerdict Read(JudgeAnswer answer) => answer.Root.Required("bad").Boolean()
            ? GuardrailVerdict.Block(
                null, new GuardrailFinding("bad", "test", passage.First.Index, new TextSpan(passage.Parts[0].SegmentStart, passage.Utf8.Length)))
            : GuardrailVerdict.Allow;
    }
}
