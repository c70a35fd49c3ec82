namespace LlmGuard.Plugins.InjectionProtection.Tests.Web;

/// <summary>What is listed, asked for, shown or quoted runs nothing; beside what does.</summary>
public sealed class WebMentionTests
{
    [TestCase("name|id|date|host", TestName = "columns")]
    [TestCase("eat; sleep; repeat", TestName = "what people do")]
    [TestCase("12 Main St; Apt #3", TestName = "a flat")]
    [TestCase("12 Main St; apt 4b, second floor", TestName = "a flat with a letter")]
    [TestCase("`id` must be unique", TestName = "a quoted name that a sentence begins with")]
    [TestCase("lists files; `cat` prints them", TestName = "a quoted name within one")]
    [TestCase("/odata/products?$select=name,price", TestName = "a query of OData")]
    [TestCase("\\input{chapters/introduction}", TestName = "a chapter")]
    [TestCase("http://169.254.169.254 is the metadata address of aws", TestName = "an address that is spoken of")]
    [TestCase("why is /etc/passwd world readable?", TestName = "a question about a file")]
    [TestCase("what is 169.254.169.254?", TestName = "a question about an address")]
    [TestCase("what is __proto__?", TestName = "a question about a slot")]
    [TestCase("\"union select\" tutorial", TestName = "quoted words of a statement")]
    [TestCase("select a from [order details] where x = 5", TestName = "a table in brackets")]
    [TestCase("delete from t where id = 5; -- clean up", TestName = "a remark behind a statement")]
    [TestCase("cursor.execute(\"select * from t where id = %s\", (id,))", TestName = "a query that a program is given")]
    [TestCase("<p>Use <code>&lt;script&gt;</code> here.</p>", TestName = "a tag that is shown")]
    [TestCase("<pre><code>&lt;body onload=\"init()\"&gt;</code></pre>", TestName = "a handler that is shown")]
    public void Find_Mention_IsNot(string text) => Assert.That(Injection.Judge(Injection.Web, text).Findings, Is.Empty);

    [TestCase("ls|cat|dog", TestName = "two programs in a row")]
    [TestCase("a;id;b", TestName = "a program behind letters")]
    [TestCase("report;whoami;done", TestName = "a program that nobody lists")]
    [TestCase("12 main st; apt", TestName = "a program without a number")]
    [TestCase("1; `id` y", TestName = "a substitution before a letter")]
    [TestCase("a`id`", TestName = "a substitution that hangs on a value")]
    [TestCase("/bin/l?$IFS-la", TestName = "a pattern of files")]
    [TestCase("\\input{/etc/passwd}", TestName = "a file of the machine")]
    [TestCase("\\input{../../secret/key}", TestName = "a file above")]
    [TestCase("http://169.254.169.254/latest/meta-data", TestName = "an address")]
    [TestCase("what does ../../etc/passwd do?", TestName = "steps in a question")]
    [TestCase("../../../../etc/passwd?", TestName = "a path and a question mark")]
    [TestCase("is it ' or 1=1 --?", TestName = "a fragment in a question")]
    [TestCase("x' union select \"a\",2 --", TestName = "a statement with a text")]
    [TestCase("select a from [t]; drop table users", TestName = "a second statement")]
    [TestCase("&lt;script&gt;alert(1)&lt;/script&gt;", TestName = "a tag that stands alone")]
    [TestCase("<iframe srcdoc=\"&lt;script&gt;alert(1)&lt;/script&gt;\"></iframe>", TestName = "a tag in an attribute")]
    [TestCase("<item>&lt;script src=//x.example/a.js&gt;</item>", TestName = "a tag in another document")]
    [TestCase("<p>a</p><script>f()</script>", TestName = "a tag between elements")]
    public void Find_AttackBesideIt_IsFound(string text) => Assert.That(Injection.Judge(Injection.Web, text).Findings, Is.Not.Empty);
}
