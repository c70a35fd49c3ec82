namespace LlmGuard.Scanning.Tests.Entities;

/// <summary>Numbers of source code that have the grouping of a telephone's or an address of a machine, and those that keep it there.</summary>
public sealed class NumbersInCodeTests
{
    private static readonly ScanPlan Phones = Scans.Entities("phone_number");

    private static readonly ScanPlan Cards = Scans.Entities("credit_card");

    private static readonly ScanPlan Addresses = Scans.Entities("ip_address", "ip6_address");

    [TestCase("Suite 12, Springfield, MA  02114-3301  USA")]
    [TestCase(" * Springfield, MA\n * 02114-3301, USA.")]
    [TestCase("Annals 53, (2003) 665--699.")]
    [TestCase("y + 41975630244216*z")]
    [TestCase("format(1234, \"+b\") == \"+10011010010\"")]
    [TestCase("arn:x:contacts:*:411122223333:contact")]
    [TestCase("page-a-contact-channels-1630436634872")]
    public void Find_NumberOfCode_IsNoTelephone(string text) => Assert.That(Scans.Find(Phones, text), Is.Empty);

    [TestCase("Phone: 02114-3301", "02114-3301")]
    [TestCase("call 02114-330155", "02114-330155")]
    [TestCase("Telefon + 49 30 12345678", "+ 49 30 12345678")]
    [TestCase("**+49 30 12345678**", "+49 30 12345678")]
    [TestCase("+1 212 555 0147", "+1 212 555 0147")]
    [TestCase("we met, 0351 15 444 2323, at noon", "0351 15 444 2323")]
    [TestCase("whatsapp: 5511987654321", "5511987654321")]
    public void Find_TelephoneOfThatForm_IsFound(string text, string number) =>
        Assert.That(Scans.Find(Phones, text), Is.EqualTo(new[] { number }));

    [TestCase("Karte 3400 000000 0000")]
    [TestCase("card 34000000000000")]
    [TestCase("card 55000000000004")]
    public void Find_DigitsOfAnotherLength_AreNoCard(string text) => Assert.That(Scans.Find(Cards, text), Is.Empty);

    [TestCase("// From linux-2.6.16.60/include/asm")]
    [TestCase("const OID_KEY_USAGE = '2.5.29.15';")]
    [TestCase("as RFC 7540 8.1.2.4 has it")]
    [TestCase("rest = items[1::3]")]
    [TestCase("every = rows[0][::2]")]
    [TestCase("ipv4 netmask 255.255.255.224")]
    [TestCase("route add -net 10 255.255.240.0")]
    [TestCase("host == \"::1\" || bind(\"[::1]\")")]
    public void Find_NumberOfCode_IsNoAddress(string text) => Assert.That(Scans.Find(Addresses, text), Is.Empty);

    [TestCase("http://[2001:db8::17]/", "2001:db8::17")]
    [TestCase("node-10.20.30.40 answers", "10.20.30.40")]
    [TestCase("dns-9.9.9.10 answers", "9.9.9.10")]
    [TestCase("from 9.9.9.1-9.9.9.20 on", "9.9.9.1", "9.9.9.20")]
    [TestCase("from 2.5.29.15 at noon", "2.5.29.15")]
    [TestCase("it came from 255.255.255.255", "255.255.255.255")]
    [TestCase("it came from ::1 again", "::1")]
    public void Find_AddressOfThatForm_IsFound(string text, params string[] addresses) =>
        Assert.That(Scans.Find(Addresses, text), Is.EqualTo(addresses));
}
