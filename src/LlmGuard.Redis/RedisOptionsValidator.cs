using LlmGuard.Redis.Client;
using Microsoft.Extensions.Options;

namespace LlmGuard.Redis;

internal sealed class RedisOptionsValidator : IValidateOptions<RedisOptions>
{
    public ValidateOptionsResult Validate(string? name, RedisOptions options)
    {
        var failures = new List<string>();
        Check(RedisEndpoint.TryParse(options.Endpoint, out _), "RedisOptions.Endpoint must be host:port with a port from 1 to 65535.");
        Check(options.User is null || options.Password is not null, "RedisOptions.User needs a Password.");
        Check(options.Database is >= 0 and <= 65_535, "RedisOptions.Database must be 0 to 65535.");
        Check(options.KeyPrefix is { Length: >= 1 and <= 128 }, "RedisOptions.KeyPrefix must have 1 to 128 characters.");
        CheckTime(options.ConnectTimeout, 1, nameof(RedisOptions.ConnectTimeout));
        CheckTime(options.CommandTimeout, 1, nameof(RedisOptions.CommandTimeout));
        Check(options.LeaseRequests is >= 1 and <= 10_000, "RedisOptions.LeaseRequests must be 1 to 10000.");
        CheckTime(options.LeaseLifetime, 10, nameof(RedisOptions.LeaseLifetime));
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(bool isValid, string failure)
        {
            if (!isValid)
            {
                failures.Add(failure);
            }
        }

        void CheckTime(TimeSpan value, int leastMilliseconds, string option) => Check(
            value >= TimeSpan.FromMilliseconds(leastMilliseconds) && value <= TimeSpan.FromMinutes(1),
            $"RedisOptions.{option} must be {leastMilliseconds} ms to 1 minute.");
    }
}
