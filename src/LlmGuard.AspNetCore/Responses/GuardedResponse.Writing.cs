namespace LlmGuard.AspNetCore.Responses;

/// <content>What the rest of the pipeline does with its response.</content>
internal sealed partial class GuardedResponse
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await OpenAsync().ConfigureAwait(false);
        if (!Holds)
        {
            await _inner.StartAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (_streamed is not { } streamed || IsStopped)
        {
            return OpenAndWriteAsync(bytes, cancellationToken);
        }

        var writing = streamed.WriteAsync(bytes, cancellationToken);
        return writing.IsCompletedSuccessfully && !IsStopped ? ValueTask.CompletedTask : ThrowIfStoppedAsync(writing);
    }

    /// <summary>A synchronous writer does not wait for a verdict on the request, so what it writes meanwhile is held.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (!_isOpen && Holds && Beside is not { IsCompleted: false })
        {
            OpenAsync().AsTask().GetAwaiter().GetResult();
        }

        if (_streamed is { } streamed)
        {
            ThrowIfStopped();
            streamed.Write(bytes);
            return;
        }

        if (Holds || !_isOpen)
        {
            Hold(bytes);
            TellAsync().AsTask().GetAwaiter().GetResult();
            return;
        }

        _copy?.TryAppend(bytes);
        _inner.Stream.Write(bytes);
    }

    /// <summary>What may leave of a streamed answer has been flushed when its writer comes back from writing, or soon will be.</summary>
    public Task FlushAsync(CancellationToken cancellationToken) =>
        _streamed is not null && !IsStopped ? Task.CompletedTask : OpenAndFlushAsync(cancellationToken);

    /// <summary>Whoever flushes synchronously waits for what it has written anyway, so also for the verdict that lets it start.</summary>
    public void Flush()
    {
        ThrowIfStopped();
        if (!_isOpen)
        {
            OpenAsync().AsTask().GetAwaiter().GetResult();
        }

        if (!Holds)
        {
            _inner.Stream.Flush();
        }
    }

    /// <summary>Lets a writer go that waits no longer until what it has written is judged; that is handed on all the same.</summary>
    public void LetGo()
    {
        _streamed?.LetGo();
        if (!Holds && _isOpen)
        {
            _inner.Writer.CancelPendingFlush();
        }
    }

    public async Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken)
    {
        await OpenAsync().ConfigureAwait(false);
        await _inner.SendFileAsync(path, offset, count, cancellationToken).ConfigureAwait(false);
    }

    public async Task CompleteAsync()
    {
        if (_streamed is not null)
        {
            await FinishStreamAsync().ConfigureAwait(false);
            await _inner.CompleteAsync().ConfigureAwait(false);
            return;
        }

        await OpenAsync().ConfigureAwait(false);
        if (!Holds)
        {
            _trailers?.Release();
            await _inner.CompleteAsync().ConfigureAwait(false);
        }
    }

    /// <summary>An answer that is held stays held.</summary>
    public void DisableBuffering()
    {
        if (_treatment != ResponseTreatment.Hold)
        {
            _inner.DisableBuffering();
        }
    }

    private async ValueTask OpenAndWriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await OpenAsync().ConfigureAwait(false);
        if (_streamed is not null)
        {
            await WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (Holds)
        {
            Hold(bytes.Span);
            await TellAsync().ConfigureAwait(false);
            return;
        }

        _copy?.TryAppend(bytes.Span);
        await _inner.Stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask ThrowIfStoppedAsync(ValueTask writing)
    {
        await writing.ConfigureAwait(false);
        ThrowIfStopped();
    }

    private async Task OpenAndFlushAsync(CancellationToken cancellationToken)
    {
        await OpenAsync().ConfigureAwait(false);
        if (!Holds)
        {
            await _inner.Stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
