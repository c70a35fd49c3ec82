using System.Collections.Frozen;
using LlmGuard.Scanning.Entities.Phones;
using LlmGuard.Scanning.Entities.Secrets;

namespace LlmGuard.Scanning.Entities;

/// <summary>The built-in entities by id, in the order in which they claim text: what is specific before what is general.</summary>
internal static class EntityCatalog
{
    private const EntityGroups Money = EntityGroups.Pii | EntityGroups.Financial;
    private const EntityGroups Machine = EntityGroups.Pii | EntityGroups.Network;

    private static readonly EntityInfo[] Ordered =
    [
        new("stripe_key", EntityGroups.Secrets, "Stripe keys and webhook secrets", "prefix", new KeyDetector(VendorKeys.Stripe)),
        new("jwt_token", EntityGroups.Secrets, "JSON web tokens", "two encoded objects", new JwtDetector()),
        new("password", EntityGroups.Secrets, "values named as a password; passwords in URLs", "name, shape", new AnyDetector(
            new AssignedSecretDetector(SecretKind.Password), new AnnouncedSecretDetector(SecretLabel.Passwords), new UrlPasswordDetector())),
        new("two_factor", EntityGroups.Secrets, "seeds of one-time codes, recovery codes", "word before", new TwoFactorDetector()),
        new("api_key", EntityGroups.Secrets, "keys of vendors, private keys, values named as a key", "prefix, checksum, name and entropy", new AnyDetector(
            new KeyDetector(VendorKeys.Others), new PrivateKeyDetector(), new AssignedSecretDetector(SecretKind.Key), new AnnouncedSecretDetector(SecretLabel.ApiKeys))),
        new("access_token", EntityGroups.Secrets, "bearer tokens, values named as a token", "name and entropy", new AnyDetector(
            new AssignedSecretDetector(SecretKind.Token), new AnnouncedSecretDetector(SecretLabel.AccessTokens))),
        new("email", EntityGroups.Pii, "e-mail addresses", "shape", new EmailDetector()),
        new("uuid", EntityGroups.None, "UUIDs", "shape", new UuidDetector()),
        new("mac_address", Machine, "hardware addresses", "shape", new MacDetector(allowPoints: true)),
        new("device_mac", Machine, "hardware addresses", "shape", new MacDetector(allowPoints: false)),
        new("ip6_address", Machine, "IPv6 addresses", "shape", new Ipv6Detector()),
        new("ip_address", Machine, "IPv4 addresses", "shape", new Ipv4Detector()),
        new("spanish_iban", Money, "Spanish account numbers", "mod 97", new IbanDetector("ES")),
        new("iban", Money, "account numbers of all registered countries", "country, length, mod 97", new IbanDetector()),
        new("credit_card", Money, "payment cards", "issuer, Luhn", new CreditCardDetector()),
        new("ssn", EntityGroups.Pii | EntityGroups.NationalIds, "US social security numbers", "issuable; plain digits after a word", new SsnDetector()),
        new("phone_number", EntityGroups.Pii, "telephone numbers of the world", "numbering plans, words before", new PhoneDetector()),
    ];

    private static readonly FrozenDictionary<string, EntityInfo> ById = Ordered.ToFrozenDictionary(e => e.Id);

    /// <summary>The ids, strongest claim first.</summary>
    public static IReadOnlyList<string> Ids { get; } = [.. Ordered.Select(e => e.Id)];

    /// <summary>The names of the groups that stand for several entities.</summary>
    public static IReadOnlyDictionary<string, EntityGroups> Groups { get; } = new Dictionary<string, EntityGroups>(StringComparer.Ordinal)
    {
        ["secrets"] = EntityGroups.Secrets,
        ["pii"] = EntityGroups.Pii,
        ["financial"] = EntityGroups.Financial,
        ["national_ids"] = EntityGroups.NationalIds,
        ["network"] = EntityGroups.Network,
    };

    /// <summary>The entity of an id.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public static EntityInfo Get(string id) => ById[id];

    /// <summary>The detector of an entity, or null when there is none of that id.</summary>
    /// <param name="id">The id.</param>
    /// <param name="least">The least confidence of a match that counts, in percent.</param>
    public static Detector? Find(string id, byte least = Confidence.Default) =>
        ById.TryGetValue(id, out var entity) ? new ConfidentDetector(entity.Detector, least) : null;

    /// <summary>The ids of a group, strongest claim first; none when no group has that name.</summary>
    public static IEnumerable<string> InGroup(string name) =>
        Groups.TryGetValue(name, out var group) ? Ordered.Where(e => e.Groups.HasFlag(group)).Select(e => e.Id) : [];
}
