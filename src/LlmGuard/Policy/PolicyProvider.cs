using LlmGuard.Explain;
using LlmGuard.Planning;
using LlmGuard.Policy.Evaluators;
using LlmGuard.Policy.Reading;
using LlmGuard.Policy.Revisions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace LlmGuard.Policy;

/// <summary>Loads the policy, keeps the last good one in force, and hands out leases on it.</summary>
/// <remarks>
/// A host loads the policy when it starts; without a host the first use does. Thread-safe. <see cref="Acquire"/> takes no lock once the policy
/// is loaded.
/// </remarks>
internal sealed class PolicyProvider : IPolicyProvider, IScopeTableSource, IDisposable, IAsyncDisposable
{
    private readonly Lock _loading = new();
    private readonly Lazy<PluginCatalog> _plugins;
    private readonly AiGuardrailsOptions _options;
    private readonly PolicyLocator _locator;
    private readonly PolicyTableFactory _buildTable;
    private readonly PolicyMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly IConfiguration? _configuration;
    private readonly ILogger _logger;
    private readonly EvaluatorDisposal _disposal;
    private readonly SecretBindings _bindings;
    private PolicyWatcher? _watcher;
    private IReadOnlyList<IDisposable> _configurationChanges = [];
    private PolicyRevision? _current;
    private PolicyStatus _status = new(null, default, null);
    private bool _isDisposed;

    public PolicyProvider(
        IEnumerable<IGuardrailPlugin> plugins,
        IOptions<AiGuardrailsOptions> options,
        PolicyLocator locator,
        PolicyTableFactory buildTable,
        PolicyMetrics metrics,
        TimeProvider time,
        ILogger<PolicyProvider> logger,
        IConfiguration? configuration = null)
    {
        _plugins = new Lazy<PluginCatalog>(() => new PluginCatalog(plugins));
        _options = options.Value;
        _locator = locator;
        _buildTable = buildTable;
        _metrics = metrics;
        _time = time;
        _configuration = configuration;
        _logger = logger;
        _disposal = new EvaluatorDisposal(logger);
        _bindings = new SecretBindings(_options.AllowedSecretHosts);
    }

    /// <summary>How the policy is doing.</summary>
    public PolicyStatus Status => Volatile.Read(ref _status);

    ScopeTable IScopeTableSource.Current
    {
        get
        {
            using var lease = (RevisionLease)Acquire();
            return lease.Scopes ?? throw new InvalidOperationException("The plans of this policy do not come from a scope table.");
        }
    }

    /// <summary>Completes when the evaluators that were let go so far are disposed.</summary>
    internal Task PendingDisposals => _disposal.Pending;

    /// <summary>Loads the policy unless it is loaded.</summary>
    /// <exception cref="GuardrailPolicyException">There is none, or it is refused.</exception>
    /// <exception cref="InvalidOperationException">Two plugins share an identifier.</exception>
    public void Start()
    {
        lock (_loading)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_current is not null)
            {
                return;
            }

            var files = _locator.ReadFiles();
            Load(files);
            if (_options.ReloadOnChange)
            {
                _watcher = new PolicyWatcher(_time, _options.ReloadDelay, Reload, _logger);
                _watcher.Watch(files.Paths, files.Fingerprint);
                _configurationChanges = [.. new[] { _configuration, _options.Section }.OfType<IConfiguration>().Select(changing =>
                    ChangeToken.OnChange(changing.GetReloadToken, () => _watcher.Signal(isForced: true)))];
            }
        }
    }

    public PolicyLease Acquire()
    {
        while (true)
        {
            if (Volatile.Read(ref _current) is not { } revision)
            {
                Start();
            }
            else if (revision.TryAddReference())
            {
                return RevisionLease.Of(revision);
            }
            else
            {
                // The revision was replaced between the two reads; unless nothing replaces it any more, the next read sees its successor.
                ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed), this);
            }
        }
    }

    /// <summary>Loads the policy again. What is wrong with it is logged and counted, and the policy in force stays.</summary>
    public void Reload()
    {
        lock (_loading)
        {
            if (_isDisposed || _current is null)
            {
                return;
            }

            try
            {
                var files = _locator.ReadFiles();
                _watcher?.Watch(files.Paths, files.Fingerprint);
                Load(files);
            }
            catch (GuardrailPolicyException refused)
            {
                Refuse(refused.Message);
            }
            catch (Exception failure)
            {
                // Runs on a timer's thread, where an exception would end the process. Only what a policy may hold is left out of the reason.
                Refuse($"Loading it failed ({failure.GetType().Name}).");
            }
        }
    }

    public void Dispose()
    {
        lock (_loading)
        {
            if (_isDisposed)
            {
                return;
            }

            Volatile.Write(ref _isDisposed, true);
            foreach (var changes in _configurationChanges)
            {
                changes.Dispose();
            }

            _watcher?.Dispose();
            _current?.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Dispose();
        await _disposal.Pending.ConfigureAwait(false);
    }

    private void Refuse(string reason)
    {
        Volatile.Write(ref _status, _status with { Failure = reason });
        _metrics.ReloadFailed();
        PolicyLog.ReloadFailed(_logger, _status.Revision ?? "none", reason);
    }

    private void Load(PolicyFiles files)
    {
        var snapshot = _locator.Take(files);
        var reader =
            new PolicyReader(_plugins.Value, _locator.ResolveSecret, _disposal.Queue) { BareDocumentIsGateway = _options.BareDocumentIsGateway };
        PolicyTable? table = null;
        var policy = reader.Read(snapshot.Sources, _current?.Policy.Evaluators, (loaded, problems) =>
        {
            _bindings.Check(loaded.Secrets, problems);
            table = _buildTable(loaded.Document, problems);
        });
        if (_current is { } current && IsSame(current.Policy, policy))
        {
            policy.Release();
            Volatile.Write(ref _status, _status with { Failure = null });
            PolicyLog.Unchanged(_logger);
            return;
        }

        PutInForce(policy, table!);
        foreach (var note in snapshot.Notes.Concat(policy.Document.Notes))
        {
            PolicyLog.Note(_logger, note);
        }
    }

    private void PutInForce(LoadedPolicy policy, PolicyTable table)
    {
        _bindings.Remember(policy.Secrets);
        var isReload = _current is not null;
        var previous = Interlocked.Exchange(ref _current, new PolicyRevision(policy, table));
        previous?.Release();

        var document = policy.Document;
        Volatile.Write(ref _status, new PolicyStatus(document.Revision, _time.GetUtcNow(), null));
        if (isReload)
        {
            _metrics.Reloaded();
        }

        PolicyLog.Loaded(_logger, document.Revision, document.Levels().Sum(level => level.Entries.Length), document.Rules.Length);
        foreach (var warning in table.Warnings)
        {
            PolicyLog.Warning(_logger, warning);
        }
    }

    // The revision says nothing about the values of secrets, the evaluators do.
    private static bool IsSame(LoadedPolicy one, LoadedPolicy other) =>
        one.Document.Revision == other.Document.Revision
        && one.Document.Notes.SequenceEqual(other.Document.Notes)
        && one.Evaluators.Count == other.Evaluators.Count
        && one.Evaluators.Values.ToHashSet().SetEquals(other.Evaluators.Values);
}
