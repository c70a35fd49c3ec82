using LlmGuard.Scanning.Entities;

namespace LlmGuard.Scanning.Tests.Entities;

/// <summary>What each built-in entity finds, and what it leaves alone.</summary>
public sealed class EntityTests
{
    private const string Hex32 = "9f8b2c1d4e7a6053bb1f7c20a9d8e6f4";

    [TestCase("email", "mail joe.bloggs+tag@example.co.uk.", "joe.bloggs+tag@example.co.uk")]
    [TestCase("email", "\u00E9joe@example.com", "\u00E9joe@example.com")]
    [TestCase("email", "jos\u00E9@example.com", "jos\u00E9@example.com")]
    [TestCase("email", "joe@m\u00FCnchen.de", "joe@m\u00FCnchen.de")]
    [TestCase("email", "\u8ACB\u5BEB\u4FE1\u5230john@example.com\uFF0C\u8B1D\u8B1D", "john@example.com")]
    [TestCase("email", "joe@example.com\u00E9", "joe@example.com")]
    [TestCase("email", "<a@b.co>;c@d.org", "a@b.co", "c@d.org")]
    [TestCase("email", "https://x.org/users/joe@example.com/edit http://x/joe@example.com?a", "joe@example.com", "joe@example.com")]
    [TestCase("email", "https://x.org?to:joe@example.com <http://x/y:joe@example.com>", "joe@example.com", "joe@example.com")]
    [TestCase("email", "https://joe@example.com/ ftp://joe:secret@example.com/x https://cdn.org/npm/react@18.2.0/x.js", new string[0])]
    [TestCase("email", "x.@.com a@b @c.de a@b.c", new string[0])]
    [TestCase("email", "decorated @override, version 1@2.3", new string[0])]
    [TestCase("email", "joe [at] example [dot] com, joe.b(at)example.co.uk {at} x", "[at] example [dot] com", "joe.b(at)example.co.uk")]
    [TestCase("email", "joe [ at ] mail [dot] example (dot) org; joe[@]example[.]net", "[ at ] mail [dot] example (dot) org", "joe[@]example[.]net")]
    [TestCase("email", "joe@example[.]org, bounce-joe=40example.com@list.example.net", "joe@example[.]org",
        "bounce-joe=40example.com@list.example.net")]
    [TestCase("email", "x[at].y f(at).z items[at] is a.B v(at) pad=40px.size w=40x40.png @at]com", new string[0])]
    [TestCase("email", "joe@\u4F8B\u3048.jp\u306B joe@\u4F8B\u3048.\u30C6\u30B9\u30C8\u306B", "joe@\u4F8B\u3048.jp",
        "joe@\u4F8B\u3048.\u30C6\u30B9\u30C8")]
    [TestCase("email", "\u0430\u043D\u043D\u0430@\u043F\u043E\u0447\u0442\u0430.\u0440\u0444",
        "\u0430\u043D\u043D\u0430@\u043F\u043E\u0447\u0442\u0430.\u0440\u0444")]
    [TestCase("email", "joe@\u4F8B.\u4F8B joe@\u3002\u4F8B.\u30C6\u30B9\u30C8", new string[0])]
    [TestCase("email", "mail://joe@example.com/x smtps://ann@example.com sip:joe@example.com", "joe@example.com", "ann@example.com",
        "joe@example.com")]
    [TestCase("credit_card", "4111\n1111\n1111\n1111\n09/27, 4111\t1111\t1111\t1111.", "4111\n1111\n1111\n1111", "4111\t1111\t1111\t1111")]
    [TestCase("credit_card", "<b>4111</b> 1111 **1111** 1111", "4111</b> 1111 **1111** 1111")]
    [TestCase("credit_card", "<td>3782</td><td>822463</td><td>10005</td>", "3782</td><td>822463</td><td>10005")]
    [TestCase("credit_card", "my card: 4111,1111,1111,1111", "4111,1111,1111,1111")]
    [TestCase("credit_card", "4111,1111,1111,1111 or 4111|1111|1111|1111", new string[0])]
    [TestCase("credit_card", "3000\n4111\n1111\n1111\n1111\n5000", new string[0])]
    [TestCase("credit_card", "4111\t1111\t1111\t1111\t2000 4111\n1111\n1111\n1112", new string[0])]
    [TestCase("credit_card", "pay 4111 1111 1111 1111 now", "4111 1111 1111 1111")]
    [TestCase("credit_card", "4111111111111111", "4111111111111111")]
    [TestCase("credit_card", "5500-0000-0000-0004, 3782.822463.10005", "5500-0000-0000-0004", "3782.822463.10005")]
    [TestCase("credit_card", "4111\u00A01111\u20111111\u00A01111", "4111\u00A01111\u20111111\u00A01111")]
    [TestCase("credit_card", "\u00E94111111111111111\u00E9", "4111111111111111")]
    [TestCase("credit_card", "4111 - 1111 - 1111 - 1111", "4111 - 1111 - 1111 - 1111")]
    [TestCase("credit_card", "12 4111 1111 1111 1111", "4111 1111 1111 1111")]
    [TestCase("credit_card", "6304000000000000 2223003122003222", "6304000000000000", "2223003122003222")]
    [TestCase("credit_card", "4111111111111112", new string[0])]
    [TestCase("credit_card", "4444444444444444 0000000000000000", new string[0])]
    [TestCase("credit_card", "94111111111111111 41111111111111119", new string[0])]
    [TestCase("credit_card", "0.4111111111111111 a4111111111111111 4111111111111111b", new string[0])]
    [TestCase("iban", "to DE89 3704 0044 0532 0130 00 please", "DE89 3704 0044 0532 0130 00")]
    [TestCase("iban", "gb82west12345698765432", "gb82west12345698765432")]
    [TestCase("iban", "\u00E9NL91ABNA0417164300\u00E9", "NL91ABNA0417164300")]
    [TestCase("iban", "DE89370400440532013001 XX89370400440532013000 DE8937040044053201300", new string[0])]
    [TestCase("spanish_iban", "ES91 2100 0418 4502 0005 1332 DE89370400440532013000", "ES91 2100 0418 4502 0005 1332")]
    [TestCase("ssn", "\u00E9536-22-8714", "536-22-8714")]
    [TestCase("ssn", "536-22-8714. Next 536 22 8714", "536-22-8714", "536 22 8714")]
    [TestCase("ssn", "ssn536-22-8714", "536-22-8714")]
    [TestCase("ssn", "his SSN is 536228714", "536228714")]
    [TestCase("ssn", "536\u201122\u20118714", "536\u201122\u20118714")]
    [TestCase("ssn", "000-12-3456 666-12-3456 912-12-3456 123-00-4567 123-45-0000", new string[0])]
    [TestCase("ssn", "1536-22-8714 536-22-87145 12-536-22-8714 536-22-8714-1 536-22.8714 536228714", new string[0])]
    [TestCase("phone_number", "call (415) 555-0132 or 415.555.0132", "(415) 555-0132", "415.555.0132")]
    [TestCase("phone_number", "1-800-555-0199 ext. 12", "1-800-555-0199 ext. 12")]
    [TestCase("phone_number", "+1 415 555 0132, +44 20 7946 0958; +49 (0)30 123456", "+1 415 555 0132", "+44 20 7946 0958", "+49 (0)30 123456")]
    [TestCase("phone_number", "+14155550132", "+14155550132")]
    [TestCase("phone_number", "415-555-0132x99, (+41) 22 730 5989", "415-555-0132x99", "+41) 22 730 5989")]
    [TestCase("phone_number", "415-555-0132abc", new string[0])]
    [TestCase("phone_number", "0044 20 7946 0958", "0044 20 7946 0958")]
    [TestCase("phone_number", "06 12 34 56 78 and 020 7946 0958", "06 12 34 56 78", "020 7946 0958")]
    [TestCase("phone_number", "Tel: 4155550132", "4155550132")]
    [TestCase("phone_number", "your case number is 00418822; printed 08.06.2025 21:40", new string[0])]
    [TestCase("phone_number", "my number is 00418822", "00418822")]
    [TestCase("phone_number", "claim 220-9981, cell (907) 555-0161; 220-9981 cell", "(907) 555-0161", "220-9981")]
    [TestCase("phone_number", "2023-01-05 05.01.2023 2023/01/05 12:30", new string[0])]
    [TestCase("phone_number", "4155550132 1700000000000 123456789012345678901234", new string[0])]
    [TestCase("phone_number", "call me at 192.168.10.12 on 2023-01-05", new string[0])]
    [TestCase("ip_address", "from 10.0.0.255 to 8.8.8.8.", "10.0.0.255", "8.8.8.8")]
    [TestCase("ip_address", "\u00E9192.168.1.1\u00E9", "192.168.1.1")]
    [TestCase("date_of_birth", "geboren am 3. M\u00E4rz 1984, n\u00E9e le 12/03/1984", "3. M\u00E4rz 1984", "12/03/1984")]
    [TestCase("cvv", "CVV2: 123, card code is 1234", "123", "1234")]
    [TestCase("cvv", "the cvv\n123; security code of 2026-123; they say of 999 that the cvv of the card is on its back 123", new string[0])]
    [TestCase("ip_address", "Firefox/115.0.0.0 (Chrome/120.0.0.0) \u00A7 3.2.1.4, \u00A73.2.1.4 figure 1.2.3.4", new string[0])]
    [TestCase("ip_address", "x==1.2.3.4 y>=1.2.3.4 ^1.2.3.4 lib.so.1.2.3.4 x-1.2.3.4.tar.gz x-1.2.3.4-beta", new string[0])]
    [TestCase("ip_address", "http://10.0.0.1/Ping/10.0.0.2 ip=10.0.0.3 srv-10.0.0.4 up", "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4")]
    [TestCase("phone_number", "Tel.: +49 (0) 30 / 90 18 20", "+49 (0) 30 / 90 18 20")]
    [TestCase("phone_number", "Tel. 03-9555-0182 / 0491-570-006", "03-9555-0182", "0491-570-006")]
    [TestCase("tax_id", "\u05D8\u05DC\u05E4\u05D5\u05DF 03-1234567", new string[0])]
    [TestCase("ip_address", "see chapter 3.2.1.4 and section 1.2.3.4", new string[0])]
    [TestCase("ip_address", "256.1.1.1 1.2.3 1.2.3.4.5 v1.2.3.4", new string[0])]
    [TestCase("ip6_address", "2001:db8::8a2e:370:7334 ::1 fe80::1%eth0", "2001:db8::8a2e:370:7334", "::1", "fe80::1")]
    [TestCase("ip6_address", "2001:0db8:85a3:0000:0000:8a2e:0370:7334", "2001:0db8:85a3:0000:0000:8a2e:0370:7334")]
    [TestCase("ip6_address", "::ffff:192.0.2.128 64:ff9b::192.0.2.33 1:2:3:4:5:6:1.2.3.4", "::ffff:192.0.2.128", "64:ff9b::192.0.2.33",
        "1:2:3:4:5:6:1.2.3.4")]
    [TestCase("ip6_address", "2001:db8:: fe80::", "2001:db8::", "fe80::")]
    [TestCase("ip6_address", "host:2001:db8::1, node:2001:db8::2 \"ip\":fe80::3", "2001:db8::1", "2001:db8::2", "fe80::3")]
    [TestCase("ip6_address", "ns:abc::def t:12:30:45 x:1:2:3:4:5:6:7 std::dead::beef 12345:6:7::8", new string[0])]
    [TestCase("ip6_address", "std::vector a::b 12:30:45 :: 1:2:3:4:5:6:7 1::2::3 1:2:3:4:5:6:7:8:9 12345::1", new string[0])]
    [TestCase("mac_address", "00:1B:44:11:3A:B7 00-1b-44-11-3a-b7 001b.4411.3ab7", "00:1B:44:11:3A:B7", "00-1b-44-11-3a-b7", "001b.4411.3ab7")]
    [TestCase("mac_address", "00:1B:44:11:3A 00:1B:44:11:3A:B7:00 00:1B-44:11:3A:B7 1234.5678.9012", new string[0])]
    [TestCase("device_mac", "00-1b-44-11-3a-b7", "00-1b-44-11-3a-b7")]
    [TestCase("uuid", "id 123E4567-e89b-12d3-a456-426614174000!", "123E4567-e89b-12d3-a456-426614174000")]
    [TestCase("uuid", "123e4567-e89b-12d3-a456-4266141740001 123e4567-e89b-12d3-a456-42661417400g", new string[0])]
    [TestCase("jwt_token", "t=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r.",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r")]
    [TestCase("jwt_token", "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxMjM0In0. end", "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxMjM0In0.")]
    [TestCase("jwt_token", "eyJhbGciOiJIUzI1NiJ9.abc.def eyJ.eyJ.x", new string[0])]
    [TestCase("stripe_key", "sk_" + "live_4eC39HqLyjWDarjtT1zdp7dc and whsec_4eC39HqLyjWDarjtT1zd", "sk_" + "live_4eC39HqLyjWDarjtT1zdp7dc",
        "whsec_4eC39HqLyjWDarjtT1zd")]
    [TestCase("api_key", "key AKIA" + "Q3EGRX7WK5TM2LNP, " + "ghp_" + "x7Kd92LmQpRs4TvWzYbN3cFgHj5k6Vt8RqX1", "AKIA" + "Q3EGRX7WK5TM2LNP", "ghp_"
        + "x7Kd92LmQpRs4TvWzYbN3cFgHj5k6Vt8RqX1")]
    [TestCase("api_key", "sk-proj-q8Z_7Kd-92LmQpRs4TvWzYbN and sk-ant-api03-x7Kd92LmQpRs4TvWzYb", "sk-proj-q8Z_7Kd-92LmQpRs4TvWzYbN",
        "sk-ant-api03-x7Kd92LmQpRs4TvWzYb")]
    [TestCase("api_key", "AIza" + "SyAx7Kd92LmQpRs4TvWzYbN3cFgHj5k6Vt8", "AIza" + "SyAx7Kd92LmQpRs4TvWzYbN3cFgHj5k6Vt8")]
    [TestCase("api_key", "glpat-" + "x7Kd92LmQpRs4TvWzYbN xoxb-" + "284719365012-x7Kd92LmQpRs", "glpat-" + "x7Kd92LmQpRs4TvWzYbN", "xoxb-"
        + "284719365012-x7Kd92LmQpRs")]
    [TestCase("api_key", "SK" + Hex32 + " hf_" + "x7Kd92LmQpRs4TvWzYbN3cFgHj5k6Vt8Rq", "SK" + Hex32, "hf_" + "x7Kd92LmQpRs4TvWzYbN3cFgHj5k6Vt8Rq")]
    [TestCase("api_key", "DefaultEndpointsProtocol=https;AccountKey=Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4==;", "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4==")]
    [TestCase("api_key", "X-Api-Key: 0a1b2c3d4e5f", "0a1b2c3d4e5f")]
    [TestCase("api_key", "\"client_secret\": \"q8Z-17d4_axkd\"", "q8Z-17d4_axkd")]
    [TestCase("api_key", "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7bq\n-----END RSA PRIVATE KEY-----\nrest",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7bq\n-----END RSA PRIVATE KEY-----")]
    [TestCase("api_key", "-----BEGIN PUBLIC KEY-----\nMIIEpAIBAAKCAQEA7bq\n-----END PUBLIC KEY-----", new string[0])]
    [TestCase("api_key", "sk-folding-cube-animation AKIAIOSFODNN7EXAMPLEX task-1234567890123456789012", new string[0])]
    [TestCase("api_key", "api_key=os.environ[\"KEY\"] api_key: ${API_KEY_1} secret: something api_key = [MASKED_API_KEY]", new string[0])]
    [TestCase("access_token", "Authorization: Bearer 9f8b2c1d4e7a6053bb1f7c", "9f8b2c1d4e7a6053bb1f7c")]
    [TestCase("access_token", "access_token=ya29xKd7LmQp&x=1", "ya29xKd7LmQp")]
    [TestCase("access_token", "the bearer of this letter; token: short", new string[0])]
    [TestCase("password", "password=hunter2 next", "hunter2")]
    [TestCase("password", "{\"password\": \"p\\u00E4ss w\u00F6rd;1\"}", "p\\u00E4ss w\u00F6rd;1")]
    [TestCase("password", "{\\\"password\\\":\\\"hunter2\\\"}", "hunter2")]
    [TestCase("password", "DB_PASSWORD='s3cr3t!' dbPassword: Abc123, pwd = x9y8z7;", "s3cr3t!", "Abc123", "x9y8z7")]
    [TestCase("password", "<password>hunter2</password>", "hunter2")]
    [TestCase("password", "my password is Tr0ub4dor&3.", "Tr0ub4dor&3")]
    [TestCase("password", "the password is required; compass: north; password: null; password=***; password: ${PW}", new string[0])]
    [TestCase("password", "password = getpass.getpass()", new string[0])]
    [TestCase("ssn", "LOT 255-91-5180, SSN 255-91-5180", "255-91-5180")]
    [TestCase("ssn", "{\"employeeSsn\":219887654}", "219887654")]
    [TestCase("ssn", "social_security_number: 219887654", "219887654")]
    [TestCase("credit_card", "+4915170322684")]
    [TestCase("ip_address", "firmware 10.1.97.254, host 10.1.97.25", "10.1.97.25")]
    public void Find_Text_IsExactlyThis(string entity, string text, params string[] expected) =>
        Assert.That(Scans.Find(Scans.Entities(entity), text), Is.EqualTo(expected));

    [Test]
    public void Find_OverlappingEntities_SpecificWins()
    {
        var plan = Scans.Entities(EntityCatalog.Ids);
        Assert.Multiple(() =>
        {
            Assert.That(Label(plan, "ES9121000418450200051332"), Is.EqualTo("spanish_iban"));
            Assert.That(Label(plan, "sk_" + "live_4eC39HqLyjWDarjtT1zdp7dc"), Is.EqualTo("stripe_key"));
            Assert.That(Label(plan, "00:1B:44:11:3A:B7"), Is.EqualTo("mac_address"));
            Assert.That(Label(plan, "4111 1111 1111 1111"), Is.EqualTo("credit_card"));
            Assert.That(Label(plan, "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dBjftJeZ4CVP"), Is.EqualTo("jwt_token"));
        });
    }

    [Test]
    public void Mask_EveryPositive_HasNothingLeftToFind([ValueSource(typeof(EntityCatalog), nameof(EntityCatalog.Ids))] string entity)
    {
        var plan = Scans.Entities(entity);
        foreach (var text in Samples.Of(entity))
        {
            var masked = Scans.Mask(plan, text);
            Assert.That(Scans.Find(plan, masked), Is.Empty, "what was masked matches again");
            Assert.That(masked, Is.Not.EqualTo(text), "a sample is not found");
        }
    }

    private static string Label(ScanPlan plan, string text)
    {
        var spans = Scans.Spans(plan, System.Text.Encoding.UTF8.GetBytes(text));
        Assert.That(spans, Has.Count.EqualTo(1));
        return EntityCatalog.Ids[spans[0].Rule];
    }
}
