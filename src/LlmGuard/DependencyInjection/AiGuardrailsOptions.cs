using Microsoft.Extensions.Configuration;

namespace LlmGuard;

/// <summary>Where the policy comes from and how much room the guardrails may take.</summary>
public sealed class AiGuardrailsOptions
{
    /// <summary>The configuration section of the guardrails. <c>AiGuardrails</c> by default.</summary>
    public string ConfigurationSection { get; set; } = "AiGuardrails";

    /// <summary>
    /// JSON files that make up the policy, read strictly and merged in order; they win over a policy in configuration. Relative paths start at
    /// the content root. Empty by default; the configuration key <c>PolicyFile</c> of the section, a text or a list, adds more. Merging joins
    /// levels of one kind and name (rules: of one path and the same methods), whose entries follow in the order of the files; a key that two
    /// files give with different values is refused.
    /// </summary>
    public IList<string> PolicyFiles { get; } = [];

    /// <summary>The policy as JSON text, for policies built in code; wins over files and configuration. Null by default.</summary>
    public string? PolicyJson { get; set; }

    /// <summary>
    /// Whether a document that is neither a whole policy nor a rule (it has no <c>path</c>) is a gateway rather than a consumer group. One that
    /// has a <c>subdomain</c> is a gateway anyway. False by default.
    /// </summary>
    public bool BareDocumentIsGateway { get; set; }

    /// <summary>Whether a changed file or configuration is loaded while the application runs. True by default.</summary>
    public bool ReloadOnChange { get; set; } = true;

    /// <summary>How long changes must have been quiet before a reload. 250 ms by default; from 0 to 1 minute.</summary>
    public TimeSpan ReloadDelay { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The configuration prefix under which <c>{"$secret": "Name"}</c> is looked up. <c>AiGuardrails:Secrets:</c> by default.</summary>
    public string SecretPrefix { get; set; } = "AiGuardrails:Secrets:";

    /// <summary>
    /// Hosts to which a reload may redirect a secret without the secret itself changing: names without scheme, port or path. Empty by default.
    /// </summary>
    public IList<string> AllowedSecretHosts { get; } = [];

    /// <summary>Most bytes of content held by all calls together; beyond it calls are refused with 503. 512 MiB by default; at least 1.</summary>
    public long MaxHeldBytes { get; set; } = 512L * 1024 * 1024;

    /// <summary>
    /// Most bytes of content waiting for monitoring entries, and as many for each <see cref="Audit.IGuardrailContentSink"/>; beyond it items are
    /// dropped and counted. 64 MiB by default; with 0 all are.
    /// </summary>
    public long MaxMonitorQueueBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>
    /// Most bytes of masked originals kept in memory for reversible masking; beyond it the least recently used conversations are forgotten, and their
    /// placeholders stay. 64 MiB by default; from 0. Without effect where the application has a store of its own.
    /// </summary>
    public long MaxMaskVaultBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>
    /// Most bytes that entries with <c>"cache": true</c> take together to remember texts in which they found nothing, 16 for each; 4 MiB by default,
    /// at most 1 GiB; below 128 nothing is remembered. Taken when the first text is; texts that are not sent again make room.
    /// </summary>
    public long MaxCleanSegmentCacheBytes { get; set; } = 4L * 1024 * 1024;

    /// <summary>
    /// How long a stopping host waits for monitoring, post_response work and content sinks to drain. 10 seconds by default; from 0 to 1 hour.
    /// </summary>
    public TimeSpan MonitorDrainTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Most counters that limiters keep in this process, each for one limit and one caller; 262,144 by default, at most 16,777,216. Of those that
    /// count nothing any more, new ones take the place. When all count, callers without a counter share one for each limit.
    /// </summary>
    public int MaxCounters { get; set; } = 262_144;

    /// <summary>
    /// Whether logs below <c>Debug</c>, that is at <c>Trace</c>, may quote content. False by default, and then no log at any level does.
    /// </summary>
    public bool LogContentAtTrace { get; set; }

    /// <summary>A section given by itself; wins over <see cref="ConfigurationSection"/>.</summary>
    internal IConfigurationSection? Section { get; set; }
}
