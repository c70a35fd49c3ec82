using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using LlmGuard.Http.Gates;
using LlmGuard.Http.Streams;
using LlmGuard.Http.Wire;
using LlmGuard.Http.Wire.Streams.Live.Framing;

namespace LlmGuard.AspNetCore.Responses;

/// <summary>An answer that is judged while it is written: what the rest of the pipeline writes on one side, what may leave on the other.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Disposed of where the answer ends, by the task that reads it.")]
internal sealed class StreamedAnswer
{
    private readonly HandoverStream _written;
    private readonly IncomingCall _incoming;
    private readonly WireHead _head;
    private readonly StreamForm? _told;
    private readonly Func<WireRewrite?, ValueTask> _start;
    private readonly PipeWriter _out;
    private readonly Func<Refusal, bool, ValueTask> _stop;
    private readonly Task _running;

    /// <summary>Begins.</summary>
    /// <param name="incoming">The request.</param>
    /// <param name="head">The answer's head.</param>
    /// <param name="told">How it is framed where its first bytes have told; null where its head does.</param>
    /// <param name="output">Where it leaves.</param>
    /// <param name="start">Lets the head out, with what changes in it.</param>
    /// <param name="stop">Told that no more of the answer leaves, and whether any has.</param>
    public StreamedAnswer(
        IncomingCall incoming,
        WireHead head,
        StreamForm? told,
        PipeWriter output,
        Func<WireRewrite?, ValueTask> start,
        Func<Refusal, bool, ValueTask> stop)
    {
        _incoming = incoming;
        _written = new HandoverStream(incoming.Budget, incoming.Aborted);
        _head = head;
        _told = told;
        _out = output;
        _start = start;
        _stop = stop;
        _running = RunAsync();
    }

    /// <summary>Hands bytes of the answer over; what may leave of them has left when this comes back, unless judges are asked first.</summary>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (_running.IsFaulted)
        {
            return new ValueTask(_running);
        }

        var writing = _written.OfferAsync(bytes, cancellationToken);
        return writing.IsCompletedSuccessfully || !cancellationToken.CanBeCanceled ? writing : WaitAsync(writing, cancellationToken);
    }

    /// <summary>The same for a writer that cannot wait otherwise.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        var writing = WriteAsync(bytes.ToArray(), CancellationToken.None);
        if (!writing.IsCompletedSuccessfully)
        {
            writing.AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>Lets a writer go that waits no longer.</summary>
    public void LetGo() => _written.LetGo();

    /// <summary>The answer has been written to its end: waits until what may leave of it has left.</summary>
    public async ValueTask FinishAsync()
    {
        _written.Complete();
        await _running.ConfigureAwait(false);
    }

    /// <summary>The answer breaks off: what waits does not leave.</summary>
    public async ValueTask AbandonAsync(Exception reason)
    {
        _written.Complete(reason);
        try
        {
            await _running.ConfigureAwait(false);
        }
        catch (Exception consequence) when (ReferenceEquals(consequence, reason) || consequence is OperationCanceledException or IOException)
        {
            // The reason itself, or what it led to; whoever gave the answer up throws it.
        }
    }

    private async ValueTask WaitAsync(ValueTask writing, CancellationToken cancellationToken)
    {
        using var _ = cancellationToken.UnsafeRegister(static written => ((HandoverStream)written!).LetGo(), _written);
        await writing.ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
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

            var guarded = new GuardedStream(guard, StreamCoding.Decode(_written, opening.Coding));
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
            await _written.DisposeAsync().ConfigureAwait(false);
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
        if (!guarded.HasBytes)
        {
            // Servers keep the head back until something follows it, and who answers may wait for a caller who has it.
            await _out.FlushAsync(_incoming.Aborted).ConfigureAwait(false);
        }

        while (await guarded.TakeAsync(_incoming.Aborted).ConfigureAwait(false) is { IsEmpty: false } left)
        {
            // Which flushes too: what was judged together leaves together.
            await new FlushTurn(_out.WriteAsync(left, _incoming.Aborted), _written);
        }

        if (guarded.Refusal is { } cut)
        {
            // The caller has the ending; the rest of the pipeline is what is read from.
            await guarded.Drained.ConfigureAwait(false);
            await _stop(cut, true).ConfigureAwait(false);
        }
    }
}
