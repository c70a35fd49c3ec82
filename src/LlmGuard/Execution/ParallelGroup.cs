using System.Collections.Immutable;
using LlmGuard.Execution.Evaluations;
using LlmGuard.Planning;

namespace LlmGuard.Execution;

/// <summary>Entries that run at once on the same content. A block ends the group: what has no conclusion by then is cancelled.</summary>
internal sealed class ParallelGroup : IDisposable
{
    private readonly GuardedCallCore _call;
    private readonly ImmutableArray<PlanEntry> _entries;
    private readonly StageContent _content;
    private readonly bool _endsWithBlock;
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenSource _siblings;
    private readonly Lock _gate = new();
    private readonly Conclusion?[] _received;
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _started;
    private int _missing;
    private bool _isOver;

    public ParallelGroup(GuardedCallCore call, ImmutableArray<PlanEntry> entries,
        in StageContent content, bool endsWithBlock, CancellationToken cancellation)
    {
        _call = call;
        _entries = entries;
        _content = content;
        _endsWithBlock = endsWithBlock;
        _cancellation = cancellation;
        _siblings = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _received = new Conclusion?[entries.Length];
        _missing = entries.Length;
        _started = call.Services.Time.GetTimestamp();
    }

    /// <summary>Runs the entries.</summary>
    /// <returns>A conclusion for each, in plan order.</returns>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async ValueTask<Conclusion[]> RunAsync()
    {
        // Those that wait for others start first; those that compute on this thread follow.
        Start(inline: false);
        Start(inline: true);
        try
        {
            await _finished.Task.WaitAsync(_cancellation).ConfigureAwait(false);
            _cancellation.ThrowIfCancellationRequested();
        }
        finally
        {
            await _siblings.CancelAsync().ConfigureAwait(false);
        }

        var conclusions = new Conclusion[_entries.Length];
        for (var i = 0; i < conclusions.Length; i++)
        {
            conclusions[i] = _received[i] ?? Conclusion.Cancelled(_entries[i], _call.Services.Time.GetElapsedTime(_started));
        }

        return conclusions;
    }

    public void Dispose() => _siblings.Dispose();

    private void Start(bool inline)
    {
        for (var i = 0; i < _entries.Length && !_finished.Task.IsCompleted; i++)
        {
            if (_entries[i].Plugin.RunsInline == inline)
            {
                _ = ReceiveAsync(i, EvaluationRunner.RunAsync(_call, _entries[i], _content, _siblings.Token));
            }
        }
    }

    private async Task ReceiveAsync(int index, ValueTask<Conclusion> evaluation)
    {
        var conclusion = await evaluation.ConfigureAwait(false);
        lock (_gate)
        {
            // What arrives after the end was not received, so that the decision does not depend on when it is read.
            if (_isOver)
            {
                return;
            }

            _received[index] = conclusion;
            _isOver = --_missing == 0 || (_endsWithBlock && conclusion.Outcome == VerdictOutcome.Block);
            if (!_isOver)
            {
                return;
            }
        }

        _finished.SetResult();
    }
}
