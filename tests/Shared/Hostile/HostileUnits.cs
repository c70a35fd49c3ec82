namespace LlmGuard.Tests.Hostile;

/// <summary>
/// What texts are made from that are written to hurt: repeated, each makes some rule begin again and again, or look far. A new rule brings its own.
/// </summary>
internal static class HostileUnits
{
    /// <summary>For the entities of <c>data_masking</c> and the views that they are looked for in.</summary>
    public static string[] Entities { get; } =
    [
        "a.", "a@", "@", "a", "1", "1 ", "4111 ", "4111-1111-1111-111", "12-", "+1", "(1", "0 ", "f:", "::", "1.", "ab:", "f-", "DE89 ", "de",
        "eyJ", "eyJaaaaaaaa.", "password=", "password=\"", "p", "secret_", "secret key ", "Bearer ", "sk-", "sk-a1", "-sk-a1b", "token=a1",
        "token=", "AKIA", "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nAAAA", "call 1", "ssn 123", "\u00E9", "\u4FE1@", "\u200B1", "tel 12345 ", "x'", "\\\"",
        "=", "=\"", "='\"", "k=a", "key=a1", ":a", "a:1", "key: \"a", ",\"", ">\n", "://a:", "://a:b", "://", "otpauth", "2fa a", "2fa JBSWY3DP",
        "12.345.", "1 2", "AB12 ", "A1", "1A2b", "0x", "0xab", "bc1q", "1Bo",
        "12 March ", "12/", "Jan 1 ", "1 Ab ", "12 Street ", "po box ", "address: 1 a", "address: ", "eyJhbGciOiJIUzI1NiJ9.", "xoxb-1", "AKIAAKIA",
        "passport ", "dni 1", "20-1", "+34 6", "0 ", "SG.a1",
    ];

    /// <summary>Rows of numbers, in which most kinds of number begin at every group.</summary>
    public static string[] Numbers { get; } =
    [
        "4 ", "0 ", "6 ", "1 2 3 4 5 6 7 8 9 ", "12 34 56 78 ", "06 12 34 56 78 ", "123 ", "123.456.789 ", "123-", "1234 ", "4111-", "4111 1111 ",
        "555-0199 ", "30.12.1999 ", "12345 ", "123456 ", "12345678 ", "12345678901 ", "1234567890 ", "123456789012345 ", "4111111111111111 ",
        "(555) 123-4567 ", "+1 ", "1 A ", "A1 ", "AB 12 ", "4\u2009", "4  ", "12 Main ", "1.", "1/", "99-99 ", "123 45 ",
    ];

