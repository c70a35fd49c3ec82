using LlmGuard.Planning;

namespace LlmGuard.Execution.Edits;

/// <summary>An edit that an entry asks for and that is not carried out yet, since others run beside it.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Edit">The edit.</param>
internal readonly record struct AskedEdit(PlanEntry Entry, SegmentEdit Edit)
{
    /// <summary>What edits of one content become.</summary>
    /// <param name="asked">The edits.</param>
    /// <param name="content">The content.</param>
    /// <param name="masks">What the call masks with.</param>
    public static TextEdit[] CarryOut(IReadOnlyCollection<AskedEdit> asked, GuardrailContent content, Masking.CallMasks masks) => asked.Count == 0
        ? []
        : EditRendering.Render(EditMerge.Merge([.. asked.OrderBy(static a => a.Entry.Order).Select(static a => a.Edit)]), content, masks);
}
