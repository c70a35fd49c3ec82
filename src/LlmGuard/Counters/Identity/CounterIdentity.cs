namespace LlmGuard.Counters.Identity;

/// <summary>
/// How a limit tells calls apart. Only what the application or its server established counts; of what a client wrote only what the policy says it
/// trusts. Immutable.
/// </summary>
public sealed record CounterIdentity
{
    private const char Separator = '\u001f';
    private const int MostGroups = 16;

    private static readonly KeyValuePair<string, CounterDimension>[] Words =
    [
        KeyValuePair.Create("global", CounterDimension.Global),
        KeyValuePair.Create("ip", CounterDimension.Ip),
        KeyValuePair.Create("user", CounterDimension.User),
        KeyValuePair.Create("consumer", CounterDimension.Consumer),
        KeyValuePair.Create("group", CounterDimension.Group),
        KeyValuePair.Create("key", CounterDimension.Key),
        KeyValuePair.Create("fingerprint", CounterDimension.Fingerprint),
        KeyValuePair.Create("header", CounterDimension.Header),
        KeyValuePair.Create("model", CounterDimension.Model),
    ];

    /// <summary>What it tells calls apart by. Everybody together by default.</summary>
    public CounterDimension By { get; init; }

    /// <summary>The header's name in lower case, for <see cref="CounterDimension.Header"/>; else null.</summary>
    public string? Header { get; init; }

    /// <summary>What happens to a call that cannot be told apart. It counts by its address by default.</summary>
    public MissingIdentity Missing { get; init; }

    /// <summary>What counters and headers call it: <c>global</c>, <c>per_ip</c>, ..., or <c>per_header_</c> and the header's name.</summary>
    public string Name => By switch
    {
        CounterDimension.Global => "global",
        CounterDimension.Header => $"per_header_{Header}",
        _ => "per_" + Array.Find(Words, w => w.Value == By).Key,
    };

    /// <summary>The names of all dimensions but the header's.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Words.Where(static w => w.Value != CounterDimension.Header).Select(static w => new CounterIdentity { By = w.Value }.Name)];

    /// <summary>The dimension with a name such as <c>per_ip</c>; null when there is none, or when it takes more than a name.</summary>
    /// <param name="name">The name.</param>
    public static CounterDimension? Named(string name)
    {
        foreach (var (_, by) in Words)
        {
            if (by != CounterDimension.Header && new CounterIdentity { By = by }.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return by;
            }
        }

        return null;
    }

    /// <summary>Reads <c>by</c>, and <c>name</c> and <c>trusted</c> that go with a header.</summary>
    /// <param name="settings">The settings of the limit.</param>
    /// <param name="by">The dimension when nothing is said; null when it must be said.</param>
    /// <returns>The identity, without <see cref="Missing"/>.</returns>
    public static CounterIdentity Read(GuardrailSettings settings, CounterDimension? by)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var dimension = settings.Choice("by", by ?? CounterDimension.Global, Words);
        if (by is null && !settings.Has("by"))
        {
            settings.Problem("by", "is required");
        }

        var name = settings.OptionalString("name");
        var isTrusted = settings.Boolean("trusted", false);
        settings.RefuseIdle(dimension != CounterDimension.Header, "unless \"by\" is \"header\"", "name", "trusted");
        if (dimension != CounterDimension.Header)
        {
            return new CounterIdentity { By = dimension };
        }

        if (string.IsNullOrEmpty(name) || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            settings.Problem("name", "is required: the header to limit by, of letters, digits, '-' and '_'");
        }

        if (!isTrusted)
        {
            settings.Problem("trusted", "must be true for a limit by header: only a header that clients cannot set themselves tells them apart");
        }

        return new CounterIdentity { By = dimension, Header = (name ?? "").ToLowerInvariant() };
    }

    /// <summary>Reads <c>missing</c>, and refuses what never comes to pass with this dimension.</summary>
    /// <param name="settings">The settings of the limit.</param>
    public MissingIdentity ReadMissing(GuardrailSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var missing = settings.Choice(
            "missing",
            MissingIdentity.Address,
            KeyValuePair.Create("address", MissingIdentity.Address),
            KeyValuePair.Create("skip", MissingIdentity.Skip),
            KeyValuePair.Create("share", MissingIdentity.Share),
            KeyValuePair.Create("reject", MissingIdentity.Reject));
        settings.RefuseIdle(By is CounterDimension.Global or CounterDimension.Model, $"on a limit called \"{Name}\": no call lacks that", "missing");

        // Both include the address: what they lack has none.
        var isOfAddress = By is CounterDimension.Ip or CounterDimension.Fingerprint;
        settings.RefuseIdle(
            isOfAddress && missing == MissingIdentity.Address, $"on a limit called \"{Name}\": what it cannot tell apart has no address", "missing");
        return missing;
    }

    /// <summary>For whom a call counts.</summary>
    /// <param name="call">The call.</param>
    /// <param name="isMissing">Whether it cannot be told apart.</param>
    /// <returns>The subjects; none when the limit does not apply to the call, or when it is to be refused.</returns>
    public IReadOnlyList<string> SubjectsOf(GuardrailCall call, out bool isMissing)
    {
        ArgumentNullException.ThrowIfNull(call);
        var subjects = Find(call);
        isMissing = subjects.Count == 0;
        return !isMissing ? subjects : Missing switch
        {
            // Marked, so that an address is never somebody's name.
            MissingIdentity.Address => One(AddressOf(call) is { } address ? Separator + address : null),
            MissingIdentity.Share => [$"{Separator}nobody"],
            _ => [],
        };
    }

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

    private IReadOnlyList<string> Find(GuardrailCall call) => By switch
    {
        CounterDimension.Global => [CounterSubject.Everybody],
        CounterDimension.Ip => One(AddressOf(call)),
        CounterDimension.User or CounterDimension.Consumer => One(call.Caller.Consumer is { } consumer ? CounterSubject.Of(consumer) : null),
        CounterDimension.Group => [.. call.Caller.Groups.Distinct(StringComparer.Ordinal).Take(MostGroups).Select(CounterSubject.Of)],
        CounterDimension.Key => One(call.Headers?.CredentialHash),
        CounterDimension.Fingerprint => One(FingerprintOf(call)),
        CounterDimension.Header => One(call.Headers?.Find(Header!) is { Length: > 0 } value ? CounterSubject.Of(value) : null),
        _ => [CounterSubject.Of(call.Model ?? "")],
    };
}
