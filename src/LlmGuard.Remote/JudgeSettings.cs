using LlmGuard.Remote.Egress;

namespace LlmGuard.Remote;

/// <summary>The settings that all judges have. Immutable.</summary>
internal sealed record JudgeSettings
{
    /// <summary>The judge's plugin.</summary>
    public required string Plugin { get; init; }

    /// <summary>The base URL; ends with a slash, so that relative paths are appended.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Whether addresses that are not public, and plain http, are allowed.</summary>
    public bool AllowPrivate { get; init; }

    /// <summary>How many attempts more than the first.</summary>
    public int Retries { get; init; }

    /// <summary>Most requests at once, of all entries that ask the same judge with the same credential.</summary>
    public int MaxConcurrency { get; init; } = DefaultConcurrency;

    /// <summary>How long a clean verdict is remembered; zero for not at all.</summary>
    public TimeSpan CacheLifetime { get; init; }

    /// <summary>How many clean verdicts are remembered at most.</summary>
    public int CacheEntries { get; init; } = 10_000;

    /// <summary>Questions of one evaluation that are asked at once; the judge's choice.</summary>
    public int Parallelism { get; init; } = 8;

    /// <summary>
    /// How long an answer usually takes at most; the judge's choice. Content that would need more rounds than fit into half of the time is refused at
    /// once.
    /// </summary>
    public TimeSpan ExpectedLatency { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Largest answer; the judge's choice.</summary>
    public int MaxAnswerBytes { get; init; } = 1024 * 1024;

    /// <summary>The name of the HTTP client.</summary>
    public string ClientName => field ??= JudgeRuntime.ClientName(Plugin, AllowPrivate);

    private const int DefaultConcurrency = 64;

    /// <summary>
    /// Reads <c>endpoint</c>, <c>allow_private_endpoints</c>, <c>retries</c>, <c>max_concurrency</c> and <c>cache</c>. Read secrets afterwards,
    /// with <see cref="Endpoint"/> as their destination.
    /// </summary>
    /// <param name="settings">The entry's settings.</param>
    /// <param name="plugin">The plugin.</param>
    /// <param name="vendor">The vendor's base URL; null when <c>endpoint</c> must be given.</param>
    public static JudgeSettings Read(GuardrailSettings settings, string plugin, Uri? vendor)
    {
        var endpoint = settings.HttpUri("endpoint", vendor, required: vendor is null);
        var allowPrivate = settings.Boolean("allow_private_endpoints", false);
        if (endpoint is not null)
        {
            Check(settings, "endpoint", endpoint, allowPrivate);
        }

        var cache = settings.Object("cache");
        var lifetime = cache.Duration("lifetime", TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromDays(1));
        var entries = cache.Int32("max_entries", 10_000, 16, 1_000_000);
        cache.RefuseIdle(lifetime == TimeSpan.Zero, "without a \"lifetime\" above 0", "max_entries");
        return new JudgeSettings
        {
            Plugin = plugin,
            Endpoint = Directory(endpoint ?? new Uri("https://invalid.invalid/")),
            AllowPrivate = allowPrivate,
            Retries = settings.Int32("retries", 1, 0, 5),
            MaxConcurrency = settings.Int32("max_concurrency", DefaultConcurrency, 1, 256),
            CacheLifetime = lifetime,
            CacheEntries = entries,
        };
    }

    /// <summary>
    /// Reports what is wrong with an endpoint: plain http or an address on this machine without <c>allow_private_endpoints</c>, or a query.
    /// </summary>
    /// <param name="settings">The entry's settings.</param>
    /// <param name="key">The key the endpoint came from.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="allowPrivate">Whether that is allowed.</param>
    public static void Check(GuardrailSettings settings, string key, Uri endpoint, bool allowPrivate)
    {
        if (!allowPrivate && endpoint.Scheme != Uri.UriSchemeHttps)
        {
            settings.Problem(key, "expected an https URI; plain http needs \"allow_private_endpoints\": true");
        }
        else if (!allowPrivate && EgressRules.IsPlainlyPrivate(endpoint))
        {
            settings.Problem(key, "is a private, loopback or link-local address, which needs \"allow_private_endpoints\": true");
        }

        if (endpoint.Query.Length + endpoint.Fragment.Length > 0)
        {
            settings.Problem(key, "expected a base URI without query and fragment");
        }
    }

    /// <summary>Whether a URI lies at the endpoint's scheme, host and port: the only place content and credentials are sent to.</summary>
    public bool IsDestination(Uri address) =>
        Uri.Compare(address, Endpoint, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;

    private static Uri Directory(Uri endpoint) =>
        endpoint.AbsolutePath.EndsWith('/')
            ? endpoint
            : new UriBuilder(endpoint) { Path = endpoint.AbsolutePath + "/", Query = "", Fragment = "" }.Uri;
}
