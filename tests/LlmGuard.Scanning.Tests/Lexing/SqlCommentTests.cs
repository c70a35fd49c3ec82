using System.Text;
using LlmGuard.Scanning.Lexing.Sql;

namespace LlmGuard.Scanning.Tests.Lexing;

/// <summary>Where comments of SQL end, and which of them are run, by the dialect.</summary>
public sealed class SqlCommentTests
{
    [TestCase("a /* b /* c */ d */ e", nameof(SqlDialects.PostgreSql), "a e", TestName = "PostgreSQL nests")]
    [TestCase("a /* b /* c */ d */ e", nameof(SqlDialects.SqlServer), "a e", TestName = "SQL Server nests")]
    [TestCase("a /* b /* c */ d */ e", nameof(SqlDialects.MySql), "a d * / e", TestName = "MySQL does not")]
    [TestCase("a /* b /* c */ d */ e", nameof(SqlDialects.Oracle), "a d * / e", TestName = "Oracle does not")]
    [TestCase("a /* b /* c */ d */ e", nameof(SqlDialects.Sqlite), "a d * / e", TestName = "SQLite does not")]
    [TestCase("a /* b /* c */ d */ e", nameof(SqlDialects.Generic), "a d * / e", TestName = "the standard does not ask for it")]
    [TestCase("a /*/*/*/**/*/*/*/ e", nameof(SqlDialects.PostgreSql), "a e", TestName = "signs that share nothing")]
    [TestCase("a /*/ b */ e", nameof(SqlDialects.PostgreSql), "a e", TestName = "a slash that ends nothing")]
    [TestCase("a /*/ b */ e", nameof(SqlDialects.Generic), "a e", TestName = "a slash that ends nothing, without nesting")]
    [TestCase("a /***/ e", nameof(SqlDialects.SqlServer), "a e", TestName = "stars only")]
    [TestCase("a /* b /* c */ d", nameof(SqlDialects.PostgreSql), "a /* b /* c */ d", TestName = "the outer one stays open")]
    [TestCase("a /*!50000union*/ e", nameof(SqlDialects.MySql), "a !union e", TestName = "a version of five digits")]
    [TestCase("a /*!080034union*/ e", nameof(SqlDialects.MySql), "a !union e", TestName = "a version of six digits")]
    [TestCase("a /*m!100100 union*/ e", nameof(SqlDialects.MySql), "a !union e", TestName = "a version of MariaDB")]
    [TestCase("a /*!1 or 2*/ e", nameof(SqlDialects.MySql), "a !1 !or !2 e", TestName = "a number that is no version")]
    [TestCase("a /*!500001*/ e", nameof(SqlDialects.MySql), "a e", TestName = "a version and nothing")]
    [TestCase("a /*!5000012*/ e", nameof(SqlDialects.MySql), "a !2 e", TestName = "a version and a number")]
    [TestCase("a /*!99999 union */ e", nameof(SqlDialects.MySql), "a e", TestName = "a version that no server has")]
    [TestCase("a /*!999999 union */ e", nameof(SqlDialects.MySql), "a e", TestName = "a longer one that no server has")]
    [TestCase("a /*!99 union */ e", nameof(SqlDialects.MySql), "a !99 !union e", TestName = "too short for one that no server has")]
    [TestCase("a /*!50000 b /* c */ d */ e", nameof(SqlDialects.MySql), "a !b !d e", TestName = "a comment in one that is run")]
    [TestCase("a /*!50000union*/ e", nameof(SqlDialects.PostgreSql), "a e", TestName = "a comment to the others")]
    [TestCase("a /*!", nameof(SqlDialects.MySql), "a", TestName = "cut behind the sign")]
    [TestCase("a /*!99999", nameof(SqlDialects.MySql), "a /*!99999", TestName = "cut behind a version that no server has")]
    public void ReadAll_Comments_LeaveWhatTheDialectRuns(string text, string dialect, string expected) =>
        Assert.That(Read(text, Enum.Parse<SqlDialects>(dialect)), Is.EqualTo(expected));

    [Test]
    public void ReadAll_CommentsInComments_IsLinear()
    {
        foreach (var unit in new[] { "/*", "*/", "/*/", "/**/", "*" })
        {
            var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(unit, 200_000 / unit.Length)));
            foreach (var dialect in new[] { SqlDialects.PostgreSql, SqlDialects.SqlServer, SqlDialects.MySql })
            {
                var tokens = new List<SqlToken>();
                new SqlLexer(text, dialect).ReadAll(0, tokens);
                Assert.That(tokens, Has.Count.LessThanOrEqualTo(text.Length));
            }
        }
    }

    private static string Read(string text, SqlDialects dialect)
    {
        var tokens = new List<SqlToken>();
        new SqlLexer(Encoding.UTF8.GetBytes(text), dialect).ReadAll(0, tokens);
        return string.Join(' ', tokens.Select(t => (t.IsExecutable ? "!" : "") + text[t.Start..t.End]));
    }
}
