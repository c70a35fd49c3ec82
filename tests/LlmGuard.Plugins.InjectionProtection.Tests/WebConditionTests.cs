namespace LlmGuard.Plugins.InjectionProtection.Tests;

/// <summary>
/// One text for each condition of the detectors of the web types that no other test held: without the condition the text is judged the other way.
/// </summary>
public sealed class WebConditionTests
{
    [TestCase("x*)(", "ldap.filter", TestName = "LDAP: a filter is closed behind anything")]
    [TestCase("bob)  (uid=*)", "ldap.filter", TestName = "LDAP: blanks before a condition")]
    [TestCase("bob) (uid=a)", "ldap.filter", TestName = "LDAP: a blank before a condition on a value")]
    [TestCase("x)  (|(uid=a)", "ldap.filter", TestName = "LDAP: blanks before an alternative")]
    [TestCase("(&(1=1))", "ldap.filter", TestName = "LDAP: a constant")]
    [TestCase("%0d%0ahost:x", "header.split", TestName = "header: a known name without a dash")]
    [TestCase("${sys:user.name}", "template.lookup", TestName = "lookup: nothing but what a logger looks up")]
    [TestCase("${dns:a.example", "template.lookup", TestName = "lookup: one that was cut")]
    [TestCase("${::-j}", "template.lookup", TestName = "lookup: a letter as its fallback")]
    [TestCase("${${lower:d}ns:x.example}", "template.lookup", TestName = "lookup: one within the name of another")]
    [TestCase("/a/b/../../c.ts", "path.traversal", TestName = "path: down and up again from the root")]
    [TestCase("http://127.9.9.9/", "ssrf.internal_host", TestName = "address: a loopback that nobody writes")]
    [TestCase("curl http://172.16.0.1/x", "ssrf.internal_host", TestName = "address: the first private network of its kind")]
    [TestCase("//a.b", "ssrf.redirect", TestName = "address: the shortest one without a scheme")]
    [TestCase("[::1]/admin", "ssrf.internal_host", TestName = "address: the machine itself without a scheme")]
    [TestCase("/var/log/", "path.system_file", TestName = "file: the folder of logs")]
    [TestCase("/var/log/nginx", "path.system_file", TestName = "file: the log of a server")]
    [TestCase("file:///c:/users/bob/.aws/x", "ssrf.scheme", TestName = "file: hidden in a user's folder")]
    [TestCase("admin'-- 123456789012", "sql.comment", TestName = "SQL: a comment as long as one may be")]
    [TestCase("say \"hi; now' -- x", "sql.comment", TestName = "SQL: one double quote is no program")]
    [TestCase("{\"a\":1,\"$or\":[{}]}", "nosql.operator", TestName = "NoSQL: an operator as the second key")]
    public void Find_Attack_HasItsRule(string text, string rule) =>
        Assert.That(Injection.Rules(Injection.Judge(Injection.Web, text)), Does.Contain(rule));

    [TestCase("(&(^&*()", TestName = "LDAP: a row of signs, as a password has")]
    [TestCase("(|(a=b))(&(uid=*))", TestName = "LDAP: anything, but behind the alternative")]
    [TestCase("f(a) (b=c)", TestName = "LDAP: a call and an aside")]
    [TestCase("3*)(", TestName = "LDAP: a sum")]
    [TestCase("bob*) &", TestName = "LDAP: a sign that stands by itself")]
    [TestCase("(&(0=))", TestName = "LDAP: a face")]
    [TestCase("(&(user=a)(password=ab))", TestName = "LDAP: a whole password")]
    [TestCase("subject: hi\nbcc: x@y.example", TestName = "header: mail that was pasted")]
    [TestCase("hello\nx-custom: value", TestName = "header: an unknown name behind a line")]
    [TestCase("x%0d%0aset the 10 20", TestName = "header: two numbers are no command to a cache")]
    [TestCase("${env:HOME} is set", TestName = "lookup: a variable in a sentence")]
    [TestCase("${name:-it}", TestName = "lookup: a short default of a shell")]
    [TestCase("${lower:1}", TestName = "lookup: a digit has no case")]
    [TestCase("${jndi: the interface}", TestName = "lookup: a blank behind the name")]
    [TestCase("${url: https}", TestName = "lookup: a blank where a host would be")]
    [TestCase("../../../../src/app.ts", TestName = "path: a source four folders away")]
    [TestCase("a/b/../../c.ts", TestName = "path: as many up as down")]
    [TestCase("./../x", TestName = "path: from here")]
    [TestCase("the folder ../..", TestName = "path: an argument that ends with it")]
    [TestCase("http://user.name:pw@host.example/x", TestName = "address: a login with a dot in its name")]
    [TestCase("http://bob@d.example/", TestName = "address: a user")]
    [TestCase("jdbc:mysql://2130706433/db", TestName = "address: a database's, which no page is fetched from")]
    [TestCase("see http://127.0.0.1/x for it", TestName = "address: the machine itself in a sentence")]
    [TestCase("curl http://172.15.0.1/x", TestName = "address: the last public one before a private network")]
    [TestCase("//cdn.example.com/app.js", TestName = "address: a program of a page")]
    [TestCase("127.0.0.1/admin", TestName = "address: a number and a path")]
    [TestCase("id_rsa.pub", TestName = "file: the public half of a key")]
    [TestCase("wp-config-sample.php", TestName = "file: a sample")]
    [TestCase("the \"$gt\": operator", TestName = "NoSQL: an operator in a sentence")]
    public void Find_OrdinaryText_IsNot(string text) => Assert.That(Injection.Rules(Injection.Judge(Injection.Web, text)), Is.Empty);

    [TestCase(256, true)]
    [TestCase(257, false)]
    public void Find_HeaderBehindALine_IsFoundWhereTheLineMayBeAValue(int length, bool isFound) => Assert.That(
        Injection.Judge(Injection.Web, new string('y', length) + "\nbcc: a@b.example").Findings.Count > 0, Is.EqualTo(isFound));

    [TestCase(512, true)]
    [TestCase(513, false)]
    public void Find_AddressWithoutScheme_IsFoundWhereItIsNoText(int length, bool isFound) => Assert.That(
        Injection.Judge(Injection.Web, "//evil.example/".PadRight(length, 'z')).Findings.Count > 0, Is.EqualTo(isFound));
}
