namespace LlmGuard;

/// <summary>
/// Numbers of the roles and kinds that a policy can name, 0 being unknown. Any other is <see cref="Open"/> and has to be kept as it is.
/// </summary>
internal static class KnownNames
{
    public const byte Open = byte.MaxValue;

    private static readonly SegmentRole[] Roles =
        [SegmentRole.Unknown, SegmentRole.System, SegmentRole.User, SegmentRole.Assistant, SegmentRole.Tool];

    private static readonly SegmentKind[] Kinds =
    [
        SegmentKind.Unknown, SegmentKind.Message, SegmentKind.ToolCall, SegmentKind.ToolResult,
        SegmentKind.ToolDefinition, SegmentKind.Reasoning, SegmentKind.Refusal,
        SegmentKind.Document, SegmentKind.Error, SegmentKind.Key, SegmentKind.Header, SegmentKind.Path, SegmentKind.Query, SegmentKind.Metadata,
    ];

    public static SegmentRole RoleAt(byte number) => Roles[number];

    public static SegmentKind KindAt(byte number) => Kinds[number];

    public static byte Of(SegmentRole role)
    {
        // Nearly always one of these very objects, which takes no look at the letters.
        for (var i = 0; i < Roles.Length; i++)
        {
            if (ReferenceEquals(Roles[i].Value, role.Value))
            {
                return (byte)i;
            }
        }

        for (var i = 0; i < Roles.Length; i++)
        {
            if (Roles[i].Value == role.Value)
            {
                return (byte)i;
            }
        }

        return Open;
    }

    public static byte Of(SegmentKind kind)
    {
        // Nearly always one of these very objects, which takes no look at the letters.
        for (var i = 0; i < Kinds.Length; i++)
        {
            if (ReferenceEquals(Kinds[i].Value, kind.Value))
            {
                return (byte)i;
            }
        }

        for (var i = 0; i < Kinds.Length; i++)
        {
            if (Kinds[i].Value == kind.Value)
            {
                return (byte)i;
            }
        }

        return Open;
    }
}
