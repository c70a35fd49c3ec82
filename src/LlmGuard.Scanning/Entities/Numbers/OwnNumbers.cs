using LlmGuard.Scanning.Entities.Labelled;

namespace LlmGuard.Scanning.Entities.Numbers;

/// <summary>The layouts of the numbers that are entities of their own.</summary>
internal static class OwnNumbers
{
    public static Detector ItalianCf { get; } =
        One("AAAAAAooAooAoooA", OwnChecks.ItalianCf, Confidence.High, "codice fiscale|fiscal code|cf", anyCase: true);

    public static Detector MexicanCurp { get; } = One("AAAA999999AAAAAAX9", OwnChecks.MexicanCurp, Confidence.High, "curp", anyCase: true);

    public static Detector FrenchNir { get; } =
        One("9 99 99 9X 999 999 99|9~99~99~9X~999~999~99|999999X99999999", OwnChecks.FrenchNir, Confidence.High, "nir|securite sociale|secu");

    public static Detector UsMedicare { get; } = new NumberDetector(
        new NumberFormat("Medicare beneficiary", "9AX9AX9AA99|9AX9-AX9-AA99",
            OwnChecks.MedicareBeneficiary, Confidence.High, "medicare|mbi|beneficiary"),
        new NumberFormat("Health insurance claim", "999-99-9999A|999999999A|999-99-9999-A", OwnChecks.SocialSecurityClaim, Confidence.Low,
            "medicare|hicn|hic") { Grouped = Confidence.High });

    public static Detector BrazilianCnpj { get; } =
        One("99.999.999/9999-99|99 999 999 9999 99|99999999999999|99999999/9999-99",
        OwnChecks.BrazilianCnpj, Confidence.Medium, "cnpj", grouped: Confidence.Certain);

    public static Detector BrazilianCpf { get; } =
        One("999.999.999-99|999 999 999 99|999-999-999-99|99999999999|999999999-99",
        OwnChecks.BrazilianCpf, Confidence.Medium, "cpf", grouped: Confidence.Certain);

    public static Detector SpanishDni { get; } =
        One("99999999~A|99.999.999-A|99.999.999A", OwnChecks.SpanishDni, Confidence.High, "dni|nif|documento", anyCase: true);

    public static Detector SpanishNie { get; } =
        One("A9999999~A|A-9999999-A|A-9999999A", OwnChecks.SpanishNie, Confidence.High, "nie|extranjer*", anyCase: true);

    public static Detector SpanishCif { get; } =
        One("A9999999X|A-9999999X|A-9999999-X|A9999999-X", OwnChecks.SpanishCif, Confidence.Medium, "cif|nif", anyCase: true);

    public static Detector SpanishNss { get; } =
        One("99~99999999~99|99/99999999/99", OwnChecks.SpanishNss, Confidence.Medium, "nss|seguridad social|afiliacion", grouped: Confidence.High);

    public static Detector GermanId { get; } = new NumberDetector(
        new NumberFormat("Card with check digit", "XXXXXXXXX9|XXXXXXXXX9D", static c => OwnChecks.GermanCard(c[..10]), Confidence.Low,
            "personalausweis*|ausweis*|perso|id card|german id|id-nummer|identity card") { Reach = 48 },
        new NumberFormat("Card", "AXXXXXXXX", OwnChecks.HasDigit, 0, "personalausweis*|ausweis*|perso"),
        new NumberFormat("Card by its letters", "AA9XXXXXX9", OwnChecks.HasDigit, Confidence.Low,
            "personalausweis*|ausweis*|german id|id card|identity card"));

    public static Detector MexicanRfc { get; } =
        One("AAA999999XXX|AAAA999999XXX|AAAA-999999-XXX|AAA-999999-XXX", OwnChecks.MexicanRfc, Confidence.Medium, "rfc", anyCase: true);

    public static Detector ChileanRut { get; } =
        One("99.999.999-X|9.999.999-X|99999999-X|9999999-X|99999999X|9999999X",
        IsRut, Confidence.Low, "rut|run", anyCase: true, grouped: Confidence.High);

    public static Detector DeviceImei { get; } =
        One("999999999999999|99-999999-999999-9|99 999999 999999 9|99999999 999999 9|99999999-999999-9|9999999999999999|99-999999-999999-99|"
            + "99999999999999999", OwnChecks.Imei, Confidence.Medium, "imei*|device id", grouped: Confidence.High);

    public static Detector VehicleVin { get; } = new NumberDetector(
        new NumberFormat("With check digit", "XXXXXXXXXXXXXXXXX", OwnChecks.Vin, Confidence.Medium, "vin|chassis|vehicle identification"),
        new NumberFormat("Without", "XXXXXXXXXXXXXXXXX", OwnChecks.IsVinShape, Confidence.Low,
            "vin|chassis|vehicle identification|fahrgestell*|bastidor"));

    public static Detector Isin { get; } = One("AAXXXXXXXXX9", OwnChecks.Isin, Confidence.Medium, "isin|security|securities");

    public static Detector SwiftBic { get; } =
        One("AAAAAAXX|AAAAAAXXXXX|AAAA AA XX|AAAA AA XX XXX", OwnChecks.Bic, Confidence.Low, "bic|swift*|bank*|iban", grouped: Confidence.Low);

    public static Detector TaxId { get; } = new NumberDetector(
        new NumberFormat("Employer identification number", "99-9999999", OwnChecks.EmployerId, Confidence.Medium,
            "ein|tax id*|employer*|taxpayer|fein|tin"),
        new NumberFormat("Employer identification number without hyphen", "999999999", OwnChecks.EmployerId, 0,
            "ein|tax id*|taxpayer*|fein|tax number"),
        new NumberFormat("Other", "99/999/99999|999/999/99999|9999999999999|99999999999|9999999999", null, 0,
            "tax id*|steuernummer*|tax number*|tax no*"));

