using System.Globalization;
using LlmGuard.Redis.Scripts;

namespace LlmGuard.Redis.Masking;

/// <summary>
/// Vaults of reversible masking on Redis: a hash for each, whose lifetime is the key's. Redis sees keyed hashes and sealed originals only.
/// Thread-safe.
/// </summary>
/// <param name="redis">The client.</param>
/// <param name="prefix">What all keys begin with.</param>
internal sealed class RedisMaskVaultStore(IRedisScriptRunner redis, string prefix) : IMaskVaultStore
{
    /// <summary>Most values of one vault; what is more can be restored by the call that masked it, and by no later one.</summary>
    public const int MaxValues = 2000;

    /// <summary>Most bytes of one vault's placeholders and sealed originals, in base64: every call of the conversation reads them.</summary>
    public const int MaxBytes = 1024 * 1024;

    // Holds the number of bytes, and is not a placeholder: those begin with a bracket.
    private const string Bytes = "#";

    // One command is one message to the server; this keeps it near to a megabyte.
    private const int MostAtOnce = 100;

    private static readonly RedisScript Read = ScriptFiles.Load("vault-read");
    private static readonly RedisScript Add = ScriptFiles.Load("vault-add");

    public async ValueTask<IReadOnlyList<SealedOriginal>> ReadAsync(string vault, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var fields = await redis.RunAsync(Read, [KeyOf(vault)], [Milliseconds(lifetime)], cancellationToken).ConfigureAwait(false);
        var values = new List<SealedOriginal>(fields.Length / 2);
        for (var i = 0; i + 1 < fields.Length; i += 2)
        {
            // What somebody else wrote there is no sealed text, or does not open.
            if (fields[i] is { } placeholder && fields[i + 1] is { } text && placeholder != Bytes && Open(text) is { } value)
            {
                values.Add(new SealedOriginal(placeholder, value));
            }
        }

        return values;
    }

    public async ValueTask AddAsync(string vault, IReadOnlyList<SealedOriginal> added, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        string[] key = [KeyOf(vault)];
        foreach (var some in added.Chunk(MostAtOnce))
        {
            var arguments = new List<string>(3 + (2 * some.Length)) { Milliseconds(lifetime), Number(MaxValues), Number(MaxBytes) };
            foreach (var (placeholder, value) in some)
            {
                arguments.Add(placeholder);
                arguments.Add(Convert.ToBase64String(value.Span));
            }

            await redis.RunAsync(Add, key, arguments, cancellationToken).ConfigureAwait(false);
        }
    }

    private static byte[]? Open(string text)
    {
        var bytes = new byte[text.Length * 3 / 4];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : null;
    }

    private static string Milliseconds(TimeSpan lifetime) => Number(Math.Max(1, (long)lifetime.TotalMilliseconds));

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private string KeyOf(string vault) => string.Concat(prefix, "vault/", vault);
}
