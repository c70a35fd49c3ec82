using System.Text;

namespace LlmGuard.Scanning.Entities.Labelled;

/// <summary>Words before a bare number that say what it is.</summary>
internal static class Labels
{
    /// <summary>How far before a number its label may stand, in bytes.</summary>
    public const int Reach = 40;

    // Things that have numbers. Before the lists that are made with them.
    private static readonly string[] Numbered =
    [
        "serial*", "order*", "invoice*", "ticket*", "tracking*", "barcode*", "isbn*", "ean", "upc", "gtin", "sku", "part", "version*", "build*",
        "patent*", "lot", "batch*", "article*", "artikel*", "bestell*", "rechnung*", "commande*", "pedido*", "factur*", "ordine*", "fattura*",
        "zamowieni*", "asset", "item", "product*", "model*", "rev",
    ];

    /// <summary>Words that announce a US social security number.</summary>
    public static readonly LabelWords SocialSecurity = new(
        "ssn*", "social security", "social_security*", "social-security", "socialsecurity*", "soc sec", "soc. sec", "social sec", "social number*",
            "socialnumber*", "social_number*", "social no*");

    /// <summary>Words that announce a telephone number.</summary>
    public static readonly LabelWords Telephone = new(
        "phone*", "phone#", "msisdn*", "tel", "telephone*", "telefon*", "telefax*", "mobile*", "mobil", "movil*", "cell*", "celular*", "cel", "fax*",
            "call", "calling", "whatsapp*", "contact*", "dial*", "sms", "text me", "ph:", "ph.", "handy*",
        "answering at", "reach", "ring me", "hotline*", "helpline*", "landline*", "rufnummer*", "mob", "ligue", "llama*", "llame", "appelez", "viber",
            "signal:", "gsm", "texting", "or text", "text us", "office:", "puhelin*", "chiam*", "numero di tel*", "pager*", "reached",
        "numer tel*",
        "tlf", "tfn", "telf*", "telp", "tlp", "puh", "fono*", "fon", "portable*", "telemovel*", "telemovil*", "komork*", "zavolej*", "volej*",
            "dzwon*", "soita*", "anruf*", "ring mig", "ring meg", "ring til*", "me liga*");

    /// <summary>Words that announce a number, a telephone's where nothing else is said.</summary>
    public static readonly LabelWords SomeNumber = new(
        "my number", "number is", "meine nummer", "mein nummer", "mitt nummer", "min nummer", "mit nummer", "mijn nummer", "mi numero", "mio numero",
            "mon numero", "meu numero", "moj numer", "nomor", "nambari");

    /// <summary>How far before a number a word may stand that says that it is another one, in bytes.</summary>
    public const int OtherReach = 24;

    /// <summary>Words that announce a number which is no telephone's.</summary>
    public static readonly LabelWords OtherNumber = new(
    [
        .. Numbered, "policy", "member", "student", "case", "ref", "reference*", "transaction*", "kunden*", "s/n", "row", "line", "doi", "pmid",
        "timestamp*", "epoch*", "ts", "seq*", "chr*", "port", "port_*", "rgb*", "pid", "police*", "polizze*", "vertrag*", "contrat*", "nr.", "no.",
    ]);

    /// <summary>Words that say of the number directly behind them that it is no telephone's and nobody's own, whatever its grouping.</summary>
    public static readonly LabelWords Thing = new(
        [.. Numbered, "catalog*", "shipment*", "parcel*", "count", "meeting id*", "webinar id*", "conference id*", "imei*", "imsi*", "iccid*"]);

    // How far a word for a thing may stand before its number: "order number: ".
    private const int ThingReach = 24;

    // Between such a word and its number: "no.", "number", "#".
    private static readonly byte[][] Numerals = Words("number", "num", "no", "nr", "id", "code", "ref", "numero", "nummer");

    /// <summary>Whether a number is said to be a thing's: such a word stands before it with nothing between them but a word for "number".</summary>
    public static bool IsOfThing(ref ScanText text, int at)
    {
        var word = Thing.LastBefore(ref text, at, ThingReach);
        if (word < 0)
        {
            return false;
        }

        while (AsciiByte.IsLetter(text[word]))
        {
            word++;
        }

        while (word < at && (text[word] is ' ' or ':' or '.' or '#' or '=' or '-' or '_' or '"' or '\''))
        {
            word++;
        }

        foreach (var numeral in Numerals)
        {
            if (text.Follows(word, numeral) && !AsciiByte.IsLetter(text[word + numeral.Length]))
            {
                word += numeral.Length;
                break;
            }
        }

        while (word < at && !AsciiByte.IsAlphanumeric(text[word]) && text[word] < 0x80)
        {
            word++;
        }

        return word == at;
    }

    /// <summary>Words after a telephone number that say of which line it is.</summary>
    public static readonly byte[][] Line =
        Words("office", "fax", "mobile", "cell", "home", "work", "phone", "tel", "direct",
        "landline", "(office", "(mobile", "(home", "(work", "(cell", "(fax", "(tel");

    /// <summary>Whether one of the words follows, after at most three spaces, hyphens or commas.</summary>
    public static bool Follow(ref ScanText text, int at, byte[][] words)
    {
        var (offset, isApart) = (at, false);
        while (offset - at < 3 && text[offset] is ' ' or '-' or ',')
        {
            isApart |= text[offset++] == ',';
        }

        if (offset == at || !(AsciiByte.IsLetter(text[offset]) || text[offset] == '('))
        {
            return false;
        }

        foreach (var word in words)
        {
            if (text.Follows(offset, word) && !AsciiByte.IsAlphanumeric(text[offset + word.Length]))
            {
                return !isApart || !AnnouncesNumber(ref text, offset + word.Length);
            }
        }

        return false;
    }

    // "..., cell (907) ..." is about what follows.
    private static bool AnnouncesNumber(ref ScanText text, int at)
    {
        var offset = at;
        while (offset - at < 3 && text[offset] is ' ' or ':' or '.')
        {
            offset++;
        }

        return AsciiByte.IsDigit(text[offset]) || text[offset] is '(' or '+';
    }

    private static byte[][] Words(params string[] words) => [.. words.Select(Encoding.ASCII.GetBytes)];
}
