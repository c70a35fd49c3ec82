namespace LlmGuard.Scanning.Lexing.Sql;

/// <summary>Words that the structure of SQL hangs on.</summary>
internal enum SqlWord : byte
{
    /// <summary>A name.</summary>
    None, And, Or, Xor, Pipes, Not, Like, Is, In, Between, Equal, Union, All, Distinct, Select, From, Where, Order, Group, By, Having, Limit,
    Into, Values, Insert, Update, Set, Delete, Drop, Truncate, Create, Alter, Table, Exec, Declare, Waitfor, Delay, Shutdown, If, Case, When, Then,
    Procedure, Null, Join, Call, Load, Outfile, Grant, Do, Handler, Merge, Begin, Begins, Asc, Top, As, Convert, Binary,

    /// <summary>A function that waits, or burns time.</summary>
    DelayFunction,

    /// <summary>A function that reads or writes files, runs programs, or carries data in errors or over the network.</summary>
    DangerousFunction,

    /// <summary>A function that puts texts together or takes them apart.</summary>
    TextFunction,

    /// <summary>The tables that describe a database.</summary>
    Catalog,
}

/// <summary>The words and what they are.</summary>
internal static class SqlWords
{
    public static readonly WordTable<SqlWord> Table = new(
        ("and", SqlWord.And), ("or", SqlWord.Or), ("xor", SqlWord.Xor), ("not", SqlWord.Not), ("is", SqlWord.Is), ("in", SqlWord.In),
        ("like rlike ilike regexp glob similar sounds match", SqlWord.Like), ("between", SqlWord.Between), ("div mod", SqlWord.Equal),
        ("union intersect except minus", SqlWord.Union), ("all", SqlWord.All), ("distinct distinctrow", SqlWord.Distinct), ("select", SqlWord.Select),
        ("from", SqlWord.From), ("where", SqlWord.Where), ("order", SqlWord.Order), ("group", SqlWord.Group), ("by", SqlWord.By),
        ("having", SqlWord.Having), ("limit offset fetch", SqlWord.Limit), ("into", SqlWord.Into),
        ("values", SqlWord.Values), ("insert replace", SqlWord.Insert),
        ("update", SqlWord.Update), ("set", SqlWord.Set), ("delete", SqlWord.Delete), ("drop", SqlWord.Drop), ("truncate", SqlWord.Truncate),
        ("create", SqlWord.Create), ("alter", SqlWord.Alter),
        ("table database schema view index trigger user login column tables databases role", SqlWord.Table),
        ("exec execute", SqlWord.Exec), ("declare", SqlWord.Declare), ("waitfor", SqlWord.Waitfor),
        ("delay time", SqlWord.Delay), ("shutdown", SqlWord.Shutdown),
        ("if iif ifnull nvl", SqlWord.If), ("case", SqlWord.Case), ("when", SqlWord.When), ("then", SqlWord.Then),
        ("procedure function", SqlWord.Procedure),
        ("null true false", SqlWord.Null), ("join", SqlWord.Join), ("call", SqlWord.Call),
        ("load", SqlWord.Load), ("outfile dumpfile", SqlWord.Outfile),
        ("grant revoke", SqlWord.Grant), ("do", SqlWord.Do), ("handler", SqlWord.Handler), ("merge", SqlWord.Merge), ("begin", SqlWord.Begin),
        ("asc desc", SqlWord.Asc), ("top", SqlWord.Top), ("as", SqlWord.As), ("convert cast", SqlWord.Convert), ("binary", SqlWord.Binary),
        ("sleep benchmark pg_sleep pg_sleep_for dbms_pipe.receive_message dbms_lock.sleep dbms_session.sleep user_lock.sleep randomblob get_lock",
            SqlWord.DelayFunction),
        ("""
         extractvalue updatexml xmltype load_file xp_cmdshell xp_dirtree xp_regread xp_fileexist master..xp_cmdshell master.dbo.xp_cmdshell
         sp_executesql sp_oacreate sp_password sp_makewebtask sp_configure openrowset opendatasource openquery utl_inaddr.get_host_address
         utl_inaddr.get_host_name utl_http.request utl_file.fopen ctxsys.drithsx.sn dbms_utility.sqlid_to_sqlhash dbms_xmlgen.getxml
         dbms_java.runjava pg_read_file pg_ls_dir lo_import lo_export lo_get lo_put dblink dblink_connect query_to_xml database_to_xml xmlforest
         load_extension writefile readfile name_const make_set elt json_keys gtid_subset gtid_subtract polygon multipolygon geometrycollection
         linestring multilinestring multipoint st_latfromgeohash st_longfromgeohash st_pointfromgeohash analyse sys_eval sys_exec generate_series
         exp sys_context row_count has_dbaccess is_srvrolemember fn_xe_file_target_read_file
         """, SqlWord.DangerousFunction),
        ("""
         concat concat_ws group_concat string_agg listagg char chr nchar ascii ord hex unhex to_base64 from_base64 substr substring
         substring_index mid left right length len char_length version user current_user session_user system_user database schema current_database
         db_name user_name count ifnull isnull nullif coalesce md5 sha1 sha password aes_encrypt aes_decrypt lower upper reverse instr locate
         position strcmp floor rand row regexp_substring regexp_like quote replace rpad lpad conv bin sqlite_version typeof like last_insert_rowid
         object_id object_name host_name suser_name suser_sname now sysdate getdate current_timestamp sum min max avg round abs pi sin cos tan
         xmlagg cast strcat greatest least
         """, SqlWord.TextFunction),
        ("""
         information_schema.tables information_schema.columns information_schema.schemata information_schema information_schema.plugins
         information_schema.processlist mysql.user mysql.db pg_catalog pg_catalog.pg_tables pg_user pg_shadow pg_tables pg_database pg_class
         sysobjects syscolumns sysusers sysdatabases master..sysdatabases master..syslogins master..sysxlogins sys.databases sys.tables
         sys.objects sys.columns sqlite_master sqlite_schema sqlite_temp_master all_tables all_tab_columns all_users user_tables user_tab_columns
         dba_users dba_tables v$version v$instance dual rdb$database rdb$fields sysibm.systables sysibm.sysdummy1 syscat.tables msysaccessobjects
         msysobjects domain.domains
         """, SqlWord.Catalog));
}
