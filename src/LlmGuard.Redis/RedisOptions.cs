using System.Net.Security;

namespace LlmGuard.Redis;

/// <summary>Where Redis is, and how it is used.</summary>
public sealed class RedisOptions
{
    /// <summary>The server as <c>host:port</c>; <c>localhost:6379</c> by default. An IPv6 address stands in brackets.</summary>
    public string Endpoint { get; set; } = "localhost:6379";

    /// <summary>The user of Redis 6's access lists; null, the default, for the server's default user.</summary>
    public string? User { get; set; }

    /// <summary>The password; null, the default, for none. Never logged.</summary>
    public string? Password { get; set; }

    /// <summary>
    /// Whether to speak TLS; false by default. The server's certificate is checked against the system's roots and the host of <see cref="Endpoint"/>,
    /// unless <see cref="UseTls"/> says how.
    /// </summary>
    public bool Tls { get; set; }

    /// <summary>The number of the database, from 0 to 65,535; 0 by default. A cluster has only 0.</summary>
    public int Database { get; set; }

    /// <summary>
    /// What all keys begin with; <c>{llmguard}</c> by default, 1 to 128 characters. Its part in braces puts all keys into one hash slot, so that one
    /// script may use several; without braces it must not be used on a cluster. Applications with different prefixes count apart.
    /// </summary>
    public string KeyPrefix { get; set; } = "{llmguard}";

    /// <summary>How long to wait for a connection; 1 second by default, 1 millisecond to 1 minute.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a command may take with everything it needs; 500 milliseconds by default, 1 millisecond to 1 minute. A server that was too slow is
    /// left alone for a while (0.1 to 2 seconds), in which commands fail at once.
    /// </summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Most requests that one trip to Redis may charge for in advance, for one limit and caller; 1, the default, asks Redis for every request, at
    /// most 10,000. With more, the following requests of the same process are answered from what is in hand, without a trip.
    /// </summary>
    /// <remarks>
    /// Never more than a tenth of a limit is taken in advance, so that limits below 10 requests stay exact. What is in hand and not used within
    /// <see cref="LeaseLifetime"/> is lost to the limit; and because it may be used so much later than it was charged, at most
    /// limit + processes × (what each has in hand) passes within any one window.
    /// </remarks>
    public int LeaseRequests { get; set; } = 1;

    /// <summary>
    /// How long charges made in advance may be used, and a refusal repeated without asking; 1 second by default, 10 milliseconds to 1 minute, and
    /// never more than an eighth of the limit's window.
    /// </summary>
    public TimeSpan LeaseLifetime { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How TLS is spoken, or null for the defaults.</summary>
    internal SslClientAuthenticationOptions? TlsOptions { get; private set; }

    /// <summary>Speaks TLS in a way of the application's own: with other roots, or a certificate for the client.</summary>
    /// <param name="options">How.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <remarks>
    /// A method, since configuration cannot hold such options: the binder that trimmed and native applications are built with does not compile for
    /// a property of their type.
    /// </remarks>
    public void UseTls(SslClientAuthenticationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Tls = true;
        TlsOptions = options;
    }
}
