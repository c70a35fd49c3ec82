using System.Text.Json;
using LlmGuard.Plugins.NomaRuntimeProtection.Settings;
using LlmGuard.Plugins.NomaRuntimeProtection.Verdicts;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.NomaRuntimeProtection.Protocols;

/// <summary>One request to <c>POST /ai-dr/v2/prompt/scan</c>: a conversation, or one choice of an answer.</summary>
internal sealed class ScanInquiry(GuardrailCall call, NomaSettings settings, NomaContext context, IReadOnlyList<ScanItem> items)
    : NomaInquiry(call, settings, context)
{
    public override void WriteBody(Utf8JsonWriter body)
    {
        body.WriteStartObject();
        body.WriteStartArray("input"u8);
        foreach (var item in items)
        {
            item.Write(body);
        }

        body.WriteEndArray();
        if (Call.Model is { Length: > 0 } model)
        {
            body.WriteString("model"u8, model);
        }

        body.WriteStartObject("x-noma-context"u8);
        Context.WriteTo(body, IsCached);
        body.WriteEndObject();
        body.WriteEndObject();
    }

    public override GuardrailVerdict Read(JudgeAnswer answer)
    {
        var isUnsafe = answer.Root.Optional("aggregatedScanResult")?.Boolean();
        var action = answer.Root.Optional("aggregatedAction")?.Text();
        var results = ScanResult.AllOf(answer.Root);
        var decision = action is not null ? Decisions.OfAction(action, isUnsafe ?? false)
            : isUnsafe is { } verdict ? Decisions.OfVerdict(verdict, results, Settings.Anonymizes)
            : throw new UnusableAnswerException();
        return Conclude(decision, results, () => Masks(results));
    }

    private PassageMasks? Masks(IReadOnlyList<ScanResult> results)
    {
        var masks = new PassageMasks(Call);
        var count = 0;
        foreach (var (item, result) in Pairs(results))
        {
            if (item is null || Place(item, result, masks) is not { } placed)
            {
                return null;
            }

            count += placed;
        }

        return count > 0 ? masks : null;
    }

    /// <summary>Which item a result is about; null when that is not certain.</summary>
    private IEnumerable<(ScanItem? Item, ScanResult Result)> Pairs(IReadOnlyList<ScanResult> results)
    {
        var isItemByItem = results.Count == items.Count && !results.Where((r, i) => r.Role is not null && r.Role != items[i].Role).Any();
        for (var i = 0; i < results.Count; i++)
        {
            yield return (isItemByItem ? items[i] : OnlyOneOf(results, results[i].Role), results[i]);
        }
    }

    // An answer by role says enough when there is one text and one result of that role.
    private ScanItem? OnlyOneOf(IReadOnlyList<ScanResult> results, string? role)
    {
        var candidates = items.Where(i => i.Role == role).Take(2).ToArray();
        return candidates.Length == 1 && results.Count(r => r.Role == role) == 1 ? candidates[0] : null;
    }

    private static int? Place(ScanItem item, ScanResult result, PassageMasks masks)
    {
        if (result.Anonymized is null)
        {
            return result.HasTriggered ? null : 0;
        }

        return item.Maskable is not { } passage ? null
            : AsteriskMasks.Place(passage, result.Anonymized, masks) is { } placed && (placed > 0 || !result.HasTriggered) ? placed
            : null;
    }
}
