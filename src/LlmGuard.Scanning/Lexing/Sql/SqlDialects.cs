namespace LlmGuard.Scanning.Lexing.Sql;

/// <summary>The grammars of SQL that a text may be meant for.</summary>
[Flags]
internal enum SqlDialects : byte
{
    None = 0,

    /// <summary>What the standard says and every database understands.</summary>
    Generic = 1,

    /// <summary>
    /// MySQL and MariaDB: comments from <c>#</c>, executable comments (<c>/*!50000 ... */</c>), backslash escapes, back-ticked names.
    /// </summary>
    MySql = 2,

    /// <summary>PostgreSQL: dollar quotes, nested comments.</summary>
    PostgreSql = 4,

    /// <summary>SQL Server: bracketed names, nested comments.</summary>
    SqlServer = 8,

    /// <summary>Oracle: alternative quotes (<c>q'[...]'</c>).</summary>
    Oracle = 16,

    /// <summary>SQLite: bracketed and back-ticked names.</summary>
    Sqlite = 32,

    All = Generic | MySql | PostgreSql | SqlServer | Oracle | Sqlite,
}
