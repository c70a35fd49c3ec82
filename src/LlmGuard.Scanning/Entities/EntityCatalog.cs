using System.Collections.Frozen;
using LlmGuard.Scanning.Entities.Cards;
using LlmGuard.Scanning.Entities.Emails;
using LlmGuard.Scanning.Entities.NationalIds;
using LlmGuard.Scanning.Entities.Network;
using LlmGuard.Scanning.Entities.Numbers;
using LlmGuard.Scanning.Entities.Phones;
using LlmGuard.Scanning.Entities.Secrets;
using LlmGuard.Scanning.Entities.Secrets.Keys;
using LlmGuard.Scanning.Entities.Secrets.Named;
using LlmGuard.Scanning.Entities.Texts;
using LlmGuard.Scanning.Entities.Wallets;

namespace LlmGuard.Scanning.Entities;

/// <summary>The built-in entities by id, in the order in which they claim text: what is specific before what is general.</summary>
internal static class EntityCatalog
{
    private const EntityGroups Money = EntityGroups.Pii | EntityGroups.Financial;
    private const EntityGroups State = EntityGroups.Pii | EntityGroups.NationalIds;
    private const EntityGroups Machine = EntityGroups.Pii | EntityGroups.Network;

    private static readonly EntityInfo[] Ordered =
    [
        new("stripe_key", EntityGroups.Secrets, "Stripe keys and webhook secrets", "prefix", new KeyDetector(VendorKeys.Stripe)),
        new("jwt_token", EntityGroups.Secrets, "JSON web tokens", "two encoded objects", new JwtDetector()),
        new("password", EntityGroups.Secrets, "values named as a password; passwords in URLs", "name, shape", new AnyDetector(
            new PassphraseDetector(), new AssignedSecretDetector(SecretKind.Password), new AnnouncedSecretDetector(SecretLabel.Passwords),
            new SpacedSecretDetector(SecretKind.Password), new UrlPasswordDetector(), new CommandPasswordDetector(), new CommandArgumentDetector(),
            new PlacedPasswordDetector(), new SpokenCodeDetector(), new SlashPairDetector(), new LoginPairDetector(), new CredentialPairDetector(),
            new OracleLoginDetector(), new WifiPasswordDetector(), new PasswordFileDetector(),
            new MarkedSecretDetector(SecretKind.Password), new ColumnSecretDetector(SecretKind.Password))),
        new("two_factor", EntityGroups.Secrets, "seeds of one-time codes, recovery codes", "word before", new TwoFactorDetector()),
        new("api_key", EntityGroups.Secrets, "keys of vendors, private keys, values named as a key",
            "prefix, checksum, name and entropy", new AnyDetector(
            new KeyDetector(VendorKeys.Others), new AzureSecretDetector(), new PrivateKeyDetector(), new PuttyKeyDetector(),
                new AssignedSecretDetector(SecretKind.Key),
            new AnnouncedSecretDetector(SecretLabel.ApiKeys), new SpacedSecretDetector(SecretKind.Key), new MarkedSecretDetector(SecretKind.Key),
            new ColumnSecretDetector(SecretKind.Key))),
        new("access_token", EntityGroups.Secrets, "bearer tokens, values named as a token", "name and entropy", new AnyDetector(
            new AssignedSecretDetector(SecretKind.Token), new AnnouncedSecretDetector(SecretLabel.AccessTokens),
                new SpacedSecretDetector(SecretKind.Token), new MarkedSecretDetector(SecretKind.Token),
                new ColumnSecretDetector(SecretKind.Token))),
        new("crypto_wallet", Money, "Bitcoin, Litecoin, Dogecoin, Dash, Tron and Ethereum addresses",
            "base58check, bech32, EIP-55", new WalletDetector()),
        new("email", EntityGroups.Pii, "e-mail addresses", "shape", new AnyDetector(new EmailDetector(), new SpelledEmailDetector())),
        new("uuid", EntityGroups.None, "UUIDs", "shape", new UuidDetector()),
        new("mac_address", Machine, "hardware addresses with colons, hyphens or points", "shape", new MacDetector(allowPoints: true)),
        new("device_mac", Machine, "hardware addresses with colons or hyphens", "shape", new MacDetector(allowPoints: false)),
        new("ip6_address", Machine, "IPv6 addresses", "shape", new Ipv6Detector()),
        new("ip_address", Machine, "IPv4 addresses", "shape", new Ipv4Detector()),
        new("italian_cf", State, "Italian fiscal codes", "check letter", OwnNumbers.ItalianCf),
        new("mexican_curp", State, "Mexican population codes", "date, check digit", OwnNumbers.MexicanCurp),
        new("french_nir", State, "French social security numbers", "mod 97", OwnNumbers.FrenchNir),
        new("cvv", Money, "card security codes", "word before", OwnNumbers.Cvv),
        new("spanish_iban", Money, "Spanish account numbers", "mod 97", new IbanDetector("ES")),
        new("iban", Money, "account numbers of all registered countries", "country, length, mod 97", new IbanDetector()),
        new("us_medicare", State, "US Medicare numbers, today's and those before", "letters at fixed places", OwnNumbers.UsMedicare),
        new("brazilian_cnpj", State | EntityGroups.Financial, "Brazilian company numbers", "two check digits", OwnNumbers.BrazilianCnpj),
        new("brazilian_cpf", State, "Brazilian personal numbers", "two check digits", OwnNumbers.BrazilianCpf),
        new("credit_card", Money, "payment cards", "issuer, Luhn", new AnyDetector(new CreditCardDetector(), new BrokenCardDetector())),
        new("ssn", State, "US social security numbers", "issuable; plain digits after a word", new SsnDetector()),
        new("date_of_birth", EntityGroups.Pii, "dates after a word that speaks of birth", "word before", new DateDetector(ofBirth: true)),
        new("spanish_dni", State, "Spanish identity numbers", "control letter", OwnNumbers.SpanishDni),
        new("spanish_nie", State, "Spanish foreigners' numbers", "control letter", OwnNumbers.SpanishNie),
        new("spanish_cif", State | EntityGroups.Financial, "Spanish company numbers", "control character", OwnNumbers.SpanishCif),
        new("mexican_rfc", State | EntityGroups.Financial, "Mexican tax codes", "date", OwnNumbers.MexicanRfc),
        new("chilean_rut", State, "Chilean numbers", "mod 11", OwnNumbers.ChileanRut),
        new("device_imei", EntityGroups.Pii, "numbers of mobile devices", "Luhn, issuer", OwnNumbers.DeviceImei),
        new("tax_id", State | EntityGroups.Financial, "US employer numbers; other tax numbers after a word", "prefix, word before", OwnNumbers.TaxId),
        new("routing_number", Money, "US bank routing numbers", "check digit and a word before", OwnNumbers.RoutingNumber),
        new("passport", State, "passport numbers", "word before", OwnNumbers.Passport),
        new("drivers_license", State, "driving licence numbers", "word before", OwnNumbers.DriversLicense),
        new("license_plate", EntityGroups.Pii, "licence plates", "word before", OwnNumbers.LicensePlate),
        new("bank_account", Money, "account numbers", "word before", OwnNumbers.BankAccount),
        new("colombian_cc", State, "Colombian identity numbers", "word before", OwnNumbers.ColombianCc),
        new("peruvian_dni", State, "Peruvian identity numbers", "word before", OwnNumbers.PeruvianDni),
        new("argentine_dni", State, "Argentine identity numbers", "word before", OwnNumbers.ArgentineDni),
        new("german_id", State, "German identity cards", "check digit and a word before", OwnNumbers.GermanId),
        new("spanish_nss", State, "Spanish social security numbers", "mod 97", OwnNumbers.SpanishNss),
        new("national_id", State, "numbers of more than 50 countries that have no entity of their own", "check digits, words before",
            new NumberDetector(NationalIdFormats.All)),
        new("zip_code", EntityGroups.Pii, "postal codes", "word before", OwnNumbers.ZipCode),
        new("spanish_phone", EntityGroups.Pii, "Spanish telephone numbers", "code 34, or nine digits from 6 to 9", new SpanishPhoneDetector()),
        new("phone_number", EntityGroups.Pii, "telephone numbers of the world", "numbering plans, words before", new PhoneDetector()),
        new("date", EntityGroups.None, "dates in digits or with the name of the month", "shape", new DateDetector(ofBirth: false)),
        new("swift_bic", Money, "bank identifiers", "country and a word before", OwnNumbers.SwiftBic),
        new("address", EntityGroups.Pii, "postal addresses: English streets, and lines after a word", "kind of street, word before",
            new AnyDetector(new StreetAddressDetector(), new LabelledAddressDetector())),
        new("vehicle_vin", EntityGroups.Pii, "vehicle identification numbers", "check digit, or a word before", OwnNumbers.VehicleVin),
        new("isin", EntityGroups.Financial, "securities", "country, Luhn", OwnNumbers.Isin),
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
