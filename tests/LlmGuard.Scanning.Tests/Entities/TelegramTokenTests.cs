namespace LlmGuard.Scanning.Tests.Entities;

/// <summary>Tokens of bots with short or long numbers are found where the name says that they are Telegram's.</summary>
public sealed class TelegramTokenTests
{
    private const string Secret = "Ara2_jqsgjmay5-_jyjrc_6lryutgvaqsod";

    private static readonly ScanPlan Plan = Scans.Entities("api_key", "access_token");

    [Test]
    public void Find_NamedTelegram_IsFound(
        [Values("71942", "54366883", "8150927346015527")] string number,
        [Values("telegram_TOKEN = \"{0}\"", "TELEGRAM_BOT_TOKEN={0}", "\"telegramToken\": \"{0}\"", "telegr_api_key: {0}")] string notation)
    {
        var token = $"{number}:{Secret}";
        Assert.That(Scans.Find(Plan, string.Format(System.Globalization.CultureInfo.InvariantCulture, notation, token)), Is.EqualTo(new[] { token }));
    }

    [TestCase("build_token = \"54366883:Ara2_jqsgjmay5-_jyjrc_6lryutgvaqsod\"", Description = "another name")]
    [TestCase("telegram\nbuild_token = \"54366883:Ara2_jqsgjmay5-_jyjrc_6lryutgvaqsod\"", Description = "the name of another line")]
    [TestCase("telegram_token = \"5436:Ara2_jqsgjmay5-_jyjrc_6lryutgvaqsod\"", Description = "too short a number")]
    [TestCase("telegram_token = \"81509273460155271:Ara2_jqsgjmay5-_jyjrc_6lryutgvaqsod\"", Description = "too long a number")]
    [TestCase("telegram_token = \"54366883:Bra2_jqsgjmay5-_jyjrc_6lryutgvaqsod\"", Description = "no A")]
    [TestCase("telegram_token = \"54366883:Ara2_jqsgjmay5-_jyjrc_6lryutgvaqsodx\"", Description = "too long a secret")]
    [TestCase("telegram_token = \"5436a883:Ara2_jqsgjmay5-_jyjrc_6lryutgvaqsod\"", Description = "no number")]
    [TestCase("telegram_token = \"54366883:Ara2_jqsgjmay5-+jyjrc_6lryutgvaqsod\"", Description = "another alphabet")]
    public void Find_AnythingElse_IsAsDoubtfulAsBefore(string text) => Assert.That(Scans.Find(Plan, text), Is.Empty);
}
