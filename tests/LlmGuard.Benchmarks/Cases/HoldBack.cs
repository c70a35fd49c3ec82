using System.Globalization;
using LlmGuard.Benchmarks.Bodies;

namespace LlmGuard.Benchmarks.Cases;

/// <summary>How much of a stream is held back after each of its events, under data_masking with all entities.</summary>
internal static class HoldBack
{
    public static async Task<string> MeasureAsync()
    {
        await using var guarded = await GuardedEvents.OpenAsync();
        var held = new List<int>();
        var (sent, left, sentText) = (0L, 0L, new Queue<(long End, int Chars)>());
        for (var round = 0; round < 50; round++)
        {
            for (var i = 0; i < ChatEvents.All.Count; i++)
            {
                sent += ChatEvents.All[i].Length;
                sentText.Enqueue((sent, ChatEvents.Texts[i].Length));
                left += guarded.Take(ChatEvents.All[i]);
                while (sentText.TryPeek(out var next) && next.End <= left)
                {
                    sentText.Dequeue();
                }

                held.Add(sentText.Sum(static e => e.Chars));
            }
        }

        held.Sort();
        var (median, p99) = (held[held.Count / 2], held[held.Count * 99 / 100]);
        return string.Create(CultureInfo.InvariantCulture, $"held characters after an event: median {median}, p99 {p99}, most {held[^1]}; events without any {held.Count(static h => h == 0) * 100 / held.Count} %");
    }
}
