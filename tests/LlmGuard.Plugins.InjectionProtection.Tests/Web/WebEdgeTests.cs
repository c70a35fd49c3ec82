namespace LlmGuard.Plugins.InjectionProtection.Tests.Web;

/// <summary>Where attacks on programs end and what looks like them begins, side by side.</summary>
public sealed class WebEdgeTests
{
    [TestCase("<link rel=\"stylesheet\" href=\"http://evil.example/x.css\">", TestName = "a sheet of another site")]
    [TestCase("<iframe src=\"https://evil.example/x\">", TestName = "a frame without a size")]
    [TestCase("<style>a { behavior: x }</style>", TestName = "a style that behaves")]
    [TestCase("<meta charset=\"utf-7\">", TestName = "letters that hide others")]
    [TestCase("<object type=\"application/pdf\" data=\"/a.svg\">", TestName = "a document that is none")]
    [TestCase("en%0a%20location:%20http://evil.example", TestName = "a header behind a break and a space")]
    [TestCase("x%e5%98%8a%e5%98%8dset-cookie:%20a=b", TestName = "breaks cut from wide letters")]
    [TestCase("x%0d%0aset key 0 60 5%0d%0aabcde", TestName = "a command to a cache")]
    [TestCase("hello\nbcc: a@b.example", TestName = "a copy to somebody")]
    [TestCase("admin*)\0", TestName = "a filter that ends in nothing")]
    [TestCase("(|(uid=*)(a=b))", TestName = "an alternative that is anything")]
    [TestCase("(&(user=a)(password=a*))", TestName = "a guess at a password")]
    [TestCase("../../../docs/readme.txt", TestName = "three steps up")]
    [TestCase("/x/..;/..;/admin", TestName = "steps with something between")]
    [TestCase("../../a.ini", TestName = "settings of a machine")]
    [TestCase("curl http://172.31.0.1/x", TestName = "the last private network")]
    [TestCase("http://[fd00:ec2::254]/latest/meta-data", TestName = "metadata by IPv6")]
    [TestCase("http://12345678/x", TestName = "an address as one number")]
    [TestCase("http://a@b@169.254.169.254/x", TestName = "a machine behind two users")]
    [TestCase("${jndi:ldap://x.example/a", TestName = "a lookup that was cut")]
    [TestCase("a.ｐｈｐ%00.jpg", TestName = "wide letters before a null")]
    [TestCase("<a href=\"java\u007Fscript:alert(1)\">x</a>", TestName = "a scheme with a deleted letter")]
    [TestCase("<a href=\"javascript&colon;alert(1)\">x</a>", TestName = "a colon by its name")]
    [TestCase("x\" or \"a\"=\"a", TestName = "out of double quotes")]
    public void Find_Attack_IsFound(string text) => Assert.That(Injection.Judge(Injection.Web, text).Findings, Is.Not.Empty);

    [TestCase("<link rel=\"stylesheet\" href=\"/css/site.css\">", TestName = "a sheet of the same site")]
    [TestCase("<iframe src=\"https://video.example/x\" width=\"640\" height=\"360\"></iframe>", TestName = "a frame that was laid out")]
    [TestCase("<style>a { color: red }</style>", TestName = "a style")]
    [TestCase("<meta charset=\"utf-8\">", TestName = "letters as they are")]
    [TestCase("<object type=\"application/pdf\" data=\"/a.pdf\"></object>", TestName = "a document")]
    [TestCase("hello\ncc: you know who", TestName = "a line that begins so")]
    [TestCase("(&(uid=*)(a=b))", TestName = "a filter for those who have one")]
    [TestCase("../../a.txt", TestName = "a neighbour")]
    [TestCase("curl http://172.32.0.1/x", TestName = "the first public one behind it")]
    [TestCase("http://1234567/x", TestName = "a number too short")]
    [TestCase("/login?redirect_uri=http://localhost:3000/cb", TestName = "where a login comes back to")]
    [TestCase("curl the page http://localhost:8080/x", TestName = "a program in a sentence")]
    public void Find_OrdinaryText_IsNot(string text) => Assert.That(Injection.Judge(Injection.Web, text).Findings, Is.Empty);
}
