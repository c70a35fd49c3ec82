using LlmGuard.Benchmarks.Bodies;
using LlmGuard.Benchmarks.Ordinary;
using LlmGuard.Benchmarks.Ratios;

namespace LlmGuard.Benchmarks.Cases;

/// <summary>data_masking with all entities over a stream: from the bytes of an event to the bytes that leave.</summary>
internal static class StreamCases
{
    public static IEnumerable<Comparison> All() =>
    [
        new Comparison("stream, per event, data_masking", static async () =>
        {
            var guarded = await GuardedEvents.OpenAsync();
            var window = new RegexWindow();
            var (ours, ordinary) = (new Rotation<byte[]>(ChatEvents.All), new Rotation<byte[]>(ChatEvents.All));
            return new Pair(
                Side.Of("judge and release", () => { guarded.Take(ours.Next()); }),
                Side.Of("JsonNode and regexes over 512 characters", () => { window.Watch(ordinary.Next()); }),
                guarded);
        }),
    ];
}
