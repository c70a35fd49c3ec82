using LlmGuard.Remote.Texts;

namespace LlmGuard.Plugins.BedrockGuardrail.Settings;

/// <summary>Whether answers are checked against their sources. Immutable.</summary>
/// <param name="Sources">Which segments of the request are sources.</param>
/// <param name="IsRequired">Whether an answer without sources or query is not to pass.</param>
internal sealed record GroundingSettings(IReadOnlyList<SegmentKind> Sources, bool IsRequired)
{
    /// <summary>Most characters of all sources together.</summary>
    public const int MaxSource = 100_000;

    /// <summary>Most characters of the query.</summary>
    public const int MaxQuery = 1000;

    private static readonly SegmentKind[] Possible = [SegmentKind.Document, SegmentKind.ToolResult, SegmentKind.Message];

    private static readonly SegmentKind[] Usual = [SegmentKind.Document, SegmentKind.ToolResult];

    /// <summary>How much of an answer is checked at once.</summary>
    public static TextLimit Answer { get; } = new(TextUnit.Utf16, 5000, 500);

    /// <summary>Reads the object <c>grounding</c>; null when it is absent.</summary>
    public static GroundingSettings? Read(GuardrailSettings settings)
    {
        var isGiven = settings.Has("grounding");
        var grounding = settings.Object("grounding");
        var names = grounding.Strings("sources");
        var sources = new List<SegmentKind>();
        for (var i = 0; i < names.Count; i++)
        {
            if (Possible.FirstOrDefault(k => k.Value == names[i]) is { IsKnown: true } kind)
            {
                sources.Add(kind);
            }
            else
            {
                grounding.Problem("sources", i, "expected \"document\", \"tool_result\" or \"message\" (the messages of the system)");
            }
        }

        grounding.RefuseEmpty("sources");
        grounding.RefuseRepeated("sources", names);
        var isRequired = grounding.Boolean("required", false);
        return isGiven ? new GroundingSettings(sources.Count > 0 ? sources : Usual, isRequired) : null;
    }

    /// <summary>Whether a segment of the request is a source. Of messages only the application's own are.</summary>
    public bool IsSource(Segment segment) =>
        segment.Payload == PayloadKind.Text
        && Sources.Contains(segment.Kind)
        && (segment.Kind != SegmentKind.Message || segment.Role == SegmentRole.System);
}
