using LlmGuard.Scanning.Entities;

namespace LlmGuard.Plugins.DataMasking.Tests;

/// <summary>The entities and groups that a policy can name.</summary>
public sealed class EntityTests
{
    // The ids of the guide, which policies out there name.
    private static readonly string[] OfTheGuide =
    [
        "password", "api_key", "access_token", "email", "uuid", "jwt_token", "crypto_wallet", "stripe_key", "ip_address", "ip6_address",
        "mac_address", "device_mac", "italian_cf", "mexican_curp", "french_nir", "cvv", "spanish_iban", "iban", "us_medicare", "ssn",
        "brazilian_cnpj", "brazilian_cpf", "credit_card", "spanish_dni", "spanish_nie", "spanish_cif", "spanish_nss", "spanish_phone", "german_id",
        "mexican_rfc", "chilean_rut", "date", "swift_bic", "address", "device_imei", "bank_account", "colombian_cc", "tax_id", "routing_number",
        "peruvian_dni", "argentine_dni", "zip_code", "phone_number", "vehicle_vin", "passport", "drivers_license", "isin",
    ];

    [Test]
    public void Create_EveryEntityOfTheGuide_IsAccepted([ValueSource(nameof(OfTheGuide))] string id) =>
        Assert.That(Masking.Problems($$"""{"predefined_entities": [{"entity": "{{id}}"}]}"""), Is.Empty);

    [TestCase("email", "mail joe@example.com", "mail [MASKED_EMAIL]")]
    [TestCase("crypto_wallet", "to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "to [MASKED_WALLET]")]
    [TestCase("italian_cf", "CF RSSMRA85T10A562S", "CF [MASKED_IT_CF]")]
    [TestCase("mexican_curp", "BOXW310820HNERXN09", "[MASKED_MX_CURP]")]
    [TestCase("french_nir", "2 95 10 99 126 111 93", "[MASKED_FR_NIR]")]
    [TestCase("cvv", "card cvv 123", "card cvv [MASKED_CVV]")]
    [TestCase("us_medicare", "1EG4-TE5-MK73", "[MASKED_MEDICARE]")]
    [TestCase("brazilian_cnpj", "11.222.333/0001-81", "[MASKED_BR_CNPJ]")]
    [TestCase("brazilian_cpf", "52998224725", "[MASKED_BR_CPF]")]
    [TestCase("spanish_dni", "12345678Z", "[MASKED_DNI]")]
    [TestCase("spanish_nie", "X1234567L", "[MASKED_NIE]")]
    [TestCase("spanish_cif", "A58818501", "[MASKED_CIF]")]
    [TestCase("spanish_nss", "28/12345678/40", "[MASKED_NSS]")]
    [TestCase("spanish_phone", "+34 612 345 678", "[MASKED_ES_PHONE]")]
    [TestCase("german_id", "Personalausweis L01X00T471", "Personalausweis [MASKED_DE_ID]")]
    [TestCase("mexican_rfc", "GODE561231GR8", "[MASKED_MX_RFC]")]
    [TestCase("chilean_rut", "12.345.678-5", "[MASKED_CL_RUT]")]
    [TestCase("date", "on 2024-03-12 and March 12, 1984", "on [MASKED_DATE] and [MASKED_DATE]")]
    [TestCase("swift_bic", "BIC: DEUTDEFF", "BIC: [MASKED_BIC]")]
    [TestCase("address", "at 742 Evergreen Terrace, Springfield, IL 62704.", "at [MASKED_ADDRESS].")]
    [TestCase("device_imei", "IMEI 490154203237518", "IMEI [MASKED_IMEI]")]
    [TestCase("bank_account", "account number 1234567890", "account number [MASKED_ACCOUNT]")]
    [TestCase("colombian_cc", "cedula 1020304050", "cedula [MASKED_CO_CC]")]
    [TestCase("tax_id", "EIN 12-3456789", "EIN [MASKED_TAX_ID]")]
    [TestCase("routing_number", "routing 021000021", "routing [MASKED_ROUTING]")]
    [TestCase("peruvian_dni", "DNI 12345678", "DNI [MASKED_PE_DNI]")]
    [TestCase("argentine_dni", "DNI 12.345.678", "DNI [MASKED_AR_DNI]")]
    [TestCase("zip_code", "zip 90210-1234", "zip [MASKED_ZIP]")]
    [TestCase("vehicle_vin", "1HGCM82633A004352", "[MASKED_VIN]")]
    [TestCase("passport", "passport C01234567", "passport [MASKED_PASSPORT]")]
    [TestCase("drivers_license", "driver license D1234567", "driver license [MASKED_LICENSE]")]
    [TestCase("isin", "US0378331005", "[MASKED_ISIN]")]
    [TestCase("national_id", "PESEL 44051401359", "PESEL [MASKED_NATIONAL_ID]")]
    [TestCase("date_of_birth", "born on 12 March 1984 here", "born on [MASKED_BIRTH_DATE] here")]
    [TestCase("license_plate", "licence plate AB12 CDE", "licence plate [MASKED_PLATE]")]
    [TestCase("two_factor", "2FA secret: JBSWY3DPEHPK3PXPJBSW", "2FA secret: [MASKED_2FA]")]
    [TestCase("password", "postgres://app:s3cr3t-Pw@db/x", "postgres://app:[MASKED_PASSWORD]@db/x")]
    [TestCase("secrets", "pw: hunter2 mail joe@example.com", "pw: [MASKED_PASSWORD] mail joe@example.com")]
    [TestCase("network", "from 10.1.2.3 by joe@example.com", "from [MASKED_IP] by joe@example.com")]
    [TestCase("financial", "pay 4111 1111 1111 1111 to joe@example.com", "pay [MASKED_CC] to joe@example.com")]
    [TestCase("national_ids", "CPF 529.982.247-25 of joe@example.com", "CPF [MASKED_BR_CPF] of joe@example.com")]
    [TestCase("pii", "joe@example.com, +44 20 7946 0958, 10.1.2.3", "[MASKED_EMAIL], [MASKED_PHONE], [MASKED_IP]")]
    public void Evaluate_EntityOrGroup_MasksExactlyIt(string entity, string text, string expected) =>
        Assert.That(Masking.Mask($$"""{"predefined_entities": [{"entity": "{{entity}}"}]}""", text), Is.EqualTo(expected));

    [Test]
    public void Evaluate_EntityBesideItsGroup_SaysWhatHappens()
    {
        const string Settings = """{"predefined_entities": [{"entity": "pii", "mask_with": "#"}, {"entity": "ip_address", "enabled": false}, {"entity": "email", "mask_with": "@"}]}""";
        Assert.That(Masking.Mask(Settings, "joe@example.com 10.1.2.3 +44 20 7946 0958"), Is.EqualTo("@ 10.1.2.3 #"));
    }

    [TestCase("0.9", "12.345.678-5 and RUT 12.345.678-5", "12.345.678-5 and RUT [MASKED_CL_RUT]")]
    [TestCase("0.2", "123456785", "[MASKED_CL_RUT]")]
    [TestCase("0.5", "123456785", "123456785")]
    public void Evaluate_MinConfidence_DecidesHowMuchEvidenceIsAskedFor(string least, string text, string expected) =>
        Assert.That(
            Masking.Mask($$"""{"predefined_entities": [{"entity": "chilean_rut", "min_confidence": {{least}}}]}""", text), Is.EqualTo(expected));

    [Test]
    public void Find_EveryEntity_HasAMask() => Assert.That(EntityCatalog.Ids.Select(EntityMasks.Find), Has.All.StartsWith("[MASKED_"));
}