    /// <summary>For <c>injection_protection</c>.</summary>
    public static string[] Injections { get; } =
    [
        "a", "'", "\"", "`", "(", "((", "[a", "{{", "${", "<%", "<", "<a ", "<a b='", "on=", "/*", "/*!", "--", "#", ";", "; cat ", "$(", "|",
        "../", "..;", "....", "%2e", "http://", "//", "select ",
        "union ", "or 1=", "' or '", "@", "@@", "$$", "q'[", "\\", "\\u0041", "%41", "&#x41;", "ignore ", "all previous ", "instructions ", "act ",
        "no ", "anything do ", "your response ", "add ",
        "| a ", "\n", ". ", "a. ", "QUFB", "4142", "aWdub3Jl ", "i g n ", "1a3e", "vtaber ", "\u0430", "{\"a\":", "javascript:", "java\tscript",
        "alert", "alert(", "data:", "constructor", "{{a", "${a", ")(", "*)", "(|(a=", "(&", "']", "['", "//a[", " or name()", "::*", "$ne",
        "{$ne:", "';this.", "\"", "\nhost: ", "\r", ".php\0.", ".a;.b", "o:1:\"", "<!doctype a system ", "select a from b where c = ", "cat -a /",
        "c:/users/", "{{{{", "<%a", "://a", "://", "data:;", "javascript", "<!entity", "; a", ";;;;", "`a", "select a,", "((((1", "or (", "and 1 ",
        "union (", "a' ", "case when ", "<script ", "style=\"", "%25", "a%2500", "a%252500", "&#x25;", "a%00", "\\r\\n", ";$a", "a=1;$b",
        "<link href=\"/", "<iframe src=\"https://", "<a onclick={a", "onclick={(", "a/../../", "/../", "if a ", "for %a ", "//a[@b='",
        "a alert('", "${a:-", "${${", "${lower:a}", "${a}", "{{a.b|c('d')", "{{'a'.", "<%= a ", "/etc/a ", "file://", "%0d%0a", "%0d%0ahost: ",
        "<a onxyz=\"a ", "<script> a", "window['a", "; ab --c", "/a[b]", "alias ", "a/../../b.ts ", "{\"a\":\"select a from b\"", "${a:0:1}b",
        "http://localhost", " http://127.0.0.1 ", "curl http://10.0.0.1 ", "eval() is a b ", "../ is a b ", "/etc/passwd is a ", "$(git ",
        "&& sh ./a.sh ", "sh ./a.sh;", "{\"a\":{\"$in\":[\"", "{\"$and\":[{\"a\"", "or '$(a)'='b' ", "[@a='b' and @c='d'] ", "/usr/bin/a ",
        "c:\\windows\\ ", "'/etc/a' # ", "<!doctype html><html><head><meta a><script src=\"a\">", "a@\">=1\" ", "on onload='a(", "awk -a '{a}' ",
        "java.lang.a ", "alert(a) is b ",
    ];

    /// <summary>For <c>code_sanitation</c>.</summary>
    public static string[] Code { get; } =
    [
        "(", "((", "eval(", "eval(x", ")", "{", "}", "f(a)", "a.b.", "a->", "a::", "x=", "x=request.args;", "\"", "'", "\"\"\"", "`", "```\n",
        "```py\n", "~~~\n", "#", "//", "/*", "--",
        "<", "<a ", "<a =", "<a on=", "<script ", "<a onx=\"", "|", "| sh", "curl |", "curl ", "$(", "bash -c ", "; ", "';", "'; ", "drop ",
        "select ", "from ", "union select ", "rm -rf ", "rm ",
        "import ", "from a import ", "import a as b ", "require('", "const x = require('", "\\", "\n", " ", "f\"{", "f\"{x}\"", "${", "$",
        "system ", "include ", "/dev/tcp/", "unsafe {", "a<b>(", ">>>>(", "new ", ".", "..", "é", "() { :;", ":(){",
        "eval(request.args,", "exec base64 -d ", "Invoke-", "new-new-new-", "a=b ", "-e ", "a,", "x:=", "?.", "<?php", "as ", "~~~\n```\n",
        "```\n~~~\n", "```js\n/[", "=/[", "from a import b, ", "from from ", "a<a<a<", "eval<b<c>(", "a>(", "iex ", "fetch ", "program copy ",
        "(\n", "eval/**/", "a                ", "$x=\"", "`${",
    ];

    /// <summary>For similar keywords and patterns of settings, and for text in disguise.</summary>
    public static string[] Words { get; } =
    [
        "aaaa ", "aaab ", "a b a ", "aaaaaaaaa ", "a-a-", "4@4@ ", "xyz", "abc", "a.a", "zorvi ", "z o r v i ", "zorvik", "\u200B",
        "\U000E0067", "\U0001F469\u200D",
        "z\u0301", "\u0437\u043E", "\uFF5A\uFF4F", "%7a", "&#x7a;", "\\u007a", "em9ydmlr ", "7a6f72766b ", "em9ydmlrem9ydmlrem9ydmlr", "\u00DF",
        "\uFDFA", "\u0130",
    ];

    /// <summary>All of them, each once.</summary>
    public static IEnumerable<string> All => Entities.Concat(Numbers).Concat(Injections).Concat(Code).Concat(Words).Distinct(StringComparer.Ordinal);
}
