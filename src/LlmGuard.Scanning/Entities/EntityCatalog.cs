using System.Collections.Frozen;

namespace LlmGuard.Scanning.Entities;

/// <summary>The built-in entities by id, in the order in which they claim text: what is specific before what is general.</summary>
internal static class EntityCatalog
{
    private static readonly (string Id, Detector Detector)[] Ordered =
    [
        ("stripe_key", new KeyDetector(KeyFormats.Stripe)),
        ("jwt_token", new JwtDetector()),
        ("password", new LabelledValueDetector(SecretLabel.Passwords)),
        ("api_key", new AnyDetector(
            new KeyDetector([.. KeyFormats.Models, .. KeyFormats.Clouds, .. KeyFormats.Code, .. KeyFormats.Services]),
            new PrivateKeyDetector(),
            new LabelledValueDetector(SecretLabel.ApiKeys))),
        ("access_token", new LabelledValueDetector(SecretLabel.AccessTokens)),
        ("email", new EmailDetector()),
        ("uuid", new UuidDetector()),
        ("mac_address", new MacDetector(allowPoints: true)),
        ("device_mac", new MacDetector(allowPoints: false)),
        ("ip6_address", new Ipv6Detector()),
        ("ip_address", new Ipv4Detector()),
        ("spanish_iban", new IbanDetector("ES")),
        ("iban", new IbanDetector()),
        ("credit_card", new CreditCardDetector()),
        ("ssn", new SsnDetector()),
        ("phone_number", new PhoneDetector()),
    ];

    private static readonly FrozenDictionary<string, Detector> ById = Ordered.ToFrozenDictionary(e => e.Id, e => e.Detector);

    /// <summary>The ids, strongest claim first.</summary>
    public static IReadOnlyList<string> Ids { get; } = [.. Ordered.Select(e => e.Id)];

    /// <summary>The detector of an entity, or null when there is none of that id.</summary>
    public static Detector? Find(string id) => ById.GetValueOrDefault(id);
}
