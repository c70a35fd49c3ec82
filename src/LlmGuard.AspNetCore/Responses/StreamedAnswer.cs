using System.Buffers;
using System.IO.Pipelines;
using LlmGuard.Http.Gates;
using LlmGuard.Http.Streams;
using LlmGuard.Http.Wire;
using LlmGuard.Http.Wire.Streams.Live;

namespace LlmGuard.AspNetCore.Responses;

/// <summary>An answer that is judged while it is written: what the rest of the pipeline writes on one side, what may leave on the other.</summary>
internal sealed class StreamedAnswer
{
    // Run where the bytes come from: an answer whose events are decided at once leaves in the writer's own call. A writer that is faster than the
    // caller, or than the judges, waits.
    private static readonly PipeOptions Options = new(
        readerScheduler: PipeScheduler.Inline,
        writerScheduler: PipeScheduler.ThreadPool,
        pauseWriterThreshold: 64 * 1024,
        resumeWriterThreshold: 32 * 1024,
        minimumSegmentSize: 16 * 1024,
        useSynchronizationContext: false);

    private readonly Pipe _pipe = new(Options);
    private readonly IncomingCall _incoming;
    private readonly WireHead _head;
    private readonly StreamForm? _told;
    private readonly Func<WireRewrite?, ValueTask> _start;
    private readonly Stream _out;
    private readonly Func<Refusal, bool, ValueTask> _stop;
    private readonly Task _running;

    /// <summary>Begins.</summary>
    /// <param name="incoming">The request.</param>
    /// <param name="head">The answer's head.</param>
    /// <param name="told">How it is framed where its first bytes have told; null where its head does.</param>
    /// <param name="output">Where it leaves.</param>
    /// <param name="start">Lets the head out, with what changes in it.</param>
    /// <param name="stop">Told that no more of the answer leaves, and whether any has.</param>
    public StreamedAnswer(IncomingCall incoming, WireHead head, StreamForm? told, Stream output, Func<WireRewrite?, ValueTask> start, Func<Refusal, bool, ValueTask> stop)
    {
        _incoming = incoming;
        _head = head;
        _told = told;
        _out = output;
        _start = start;
        _stop = stop;
        _running = RunAsync();
    }

    /// <summary>Whether nobody takes any more of the answer.</summary>
    public bool IsOver { get; private set; }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        IsOver |= (await _pipe.Writer.WriteAsync(bytes, cancellationToken).ConfigureAwait(false)).IsCompleted;

    /// <summary>For a writer that cannot wait: it is not held up, and what it has written is bounded by what it writes at once.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        _pipe.Writer.Write(bytes);
        var flushing = _pipe.Writer.FlushAsync();
        IsOver |= flushing.IsCompletedSuccessfully ? flushing.Result.IsCompleted : flushing.AsTask().GetAwaiter().GetResult().IsCompleted;
    }

    /// <summary>The answer has been written to its end: waits until what may leave of it has left.</summary>
    public async ValueTask FinishAsync()
    {
        await _pipe.Writer.CompleteAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
    }

    /// <summary>The answer breaks off: what waits does not leave.</summary>
    public async ValueTask AbandonAsync(Exception reason)
    {
        await _pipe.Writer.CompleteAsync(reason).ConfigureAwait(false);
        try
        {
            await _running.ConfigureAwait(false);
        }
        catch (Exception consequence) when (ReferenceEquals(consequence, reason) || consequence is OperationCanceledException or IOException)
        {
            // The reason itself, or what it led to; whoever gave the answer up throws it.
        }
    }

    private async Task RunAsync()
    {
        try
        {
            var opening = await StreamGate.OpenAsync(_incoming.Call, _head, _told, _incoming.Budget, _incoming.Aborted).ConfigureAwait(false);
            if (opening.Guard is not { } guard)
            {
                await _stop(opening.Refusal!, false).ConfigureAwait(false);
                return;
            }

            var guarded = new GuardedStream(guard, StreamCoding.Decode(_pipe.Reader.AsStream(), opening.Coding));
            await using (guarded.ConfigureAwait(false))
            {
                try
                {
                    await SendAsync(guarded, opening.Head).ConfigureAwait(false);
                }
                finally
                {
                    // Where the caller has gone the rest may still be under way, and is not waited for.
                    _incoming.Usage = guarded.Drained.IsCompleted ? guarded.Usage : null;
                }
            }
        }
        finally
        {
            IsOver = true;
            await _pipe.Reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask SendAsync(GuardedStream guarded, WireRewrite? head)
    {
        if (await guarded.OpenAsync(_incoming.Aborted).ConfigureAwait(false) is { } refusal)
        {
            await _stop(refusal, false).ConfigureAwait(false);
            return;
        }

        await _start(head).ConfigureAwait(false);
        while (await guarded.TakeAsync(_incoming.Aborted).ConfigureAwait(false) is { IsEmpty: false } left)
        {
            await _out.WriteAsync(left, _incoming.Aborted).ConfigureAwait(false);
            await _out.FlushAsync(_incoming.Aborted).ConfigureAwait(false);
        }

        if (guarded.Refusal is { } cut)
        {
            // The caller has the ending; the rest of the pipeline is what is read from.
            await guarded.Drained.ConfigureAwait(false);
            await _stop(cut, true).ConfigureAwait(false);
        }
    }
}