    public static Detector RoutingNumber { get; } =
        One("999999999|9999-9999-9|9999 9999 9", OwnChecks.Routing, Confidence.Low, "routing*|aba|rtn|transit", grouped: Confidence.Medium);

    public static Detector BankAccount { get; } = Labelled(
        "9{8-20}|9999 9999|999 999 999|9999 9999 9999|99-99-99 99999999|9999999-9",
            "account|acct*|a/c|bank account|konto*|cuenta|compte|conto|rekening*|iban|sort code|conta", Labels.Reach);

    public static Detector ColombianCc { get; } = Labelled("9{8-10}|9.999.999.999|99.999.999|999.999.999", "cc|c.c.|cedula*|ciudadania", 40);

    public static Detector PeruvianDni { get; } = Labelled("99999999|99999999-9", "dni|documento", 40);

    public static Detector ArgentineDni { get; } = Labelled("9999999|99999999|99.999.999|9.999.999", "dni|documento|d.n.i.", 40);

    public static Detector ZipCode { get; } =
        Labelled("99999|99999-9999|999999|99-999|999 99|9999 AA|A9A 9A9|A9 9AA|A99 9AA|AA9 9AA|AA99 9AA|A9A 9AA|AA9A 9AA|99999-999|999-9999",
        "zip*|postal*|postcode|post code|plz|postleitzahl|codigo postal|cp|cep|code postal|cap|postnummer|pin code|pincode", 24);

    public static Detector Passport { get; } = new NumberDetector(new NumberFormat(
        "Passport",
        "A9{6-9}|AA9{6-8}|9{8-9}|AAA9{5-6}|99AA99999|XXXXXXXXX|A9X9{7-7}|A9 999999|A 9999999|AA 999999|99 999999|9999 999999|A99XX9999|"
        + "9{10-10}|AAA999999A",
        OwnChecks.HasDigit, 0, "passport*|pasaporte*|passeport*|reisepass*|passnummer|passaporto|passaporte|paspoort*|paszport*|pass no*|pas no*")
        {
            Reach = 48,
            Grouped = 0,
        });

    public static Detector DriversLicense { get; } = new NumberDetector(new NumberFormat(
        "Driving licence",
        "A9{5-14}|AA9{5-7}|9{7-10}|AAAAA999999XX9AA|AAAAA999999XXXAA|A999-9999-9999|A999-9999-9999-99|A999-999-99-999-9|XXXXXXXXXX|"
        + "XXXXXXXXXXX|99 9999999 99|AA9999999X|99-99-999999-99|AAAAA999999AA999|A99-99-9999|AAAAA999999AA9AA99|AAAAA999999AA9AA 99",
        OwnChecks.HasDigit, 0,
        "driver*|driving|licence*|license*|dl|dvla|fuhrerschein*|permis de conduire|carnet de conducir|patente|licencia|rijbewijs*|d.l.|"
        + "fahrerlaubnis*") { Reach = 48, Grouped = 0 });

    public static Detector LicensePlate { get; } = new NumberDetector(new NumberFormat(
        "Plate",
        "AA99 AAA|AA99AAA|A{1-3}9{1-4}|A{1-3}-9{1-4}|A{1-3} 9{1-4}|A{1-3}-A{1-2} 9{1-4}|A{1-3} A{1-2} 9{1-4}|A{1-3}-A{1-2}-9{1-4}|9999 AAA|"
        + "9999-AAA|9999AAA|AA-999-AA|AA 999 AA|AA999AA|9AAA999|9{1-3}-AAA-9{1-3}|AA-99-AA|99-AA-99|99-AAA-9|9-AAA-99|AAA9A99|AA99AA9999|"
        + "AA 99 AA 9999|AA-99-AA-9999|99 A{1-3} 9{2-5}|99A{1-3}9{2-5}|AAA 999 AA|AAA999AA|AAA-999AA|AAA-999-AA",
        OwnChecks.IsPlate, 0,
        "plate*|licence plate*|license plate*|number plate*|registration*|reg no*|vrm|kennzeichen*|matricula*|immatriculation|targa|"
        + "placa*|kenteken|plaka|vehicle reg*|car reg*|kfz*") { Grouped = 0 });

    public static Detector Cvv { get; } =
        Announced("999|9999", "cvv*|cvc*|cvn|cid|csc|security code|card code|verification code|card verification*", 20);

    private static bool IsRut(ReadOnlySpan<byte> c) =>
        AsciiByte.IsDigit(c[^1]) | c[^1] == 'K' && !c[..^1].ContainsAnyInRange((byte)'A', (byte)'Z') && OwnChecks.ChileanRut(c);

    private static NumberDetector One(string layouts, NumberCheck check, byte bare, string words, bool anyCase = false, byte grouped = 0) =>
        new(new NumberFormat(layouts, layouts, check, bare, words) { AnyCase = anyCase, Grouped = grouped > 0
            ? grouped
            : Math.Max(bare, Confidence.Medium) });

    private static AnnouncedNumberDetector Announced(string layouts, string words, int reach) =>
        new(new LabelWords(words.Split('|')), reach, Labelled(layouts, words, reach));

    private static NumberDetector Labelled(string layouts, string words, int reach) =>
        new(new NumberFormat(layouts, layouts, null, 0, words) { Reach = reach, Grouped = 0 });
}
