using LlmGuard.Benchmarks.Bodies;
using LlmGuard.Benchmarks.Ordinary;
using LlmGuard.Benchmarks.Ratios;
using LlmGuard.Http.Json;
using LlmGuard.Http.Json.Edits;
using LlmGuard.Http.Json.Locating;

namespace LlmGuard.Benchmarks.Cases;

/// <summary>Reading a body and carrying out known edits in it.</summary>
internal static class SpliceCases
{
    private const string Replacement = "[EMAIL]";

    public static IEnumerable<Comparison> All() => [Splice(2 * 1024, 3), Splice(64 * 1024, 24), Rewrite(2 * 1024, 3), Rewrite(64 * 1024, 24)];

    /// <summary>
    /// Locating and splicing alone: the texts are neither unescaped nor made segments of, and the result goes where there is room already.
    /// </summary>
    private static Comparison Splice(int size, int edits) => new($"splice {edits} edits in {Suite.Show(size)}", () =>
    {
        var bodies = Bodies(size, edits);
        var (ours, ordinary) = (new Rotation<Prepared>(bodies), new Rotation<Prepared>(bodies));
        var room = new byte[bodies.Max(b => b.Body.Length) * 2];
        var raw = new RawEdit[edits];
        return (
            Side.Of("locate, splice, look at what was edited", () =>
            {
                var next = ours.Next();
                using var tape = JsonTape.Rent();
                if (JsonLocator.Instance.Locate(next.Body, 64, int.MaxValue, tape) != JsonLocateStatus.Ok)
                {
                    throw new InvalidOperationException("The benchmark's own body cannot be read.");
                }

                var mapped = raw.AsSpan(0, next.Edits.Length);
                var mapper = new RawEditMapper(next.Body);
                for (var i = 0; i < mapped.Length; i++)
                {
                    var token = tape[next.Tokens[i]];
                    var origin =
                        new SegmentOrigin { Kind = OriginKind.String, Start = token.Start, Length = token.Length, HasEscapes = token.HasEscapes };
                    mapped[i] = mapper.Map(origin, next.Edits[i].Span, next.Edits[i].Utf8)!.Value;
                }

                var result = room.AsSpan(0, JsonSplice.LengthOf(next.Body, mapped));
                JsonSplice.Write(next.Body, mapped, result);
                if (!JsonSplice.IsKept(next.Body, mapped, result))
                {
                    throw new InvalidOperationException("The benchmark's own edits break the body.");
                }
            }),
            Ordinary(ordinary));
    });

    /// <summary>What a guarded request does: all texts become segments, and the edited body is an array of its own.</summary>
    private static Comparison Rewrite(int size, int edits) => new($"splice with segments, {edits} edits in {Suite.Show(size)}", () =>
    {
        var bodies = Bodies(size, edits);
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
            Ordinary(ordinary));
    });

    private static Side Ordinary(Rotation<Prepared> bodies) => Side.Of("JsonNode parse, mutate, serialise", () =>
    {
        var next = bodies.Next();
        NodeSplice.Replace(next.Body, next.Places, Replacement);
    });

    private static Prepared[] Bodies(int size, int edits) => [.. ChatBodies.Dirty(size).Select((body, place) => Prepare(body, place, edits))];

    /// <summary>Spreads the edits over the messages of a body.</summary>
    private static Prepared Prepare(byte[] body, int place, int count)
    {
        var address = ChatBodies.Address(place);
        var messages = ChatText.Read(body).Content.Where(s => s.Kind == SegmentKind.Message).ToArray();
        var chosen = Enumerable.Range(0, count).Select(i => i * messages.Length / count).Distinct().ToArray();
        return new Prepared(
            body,
            [.. chosen.Select(i => new TextEdit(messages[i].Index, Span(messages[i]), "[EMAIL]"u8.ToArray()))],
            [.. chosen.Select(i => (i, Span(messages[i]).Start, address.Length))],
            TokensOf(body, chosen));

        // The address stands before any character that takes more than one byte.
        TextSpan Span(Segment segment) => new(segment.Text.IndexOf(address, StringComparison.Ordinal), address.Length);
    }

    /// <summary>The tokens of some messages' texts.</summary>
    private static int[] TokensOf(byte[] body, int[] messages)
    {
        using var tape = JsonTape.Rent();
        JsonLocator.Instance.Locate(body, 64, int.MaxValue, tape);
        var texts = Enumerable.Range(1, tape.Count - 1).Where(i => tape[i - 1].Kind == JsonTokenKind.Key
            && body.AsSpan(tape[i - 1].Start, tape[i - 1].Length).SequenceEqual("content"u8)).ToArray();
        return [.. messages.Select(m => texts[m])];
    }

    private sealed record Prepared(byte[] Body, TextEdit[] Edits, (int Message, int Start, int Length)[] Places, int[] Tokens);
}
