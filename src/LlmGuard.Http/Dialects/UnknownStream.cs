using LlmGuard.Http.Dialects.Places;

namespace LlmGuard.Http.Dialects;

/// <summary>
/// The events of a stream whose dialect is not known. By convention a <c>delta</c> is a piece of a text that goes on in the next event, so the
/// deltas of one place are read as one; everything else is walked event by event.
/// </summary>
internal static class UnknownStream
{
    public static Place Event { get; } = Expect.Object(
        static (walk, token, context) => context with
        {
            Position = context.Position with
            {
                Block = Index(walk, token, "outputindex"u8),
                Choice = Math.Max(Index(walk, token, "contentindex"u8), Index(walk, token, "summaryindex"u8)),
            },
        },
        ("delta", Expect.Streamed("delta", SegmentKind.Unknown)));

    private static int Index(Json.JsonWalk walk, int token, ReadOnlySpan<byte> name) =>
        walk.Integer(walk.Find(token, name)) is >= 0 and <= int.MaxValue and var index ? (int)index : -1;
}
