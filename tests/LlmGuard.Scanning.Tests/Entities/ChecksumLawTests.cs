using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Scanning.Entities.Numbers;

namespace LlmGuard.Scanning.Tests.Entities;

/// <summary>Cards, account numbers and the numbers with an entity of their own: valid ones are found, those with a wrong digit are not.</summary>
public sealed class ChecksumLawTests
{
    private static readonly string[] Countries =
        ["DE22", "GB22", "FR27", "NO15", "MT31", "ES24", "BR29", "SA24", "CH21", "PL28", "NL18", "IT27", "LC32", "UA29"];

    private static readonly string[] Separators = ["", " ", "-"];

    [FsCheck.NUnit.Property(MaxTest = 300, Replay = "(5,7)")]
    public Property Find_Card_LuhnDecides() =>
        Prop.ForAll(Arb.From(Gen.ArrayOf(Gen.Choose(0, 9), 14).Zip(Gen.Elements(Separators)).Zip(Gen.Choose(1, 9))), static c =>
    {
        var ((digits, separator), wrong) = c;
        var body = "4" + string.Concat(digits);
        var right = Enumerable.Range(0, 10).First(check => Checksums.Luhn(Encoding.ASCII.GetBytes(body + check)));
        var cards = Scans.Entities("credit_card");
        Assert.That(Scans.Find(cards, $"card {Grouped(body + right, separator)}."), Is.EqualTo(new[] { Grouped(body + right, separator) }));
        Assert.That(Scans.Find(cards, $"card {body}{(right + wrong) % 10}."), Is.Empty);
    });

    [FsCheck.NUnit.Property(MaxTest = 300, Replay = "(5,9)")]
    public Property Find_Iban_Mod97Decides() =>
        Prop.ForAll(Arb.From(Gen.ArrayOf(Gen.Choose(0, 9), 30).Zip(Gen.Elements(Countries)).Zip(Gen.Choose(1, 90))), static c =>
    {
        var ((digits, country), wrong) = c;
        var length = int.Parse(country.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture);
        var account = string.Concat(digits).PadRight(30, '7')[..Math.Min(30, length - 4)].PadRight(length - 4, '1');
        var check = 98 - Checksums.Mod97(Encoding.ASCII.GetBytes(account + country[..2] + "00"));
        var ibans = Scans.Entities("iban");
        var iban = $"{country[..2]}{check:00}{account}";
        Assert.That(Scans.Find(ibans, $"to {iban}, please"), Is.EqualTo(new[] { iban }));
        Assert.That(Scans.Find(ibans, $"to {country[..2]}{(check + wrong) % 97:00}{account}, please"), Is.Empty);
    });

    [TestCase("brazilian_cpf", "52998224725", "52998224726")]
    [TestCase("brazilian_cnpj", "11222333000181", "11222333000182")]
    [TestCase("spanish_dni", "12345678Z", "12345678A")]
    [TestCase("spanish_nie", "X1234567L", "X1234567M")]
    [TestCase("spanish_cif", "A58818501", "A58818502")]
    [TestCase("spanish_nss", "281234567840", "281234567841")]
    [TestCase("chilean_rut", "12.345.678-5", "12.345.678-6")]
    [TestCase("italian_cf", "RSSMRA85T10A562S", "RSSMRA85T10A562T")]
    [TestCase("mexican_curp", "BOXW310820HNERXN09", "BOXW310820HNERXN08")]
    [TestCase("french_nir", "295109912611193", "295109912611194")]
    [TestCase("isin", "US0378331005", "US0378331006")]
    [TestCase("vehicle_vin", "1HGCM82633A004352", "1HGCM82643A004352")]
    [TestCase("device_imei", "490154203237518", "490154203237519")]
    [TestCase("routing_number", "routing 021000021", "routing 021000022")]
    [TestCase("crypto_wallet", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb")]
    [TestCase("crypto_wallet", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdp")]
    [TestCase("national_id", "756.9217.0769.85", "756.9217.0769.86")]
    public void Find_WrongCheck_IsNotFound(string entity, string right, string wrong)
    {
        var plan = Scans.Entities(entity);
        Assert.That(Scans.Find(plan, $"it is {right}!"), Has.Length.EqualTo(1));
        Assert.That(Scans.Find(plan, $"it is {wrong}!"), Is.Empty);
    }

    [TestCase("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", 99)]
    [TestCase("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", 60)]
    [TestCase("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", 85)]
    public void Find_EthereumAddress_CaseSaysHowSure(string address, int confidence) =>
        Assert.That(Scans.Spans(Scans.Entities("crypto_wallet"), Encoding.ASCII.GetBytes(address)).Select(s => (int)s.Confidence),
            Is.EqualTo(new[] { confidence }));

    private static string Grouped(string digits, string separator) => string.Join(separator, digits.Chunk(4).Select(group => new string(group)));
}
