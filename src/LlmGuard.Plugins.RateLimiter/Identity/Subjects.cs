using LlmGuard.Counters;

namespace LlmGuard.Plugins.RateLimiter.Identity;

/// <summary>Finds out for whom a call counts. Only what the application or its server established counts, unless the policy trusts a header.</summary>
internal static class Subjects
{
    /// <summary>Groups of one caller that are counted; a claim may list any number.</summary>
    public const int MostGroups = 16;

    private const char Separator = '\u001f';

    /// <summary>The subjects of a call under one dimension; none when it cannot be told apart.</summary>
    public static IReadOnlyList<string> Of(GuardrailCall call, Dimension by, string? header) => by switch
    {
        Dimension.Global => [CounterSubject.Everybody],
        Dimension.Ip => One(AddressOf(call)),
        Dimension.User or Dimension.Consumer => One(call.Caller.Consumer is { } consumer ? CounterSubject.Of(consumer) : null),
        Dimension.Group => [.. call.Caller.Groups.Distinct(StringComparer.Ordinal).Take(MostGroups).Select(CounterSubject.Of)],
        Dimension.Key => One(call.Headers?.CredentialHash),
        Dimension.Fingerprint => One(FingerprintOf(call)),
        Dimension.Header => One(call.Headers?.Find(header!) is { Length: > 0 } value ? CounterSubject.Of(value) : null),
        _ => [CounterSubject.Of(call.Model ?? "")],
    };

    /// <summary>The subjects of a call that cannot be told apart: none when the limit does not apply to it.</summary>
    public static IReadOnlyList<string> Of(GuardrailCall call, MissingIdentity missing) => missing switch
    {
        // Marked, so that an address is never somebody's name.
        MissingIdentity.Address => One(AddressOf(call) is { } address ? $"{Separator}{address}" : null),
        MissingIdentity.Share => [$"{Separator}nobody"],
        _ => [],
    };

    private static string? AddressOf(GuardrailCall call) => call.RemoteAddress is { } address ? CounterSubject.Of(address) : null;

    private static string? FingerprintOf(GuardrailCall call)
    {
        var credential = call.Headers?.CredentialHash;
        var address = AddressOf(call);
        return call.Caller.Consumer is null && credential is null && address is null
            ? null
            : CounterSubject.Hashed(string.Join(Separator, call.Caller.Consumer, credential, address, call.Headers?.Find("User-Agent")));
    }

    private static IReadOnlyList<string> One(string? subject) => subject is null ? [] : [subject];
}
