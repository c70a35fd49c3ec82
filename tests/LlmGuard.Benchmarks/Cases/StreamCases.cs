using LlmGuard.Benchmarks.Bodies;
using LlmGuard.Benchmarks.Ordinary;
using LlmGuard.Benchmarks.Ratios;

namespace LlmGuard.Benchmarks.Cases;

/// <summary>data_masking with all entities over a stream: from the bytes of an event to the bytes that leave.</summary>
internal static class StreamCases
{
    public static IEnumerable<Comparison> All() =>
    [
        Of("stream, per event, data_masking", ChatEvents.All, eventsAtOnce: 1),
        Of("stream, per event with padding, data_masking", ChatEvents.Padded, eventsAtOnce: 1),
        Of("stream, per event of 20 in one read, data_masking", ChatEvents.All, eventsAtOnce: 20),
        Of("stream, per event with padding of 20 in one read, data_masking", ChatEvents.Padded, eventsAtOnce: 20),
        Of("stream, per message of ConverseStream, data_masking", FramedEvents.Messages, 1, FramedEvents.OpenMessagesAsync),
        Of("stream, per item of an array of Gemini, data_masking", FramedEvents.Items, 1, FramedEvents.OpenItemsAsync),
    ];

    private static Comparison Of(string name, IReadOnlyList<byte[]> events, int eventsAtOnce, Func<Task<GuardedEvents>>? open = null) =>
        new(name, async () =>
    {
        var guarded = open is null ? await GuardedEvents.OpenAsync() : await open();
        var window = new RegexWindow();
        var reads = new Rotation<byte[]>([.. events.Chunk(eventsAtOnce).Where(c => c.Length == eventsAtOnce).Select(static c =>
            c.SelectMany(static e => e).ToArray())]);
        var ordinary = new Rotation<byte[]>(ChatEvents.All);
        var left = 0;
        return new Pair(
            Side.Of("judge and release", () =>
            {
                if (--left <= 0)
                {
                    guarded.Take(reads.Next());
                    left = eventsAtOnce;
                }
            }),
            Side.Of("JsonNode and regexes over 512 characters", () => { window.Watch(ordinary.Next()); }),
            guarded);
    });
}
