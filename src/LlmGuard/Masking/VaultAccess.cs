using LlmGuard.Telemetry;

namespace LlmGuard.Masking;

/// <summary>Reaches the store, and does without it when it fails or is late. Thread-safe.</summary>
internal sealed class VaultAccess(IMaskVaultStore store, TimeProvider time, ExecutionLog log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>What earlier calls put into a vault; nothing when the store does not say.</summary>
    public async ValueTask<IReadOnlyList<SealedOriginal>> ReadAsync(MaskVault vault, CancellationToken cancellationToken)
    {
        IReadOnlyList<SealedOriginal> values = [];
        await TryAsync(async stop =>
            values = await store.ReadAsync(vault.Id, vault.Masking.Lifetime, stop).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        return values;
    }

    public ValueTask AddAsync(MaskVault vault, SealedOriginal[] added, CancellationToken cancellationToken) =>
        TryAsync(stop => store.AddAsync(vault.Id, added, vault.Masking.Lifetime, stop), cancellationToken);

    private async ValueTask TryAsync(Func<CancellationToken, ValueTask> use, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(Patience, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            var pending = use(stop.Token);
            if (!pending.IsCompletedSuccessfully)
            {
                await pending.AsTask().WaitAsync(stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            // A store of the application's. Without it nothing leaks; later turns see placeholders instead of what they stand for.
            log.MaskVaultFailed(exception.GetType().FullName);
        }
    }
}
