namespace LlmGuard.Plugins.InjectionProtection.Tests.Prompts;

/// <summary>What a sentence speaks of, beside the same words where they do something.</summary>
public sealed class MentionTests
{
    [TestCase("A talk on how /etc/passwd works and who reads it", "cat /etc/passwd and who reads it",
        TestName = "a file between a preposition and a clause")]
    [TestCase("What does /etc/passwd contain and who may read it?", "/etc/passwd", TestName = "a file that is asked about")]
    [TestCase("php://input is a wrapper that reads the body", "php://filter/read=string.rot13/resource=index.php", TestName = "a wrapper")]
    [TestCase("3 or 4 > 2 persons per tent", "1 or 2 > 1", TestName = "a comparison that is counted")]
    [TestCase("O'Brien or 1=1 is the running joke", "O'Brien' or 1=1--", TestName = "a condition that something is said of")]
    [TestCase("Case when broken: ask the desk for another, then end the loan", "case when (1=1) then 1 else 0 end",
        TestName = "a case of a sentence")]
    [TestCase("waitfor delay announcements at gate 4", "waitfor delay '0:0:9'", TestName = "a delay that nobody times")]
    [TestCase("expression(s) of interest", "<p style='width:expression(go())'>", TestName = "a plural")]
    [TestCase("{\"http_proxy\": \"http://192.168.1.10:8080\"}", "{\"url\": \"http://192.168.1.10:8080\"}",
        TestName = "a setting beside what is asked to fetch")]
    [TestCase("archive.tar.gz", "invoice.pdf.exe", TestName = "two extensions, the last one a program's")]
    [TestCase("jquery.min.js", "invoice.pdf.js", TestName = "two extensions, the last one a script's")]
    [TestCase("README.php.md", "holiday.php.jpg", TestName = "two extensions, the first one a server's")]
    [TestCase("index.php", "index.php.", TestName = "a point that the system takes off")]
    [TestCase("photo.jpg::thumb", "shell.asp::$DATA", TestName = "the stream that a file is")]
    [TestCase("form-data; name=\"f\"; filename=\"a.tar.gz\"", "form-data; name=\"f\"; filename=\"a.jsp.png\"", TestName = "a name in a header")]
    [TestCase("never open a file such as invoice.pdf.exe", "my invoice.pdf .exe", TestName = "a name that a sentence ends with")]
    public void Find_Mention_Passes_Attack_IsFound(string ordinary, string attack) => Assert.Multiple(() =>
    {
        Assert.That(Injection.Judge(Injection.Web, ordinary).Findings, Is.Empty, ordinary);
        Assert.That(Injection.Judge(Injection.Web, attack).Findings, Is.Not.Empty, attack);
    });
}
