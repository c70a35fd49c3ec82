using LlmGuard.Plugins.NomaRuntimeProtection.Diagnostics;
using LlmGuard.Plugins.NomaRuntimeProtection.Protocols;
using LlmGuard.Plugins.NomaRuntimeProtection.Settings;
using LlmGuard.Remote.Judging;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Plugins.NomaRuntimeProtection;

/// <summary>Which questions a content makes: a request as one conversation, an answer choice by choice, an image by itself.</summary>
internal sealed class NomaJudge(NomaSettings settings, Symptoms symptoms) : IRemoteJudge
{
    /// <summary>Most bytes of text in one request.</summary>
    public const int MaxRequestBytes = 64 * 1024;

    /// <summary>Most texts in one request.</summary>
    public const int MaxTexts = 256;

    /// <summary>Up to so many texts are asked one by one when masks are wanted: an answer about one text leaves no doubt which it means.</summary>
    public const int MaxSingleTexts = 16;

    /// <summary>A longer text is cut into such windows.</summary>
    public static TextLimit Window { get; } = new(TextUnit.Bytes, 32 * 1024, 2 * 1024);

    public IReadOnlyList<JudgeInquiry> Plan(GuardrailCall call)
    {
        var inquiries = new List<JudgeInquiry>(1);
        var texts = settings.Protocol == NomaProtocol.Aggregate && !settings.Anonymizes
            ? Passages.Together(call.Content, Window, IsSent)
            : Passages.Each(call.Content, Window, IsSent);
        NomaContext? context = null;
        foreach (var batch in Batches(texts, call.IsResponse))
        {
            inquiries.Add(InquiryOf(call, context ??= NomaContext.Of(call, settings, symptoms), batch));
        }

        foreach (var segment in call.Content)
        {
            if (settings.Images && segment is { Payload: PayloadKind.Binary, Uninspected: UninspectedKind.Image }
                && ScanItem.CanSend(segment) && IsSent(segment))
            {
                inquiries.Add(InquiryOf(call, context ??= NomaContext.Of(call, settings, symptoms), segment));
            }
        }

        return inquiries;
    }

    private bool IsSent(Segment segment) => settings.ToolTraffic || !ScanItem.IsToolTraffic(segment);

    private IEnumerable<Passage[]> Batches(List<Passage> texts, bool isResponse)
    {
        if (settings.Protocol == NomaProtocol.Aggregate)
        {
            return texts.Select(text => new[] { text });
        }

        var most = settings.Protocol == NomaProtocol.Scan && settings.Anonymizes && texts.Count <= MaxSingleTexts ? 1 : MaxTexts;
        return texts
            .GroupBy(text => isResponse ? text.First.Position.Choice : 0)
            .SelectMany(choice => Passages.Batches([.. choice], TextUnit.Bytes, MaxRequestBytes, most));
    }

    private NomaInquiry InquiryOf(GuardrailCall call, NomaContext context, Passage[] batch) => settings.Protocol switch
    {
        NomaProtocol.Aggregate => new AggregateInquiry(call, settings, context, batch[0]),
        NomaProtocol.Guardrail => new GuardrailInquiry(call, settings, context, batch, null),
        _ => new ScanInquiry(call, settings, context, ScanItem.Of(batch, call.IsResponse)),
    };

    private NomaInquiry InquiryOf(GuardrailCall call, NomaContext context, Segment image) => settings.Protocol == NomaProtocol.Guardrail
        ? new GuardrailInquiry(call, settings, context, [], image)
        : new ScanInquiry(call, settings, context, [new ScanItem(ScanItemKind.Image, image, [], call.IsResponse)]);
}
