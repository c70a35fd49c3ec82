namespace LlmGuard.Scanning.Tests.Entities;

/// <summary>Telephone numbers as they are written around the world, and numbers that are none.</summary>
public sealed class PhoneTests
{
    [TestCase("+1-202-555-0143")]
    [TestCase("+442079460958")]
    [TestCase("+44 (0) 20 7946 0958")]
    [TestCase("+49 30 901820")]
    [TestCase("+49/30/901820")]
    [TestCase("+33 1 23 45 67 89")]
    [TestCase("+34 912 34 56 78")]
    [TestCase("+39 06 698 12345")]
    [TestCase("+31 20 123 4567")]
    [TestCase("+41 44 668 18 00")]
    [TestCase("+46 8 123 456 78")]
    [TestCase("+47 22 12 34 56")]
    [TestCase("+358 9 123 4567")]
    [TestCase("+48 22 123 45 67")]
    [TestCase("+420 222 333 444")]
    [TestCase("+7 495 123-45-67")]
    [TestCase("+380 44 123 4567")]
    [TestCase("+90 212 123 45 67")]
    [TestCase("+972 3-123-4567")]
    [TestCase("+971 4 123 4567")]
    [TestCase("+91 98765 43210")]
    [TestCase("+86 10 1234 5678")]
    [TestCase("+81 3-1234-5678")]
    [TestCase("+82 2-312-3456")]
    [TestCase("+65 6123 4567")]
    [TestCase("+61 2 9374 4000")]
    [TestCase("+64 9 123 4567")]
    [TestCase("+27 21 123 4567")]
    [TestCase("+234 803 123 4567")]
    [TestCase("+55 11 91234-5678")]
    [TestCase("+52 55 1234 5678")]
    [TestCase("+54 11 1234-5678")]
    [TestCase("001-202-555-0143")]
    [TestCase("00 49 30 901820")]
    [TestCase("(202) 555-0143")]
    [TestCase("202-555-0143 x123")]
    [TestCase("202.555.0143")]
    [TestCase("1 (800) 555-0199")]
    [TestCase("01 23 45 67 89")]
    [TestCase("030 901820")]
    [TestCase("07700 900123")]
    [TestCase("(011) 4123-4567")]
    [TestCase("138 1234 5678")]
    [TestCase("612 34 56 78")]
    [TestCase("1300 258 498")]
    [TestCase("1800 258 498")]
    [TestCase("0 (532) 123 45 67")]
    [TestCase("+38 (050) 123-45-67")]
    public void Find_Number_IsFoundWithoutALabel(string number) => Assert.That(Found($"It was {number}, I think."), Is.EqualTo(new[] { number }));

    [TestCase("phone: 2025550143", "2025550143")]
    [TestCase("Tel. 555 0143", "555 0143")]
    [TestCase("my cell is 9876543210", "9876543210")]
    [TestCase("call me at 555-0143", "555-0143")]
    [TestCase("5550143 (home)", "5550143")]
    [TestCase("WhatsApp 98765 43210", "98765 43210")]
    [TestCase("Telefon 901820 12", "901820 12")]
    [TestCase("{\"homePhone\":4155550132,", "4155550132")]
    [TestCase("customerMobile=4155550132", "4155550132")]
    [TestCase("MSISDN 4155550132", "4155550132")]
    [TestCase("phone 0664/7751063, order 40763932", "0664/7751063")]
    [TestCase("dm me or text 7536470300", "7536470300")]
    [TestCase("Office: 6574526131", "6574526131")]
    [TestCase("S\u00EDmi: 976 6775", "976 6775")]
    [TestCase("Telefonnummer 00501.646.331.7878", "00501.646.331.7878")]
    [TestCase("{\"system\":\"phone\",\"value\":\"49591467\"}", "49591467")]
    [TestCase("+38-86.111-9980", "+38-86.111-9980")]
    [TestCase("+50 809 9045.5033", "+50 809 9045.5033")]
    public void Find_NumberBesideALabel_IsFound(string text, string number) => Assert.That(Found(text), Is.EqualTo(new[] { number }));

    [TestCase("released on 2024-03-12 at 10:30")]
    [TestCase("version 10.0.26100.1742")]
    [TestCase("the range 1000-2000 or 1500-2500")]
    [TestCase("order 1234567890 was shipped")]
    [TestCase("timestamp 1700000000 and 1700000000123")]
    [TestCase("id 20240312103055")]
    [TestCase("0.123456789012")]
    [TestCase("3.14159 2.71828 1.41421")]
    [TestCase("[1, 2, 3, 10, 200, 3000]")]
    [TestCase("0x0123456789 and 0123456789abcdef")]
    [TestCase("123e4567-e89b-12d3-a456-426614174000")]
    [TestCase("width=1024 height=768 depth=24")]
    [TestCase("192.168.100.200")]
    [TestCase("ISBN 978-0-306-40615-7")]
    [TestCase("12345-67890-12345-67890-12345")]
    [TestCase("+1 for this idea, +2000 lines")]
    [TestCase("a + 12345678 - b")]
    [TestCase("pages 100 200 300 400 500")]
    [TestCase("-2208960000")]
    [TestCase("part no. 851-248-2853")]
    [TestCase("Order number: 851-248-2853")]
    [TestCase("call count: 6388078")]
    [TestCase("+37.7749 -122.4194")]
    [TestCase("+10.20.30.40.50")]
    [TestCase("{\"msisdn\":\"x\",\"imsi\":\"159159821881193\"}")]
    [TestCase("{\"phone\":\"x\",\"count\":49591467}")]
    [TestCase("Join with meeting id 123 456 7890")]
    [TestCase("IMSI 415-555-0132")]
    [TestCase("viewBox=\"0 0 1024 1024\"")]
    public void Find_OtherNumber_IsLeftAlone(string text) => Assert.That(Found(text), Is.Empty);

    [TestCase("474 250 978 180 824 512 985")]
    [TestCase("701 000 578 000 units")]
    [TestCase("Versicherungspolice Nr. 940.381.559")]
    public void Find_NineDigitsOfALongerRowOrAThing_AreNoSpanishNumber(string text) =>
        Assert.That(Scans.Find(Scans.Entities("spanish_phone"), text), Is.Empty);

    [TestCase("{\"phone\":13864661445}", "phone_number")]
    public void Find_TelephoneWithACheckDigit_IsNobodysNumber(string text, string type)
    {
        string[] ids = ["brazilian_cpf", "national_id", "phone_number"];
        var found = Scans.Spans(Scans.Entities(ids), System.Text.Encoding.ASCII.GetBytes(text));
        Assert.That(found.Select(span => ids[span.Rule]), Is.EqualTo(new[] { type }));
    }

    [TestCase("Device IMEI 350403551745856", "device_imei")]
    [TestCase("imei: 350403551745856", "device_imei")]
    public void Find_NumberOfADevice_IsNoCard(string text, string type)
    {
        string[] ids = ["credit_card", "device_imei"];
        var found = Scans.Spans(Scans.Entities(ids), System.Text.Encoding.ASCII.GetBytes(text));
        Assert.That(found.Select(span => ids[span.Rule]), Is.EqualTo(new[] { type }));
    }

    private static string[] Found(string text) => Scans.Find(Scans.Entities("phone_number"), text);
}
