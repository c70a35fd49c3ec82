using LlmGuard.Plugins.DataMasking.Masks;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Patterns;

namespace LlmGuard.Plugins.DataMasking;

/// <summary>What a rule is called and what its matches become. Immutable once its plan is made.</summary>
/// <param name="Id">Stable id.</param>
/// <param name="Type">What it finds.</param>
/// <param name="Action">What happens to its matches.</param>
/// <param name="Match">What a match becomes.</param>
/// <param name="Union">What a span becomes of which the match is only a part.</param>
/// <param name="Text">The fixed text, which tells nothing of the match.</param>
internal sealed record MaskingRule(string Id, string Type, MaskAction Action, Replacement Match, Replacement Union, Replacement Text)
{
    /// <summary>
    /// Longest match in bytes that a replacement is made of. A longer one is reported in pieces, of which no hash or placeholder says what it was.
    /// </summary>
    public const int MaxValueBytes = PatternRun.MaxPiece - 4;

    private static readonly Replacement Nothing = Replacement.Literal("");

    /// <summary>Whether a mask has as many code points as what it stands for.</summary>
    public bool KeepsLength { get; init; }

    /// <summary>What does not count although it matches; null for none.</summary>
    public Exceptions? Exceptions { get; init; }

    /// <summary>Partial masks that must know what else is looked for.</summary>
    public PartialMask? Partial { get; init; }

    /// <summary>What a span becomes; null when it must not pass. Without a meaning for <see cref="MaskAction.Flag"/>.</summary>
    /// <param name="span">The span.</param>
    public Replacement? For(in ScanSpan span) => Action switch
    {
        MaskAction.Block => null,
        MaskAction.Mask when span.IsTail && !KeepsLength => Nothing,
        MaskAction.Mask or MaskAction.Flag => span.IsUnion ? Union : Match,
        _ when span.IsTail || span.Length >= MaxValueBytes => null,
        _ => span.IsUnion ? Union : Match,
    };

    /// <summary>What one part's piece of a span across parts becomes; null when it must not pass.</summary>
    /// <param name="span">The span.</param>
    /// <param name="isMasked">Whether another part has the mask already.</param>
    public Replacement? ForPiece(in ScanSpan span, bool isMasked) =>
        Action == MaskAction.Block ? null
        : KeepsLength ? (span.IsUnion ? Union : Match)
        : span.IsTail || isMasked ? Nothing

        // What is made of a value would be made of one piece of it only.
        : Text;
}
