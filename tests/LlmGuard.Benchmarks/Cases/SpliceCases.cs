using LlmGuard.Benchmarks.Bodies;
using LlmGuard.Benchmarks.Ordinary;
using LlmGuard.Benchmarks.Ratios;

namespace LlmGuard.Benchmarks.Cases;

/// <summary>Reading a body and carrying out known edits in it.</summary>
internal static class SpliceCases
{
    private const string Replacement = "[EMAIL]";

    public static IEnumerable<Comparison> All() => [Of(2 * 1024, 3), Of(64 * 1024, 24)];

    private static Comparison Of(int size, int edits) => new($"splice {edits} edits in {Suite.Show(size)}", () =>
    {
        var bodies = ChatBodies.Dirty(size).Select((body, place) => Prepare(body, place, edits)).ToArray();
        var (ours, ordinary) = (new Rotation<Prepared>(bodies), new Rotation<Prepared>(bodies));
        return (
            Side.Of("read and rewrite", () =>
            {
                var next = ours.Next();
                if (ChatText.Read(next.Body).Body.Rewrite(next.Edits, []).Bytes is null)
                {
                    throw new InvalidOperationException("Nothing was edited.");
                }
            }),
            Side.Of("JsonNode parse, mutate, serialise", () =>
            {
                var next = ordinary.Next();
                NodeSplice.Replace(next.Body, next.Places, Replacement);
            }));
    });

    /// <summary>Spreads the edits over the messages of a body.</summary>
    private static Prepared Prepare(byte[] body, int place, int count)
    {
        var address = ChatBodies.Address(place);
        var messages = ChatText.Read(body).Content.Where(s => s.Kind == SegmentKind.Message).ToArray();
        var chosen = Enumerable.Range(0, count).Select(i => i * messages.Length / count).Distinct().ToArray();
        return new Prepared(
            body,
            [.. chosen.Select(i => new TextEdit(messages[i].Index, Span(messages[i]), "[EMAIL]"u8.ToArray()))],
            [.. chosen.Select(i => (i, Span(messages[i]).Start, address.Length))]);

        // The address stands before any character that takes more than one byte.
        TextSpan Span(Segment segment) => new(segment.Text.IndexOf(address, StringComparison.Ordinal), address.Length);
    }

    private sealed record Prepared(byte[] Body, TextEdit[] Edits, (int Message, int Start, int Length)[] Places);
}
