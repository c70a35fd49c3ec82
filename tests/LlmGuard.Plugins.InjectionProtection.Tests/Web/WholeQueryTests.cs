using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Plugins.InjectionProtection.Web.Sql;
using LlmGuard.Scanning.Lexing.Sql;

namespace LlmGuard.Plugins.InjectionProtection.Tests.Web;

/// <summary>What is one whole query, and what only begins as one, by dialect.</summary>
public sealed class WholeQueryTests
{
    [TestCase("select id, name from users where country = 'de' order by name limit 50", "Generic", true)]
    [TestCase("select top 10 [name] from dbo.sales where id = @id", "SqlServer", true)]
    [TestCase("select `name` from t where a = 'it\\'s'", "MySql", true)]
    [TestCase("select \"name\" from t where a between 1 and 5 and b > 2;", "PostgreSql", true)]
    [TestCase("with t as (select a from b group by a) select a from t where a < 3", "Oracle", true)]
    [TestCase("insert into t (a, b) values (1, 'x'), (2, 'y')", "Sqlite", true)]
    [TestCase("update t set a = 'x' where id = 3;", "Generic", true)]
    [TestCase("select a from b where", "Generic", false)]
    [TestCase("select a from b where id = 1 or 1=1", "Generic", false)]
    [TestCase("select a from b where id = 1 or c = c", "Generic", false)]
    [TestCase("select a from b where id = 1 union select 1, 2", "Generic", false)]
    [TestCase("select a from b where id = 1; drop table c", "Generic", false)]
    [TestCase("select a from b where id = '1'-- '", "Generic", false)]
    [TestCase("select a from b where id = 1 # x", "MySql", false)]
    [TestCase("select a from b where id = 'x", "Generic", false)]
    [TestCase("select sleep(5) from b", "MySql", false)]
    [TestCase("select table_name from information_schema.tables", "Generic", false)]
    [TestCase("select/**/a/**/from/**/b", "Generic", false)]
    [TestCase("select name from master..sysobjects", "SqlServer", false)]
    [TestCase("select @@version from b", "SqlServer", false)]
    [TestCase("delete from users", "Generic", false)]
    [TestCase("update users set admin = 1", "Generic", false)]
    [TestCase("x' or 1=1", "Generic", false)]
    public void IsWhole_Statement_TellsQueriesFromFragments(string text, string dialect, bool expected)
    {
        var utf8 = System.Text.Encoding.UTF8.GetBytes(text);
        var tokens = new List<SqlToken>();
        new SqlLexer(utf8, Enum.Parse<SqlDialects>(dialect)).ReadAll(0, tokens);
        Assert.That(SqlQuery.IsWhole(new SqlTokens(tokens, false, new HitList()), utf8), Is.EqualTo(expected));
    }
}
