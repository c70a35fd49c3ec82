using System.Collections.Concurrent;
using System.Text;

namespace LlmGuard.Integration.Tests.Leaks;

/// <summary>What evaluators saw that was not their call's, and what they kept although they must not.</summary>
internal sealed class Watch
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Kept>> _kept = new();
    private long _texts;
    private long _gone;

    public ConcurrentQueue<string> Strangers { get; } = new();

    public long Texts => Interlocked.Read(ref _texts);

    public long Gone => Interlocked.Read(ref _gone);

    public IReadOnlyCollection<Kept> KeptOf(string mark) => _kept.GetValueOrDefault(mark) ?? [];

    /// <summary>Looks at all texts of a call: each says nothing but the call's mark, over and over.</summary>
    public void Look(GuardrailCall call, bool keeps)
    {
        var mark = call.Headers!.Find("x-call")!;
        foreach (var segment in call.Content)
        {
            if (segment.Payload == PayloadKind.Text && segment.Kind == SegmentKind.Message)
            {
                Interlocked.Increment(ref _texts);
                Check(segment.Utf8.Span, mark);
                if (keeps)
                {
                    _kept.GetOrAdd(mark, static _ => new()).Enqueue(new Kept(call.Content, segment, segment.Utf8));
                }
            }
        }
    }

    /// <summary>Looks at what was kept of a call that is over.</summary>
    public void LookAgain(string mark)
    {
        foreach (var kept in _kept.TryRemove(mark, out var all) ? all : [])
        {
            foreach (var read in new Func<ReadOnlyMemory<byte>>[] { () => kept.Text.Span.ToArray(), () => kept.Segment.Utf8.Span.ToArray(),
                () => kept.Content[0].Utf8.Span.ToArray() })
            {
                try
                {
                    Check(read().Span, mark);
                }
                catch (ObjectDisposedException)
                {
                    Interlocked.Increment(ref _gone);
                }
            }
        }
    }

    private void Check(ReadOnlySpan<byte> text, string mark)
    {
        var said = Encoding.UTF8.GetString(text);
        if (said.Split(['\n', '"', ' '], StringSplitOptions.RemoveEmptyEntries).Any(word => word != mark))
        {
            Strangers.Enqueue($"{mark} saw {said[..Math.Min(100, said.Length)]}");
        }
    }

    internal sealed record Kept(GuardrailContent Content, Segment Segment, ReadOnlyMemory<byte> Text);
}

/// <summary>Looks at every text it is given, at once or on the thread pool with pauses, in which other calls use what memory they get.</summary>
internal sealed class WatchPlugin(Watch watch, bool isPooled) : IGuardrailPlugin
{
    public GuardrailPluginMetadata Metadata { get; } = new(isPooled ? "watch_pooled" : "watch")
    {
        RunsInline = !isPooled,
        Stages = [GuardrailStage.PreRequest, GuardrailStage.PostRequest, GuardrailStage.PreResponse, GuardrailStage.PostResponse],
        DefaultStages = [GuardrailStage.PreRequest],
    };

    public IGuardrailEvaluator Create(GuardrailSettings settings)
    {
        settings.Int32("number", 0);
        return new Evaluator(watch, isPooled);
    }

    private sealed class Evaluator(Watch watch, bool isPooled) : IGuardrailEvaluator
    {
        public async ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken)
        {
            watch.Look(call, keeps: !isPooled && !call.IsMonitor);
            for (var i = 0; isPooled && i < 3; i++)
            {
                await Task.Yield();
                watch.Look(call, keeps: false);
            }

            return GuardrailVerdict.Allow;
        }
    }
}
