using System.Text;
using LlmGuard.Plugins.CodeSanitation.Reading;
using LlmGuard.Plugins.CodeSanitation.Rules;
using LlmGuard.Plugins.CodeSanitation.Tests.Quality;
using LlmGuard.Plugins.CodeSanitation.Triggers;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Lexing.Code;
using LlmGuard.Tests.Fuzzing;

namespace LlmGuard.Plugins.CodeSanitation.Tests;

/// <summary>The law of triggers: a reader or part of a text that they pass over holds nothing that reading all of it would find.</summary>
public sealed class TriggerLawTests
{
    private const int DefaultTexts = 3000;

    private static readonly int Texts = FuzzBudget.Of(DefaultTexts);

    private static readonly FindingSeverity[] Severities = [FindingSeverity.Low, FindingSeverity.Medium, FindingSeverity.High];

    private static readonly string[] Pieces =
    [
        .. Samples.High.Concat(Samples.Lower).Select(s => s.Text), .. Samples.Innocent,
        .. CodeCatalog.Sinks.SelectMany(s => s.NameList).Distinct(), .. CodeCatalog.Sinks.SelectMany(s => s.Receivers.Split('|'))
            .Where(r => r.Length > 1).Distinct().Select(r => r + "."),
        "(", ")", "(x)", "(req.query.x)", " = ", "=", "+=", " /* c */ ", "// c\n", "# c\n", "\n", " ", ";", "'", "\"", "`", "{", "}", "<T>(x)",
        "<List<int>>(x)", ".", "::", "new ", "import ", "from os import system as s\ns(x)", "as ", "```js\n", "```bash\n", "```\n", "<?php ", "<?php",
        "<? ", "<?", "curl x ", "| sh", "drop ", "table t", "benchmark(", "-", "\r", "\t", "\0", "\u00E9", "$_GET['x']", "base64 -d ", "rm ", "-rf ",
        "/ ", "nc ", "nc", "-e /bin/sh", "<a on", "x=1>", "select a ", "copy t from ", "program 'x'", "update t ", "set a=1", "unsafe {", "puts ",
        "def ", "where ", "where \"select #{x}\" + y", "\" where a=\" + b", "'(\n delete ' + x", "`order ", "q = \"update t \" + x\n", "order q",
        "echo $x", "attr_x ", "\n```php\n", "\n~~~\n", "\n```html\n", "\n```", "# \n", "x = request.args\n",
    ];

    private static readonly string[] Dots =
        [".", ".", ".", "", " ", " . ", ".\n", "\n.", "?.", "->", "::", "./* c */", " /* c */ ", "-", "\n", ".\u00A0", "!."];

    private static readonly string[] Given =
    [
        "x", "'a'", "request.args", "request . body", "req.query.x", "r.FormValue(x)", "verify=False", "x, verify=False",
        "\"select a from b where c=\" + x", "`select ${request.a.args}`", "$\"update t set {x}\"", "request /* c */ .args", "request[\"args\"]",
        "request\u00A0.args", "request data", "'base64', x", "atob(x)", "$_GET['x']", "params[:x]", "\"#{params[:x]}\"", "location.hash",
        "c ? request : body", "x, shell=True", "'sys' + 'tem'", "'sys' /* c */+f'tem'", "\"a\"\n+ 'b'", "{ shell: true }", "'rm -rf /'", "'curl x | sh'", "'sh', '-i >& /dev/tcp/a/1'", "'<b>' + request.args", "md5",
    ];

    [Test]
    public void Any_GeneratedTexts_NeverSaysNoWrongly([ValueSource(nameof(Severities))] FindingSeverity least)
    {
        var law = new Law(r => r.Severity >= least);
        for (var seed = 0; seed < Texts; seed++)
        {
            var random = new Random(seed);
            law.AssertHolds(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(1, 7)).Select(_ => Piece(random)))));
        }

        Assert.That(law.Passed, Is.GreaterThan(Texts / 50), "few texts were let pass, so that little is proven");
    }

    [Test]
    public void Any_GeneratedCalls_NeverSaysNoWrongly([ValueSource(nameof(Severities))] FindingSeverity least)
    {
        var law = new Law(r => r.Severity >= least);
        for (var seed = 0; seed < Texts; seed++)
        {
            law.AssertHolds(Encoding.UTF8.GetBytes(Call(new Random(seed))));
        }

        Assert.That(law.Passed, Is.GreaterThan(Texts / 50), "few texts were let pass, so that little is proven");
    }

    [Test]
    public void Any_GeneratedCallsForOneLanguage_NeverSaysNoWrongly(
        [Values(nameof(CodeLanguages.Python), nameof(CodeLanguages.Php), nameof(CodeLanguages.Go))] string name)
    {
        var language = Enum.Parse<CodeLanguages>(name);
        var law = new Law(r => r.Severity >= FindingSeverity.High && (r.Languages & language) != 0);
        for (var seed = 0; seed < Texts; seed++)
        {
            law.AssertHolds(Encoding.UTF8.GetBytes(Call(new Random(seed))));
        }

        Assert.That(law.Passed, Is.GreaterThan(Texts / 50), "few texts were let pass, so that little is proven");
    }

    // A sink as it may be called, where what it is, what it is called on and what it is given may be hidden.
    private static string Call(Random random)
    {
        var sink = CodeCatalog.Sinks[random.Next(CodeCatalog.Sinks.Length)];
        var (name, receiver) = (Of(random, sink.NameList), Of(random, sink.Receivers.Split('|')));
        var alias = Of(random, ["x", "x1", "Request", "get", receiver]);
        string[] imports =
        [
            "", "", "", $"import {receiver} as {alias}\n", $"from {receiver} import {name}\n", $"from {receiver} import {name} as {alias}\n",
            $"from {receiver} import {name}/* c */ as {alias}\n", $"from {receiver} import ({name}\u00A0as {alias})\n",
            $"import {{ {name}\n as {alias} }} from '{receiver}'\n", $"import {{ x as y, {name}\tas {alias} }} from '{receiver}'\n",
            $"const {alias} = require('{receiver}')\n", $"import {{ {name} as {alias} }} from '{receiver}'\n",
            $"const {{{name}}} = require(\"node:{receiver}\")\n", "x = request.args\n", "q = \"select a\" + x\n", "console.log(\"\"); let x = 1;\n",
        ];
        string[] receivers =
        [
            receiver, receiver, alias, "x", receiver.ToUpperInvariant(), $"f('{receiver}')", $"{receiver}()", $"'{receiver}'", "\u00A0" + receiver,
            $"a.{receiver}", $"a-{receiver}", $"{receiver}[0]", $"{receiver}!", "new", "return", "the", "\nthe", "x.the", "1.e5", "def", "function", "<?php", "<?phpif", "\n", "x.\n", "new\n", "of the", "of\u00A0the", "if",
        ];
        string[] names =
            [name, name, name, alias, name.ToUpperInvariant(), name + "\u00A0", "\u00A0" + name, name + "<T>", name + "/* c */", name + " "];
        return Of(random, imports) + Of(random, ["", "", "a = ", "(", "\t", "/* c */ ", "<?php ", "```py\n", "```js\n", "```php\n", "```java\n", "```rb\n", "```c\n"]) + Of(random, receivers)
            + Of(random, Dots) + Of(random, names) + "(" + Of(random, Given) + ")" + Of(random, ["", "\n", ";", " {"]);
    }

    private static string Of(Random random, string[] choices) => choices[random.Next(choices.Length)];

    [Test]
    public void Any_EachRuleAlone_NeverSaysNoWrongly()
    {
        var texts = Samples.High.Concat(Samples.Lower).Select(s => Encoding.UTF8.GetBytes(s.Text)).ToArray();
        foreach (var rule in CodeCatalog.Rules)
        {
            var law = new Law(r => r == rule);
            foreach (var text in texts)
            {
                law.AssertHolds(text);
            }
        }
    }

    [TestCase("code/cyberseceval_insecure")]
    [TestCase("code/codeshield_tests")]
    [TestCase("code/bandit_examples")]
    [TestCase("benign_corpora/source_code_chunks")]
    [TestCase("benign_corpora/llm_outputs_arena_hard")]
    public void Any_RowsOfPrograms_NeverSaysNoWrongly(string file)
    {
        Corpus.AssumePresent();
        foreach (var least in Severities)
        {
            var law = new Law(r => r.Severity >= least);
            foreach (var row in Corpus.Read(file))
            {
                law.AssertHolds(Encoding.UTF8.GetBytes(row.Text));
            }

            TestContext.Out.WriteLine($"{file} {least}: {law.Passed} of {law.Texts} pass unread");
        }
    }

    [TestCase("where the answer is not known, say so", false)]
    [TestCase("where did he go? He said \"no\" where I said yes", false)]
    [TestCase("where did he go? He said \"no\" where a = 1", true, Description = "Which quote opens and which closes is for a reader to say.")]
    [TestCase("where 'WHERE name like ' + b", true)]
    [TestCase("where ' where ' + b", true)]
    [TestCase("where \" where lower(a) not in \" + b", true)]
    [TestCase("It is \"select\" and\nwhere it stands", false)]
    [TestCase("where \"select * from t where a=\" + b", true)]
    [TestCase("q = ' (DELETE from t where a=' + b\nwhere q", true)]
    [TestCase("order `\n\tdrop table #{t}`", true)]
    [TestCase("where b", false)]
    public void Any_BareQuery_IsReadOnlyWithALiteralThatBeginsAsOne(string text, bool isRead)
    {
        int[] rules = [.. CodeCatalog.Rules.Select((rule, number) => rule.Id.StartsWith("ruby.query", StringComparison.Ordinal) ? number : -1)];
        var steps = 0L;

        Assert.That(
            CodeTriggers.Of(rules).ReadersOf(Encoding.UTF8.GetBytes(text), new TriggerScratch(), ref steps),
            Is.EqualTo(isRead ? CodeReaders.Programs : CodeReaders.None));
    }

    [TestCase("```js\nimport { exec/* c */ as e } from 'child_process'\ne(x)\n```\n")]
    [TestCase("```js\nrequire('child_'/* c */+ 'process')\n```\n")]
    [TestCase("<?php unserialize($x);")]
    public void Find_WhatACommentOrATagStandsBefore_IsFound(string text)
    {
        int[] rules = [.. CodeCatalog.Rules.Select((rule, number) => rule.Severity >= FindingSeverity.Medium ? number : -1)];
        var found = new List<Candidate>();
        new CodeMatcher(rules, CodeTriggers.Of(rules)).Find(new ScanWindow(Encoding.UTF8.GetBytes(text), 0, 0, isEnd: true), found);

        Assert.That(found, Is.Not.Empty);
    }

    // In scripts of a shell nothing between back quotes counts but what is foreign.
    [TestCase("So:\n```sh\nls `echo $_GET['x']`\n```\n", ExpectedResult = "command.untrusted")]
    [TestCase("So:\n```sh\nls `echo a`\n```\n", ExpectedResult = "")]
    public string Find_BackQuotesOfAFencedScript_AreReadForWhatIsForeign(string text)
    {
        int[] rules = [.. CodeCatalog.Rules.Select((rule, number) => rule.Id == "command.untrusted" ? number : -1)];
        var found = new List<Candidate>();
        new CodeMatcher(rules, CodeTriggers.Of(rules)).Find(new ScanWindow(Encoding.UTF8.GetBytes(text), 0, 0, isEnd: true), found);
        return string.Join(' ', found.Select(f => CodeCatalog.Rules[f.Rule].Id));
    }

    private static string Piece(Random random)
    {
        var piece = Pieces[random.Next(Pieces.Length)];
        return random.Next(5) == 0 ? piece[..random.Next(piece.Length + 1)] : piece;
    }

    private sealed class Law
    {
        private readonly CodeTriggers _triggers;
        private readonly CodeMatcher _all;
        private readonly CodeMatcher _asked;
        private readonly TriggerScratch _scratch = new();

        public Law(Func<CodeRule, bool> isWanted)
        {
            int[] rules = [.. CodeCatalog.Rules.Select((rule, number) => isWanted(rule) ? number : -1)];
            _triggers = CodeTriggers.Of(rules);
            (_all, _asked) = (new CodeMatcher(rules, triggers: null), new CodeMatcher(rules, _triggers));
        }

        public int Passed { get; private set; }

        public int Texts { get; private set; }

        public void AssertHolds(byte[] text)
        {
            var steps = 0L;
            Texts++;
            Passed += _triggers.ReadersOf(text, _scratch, ref steps) == CodeReaders.None ? 1 : 0;
            Assert.That(Found(_asked, text), Is.EqualTo(Found(_all, text)), () => Encoding.UTF8.GetString(text));
        }

        private static List<(string Rule, long Start, long End)> Found(CodeMatcher matcher, byte[] text)
        {
            var found = new List<Candidate>();
            matcher.Find(new ScanWindow(text, 0, 0, isEnd: true), found);
            return [.. found.Select(f => (CodeCatalog.Rules[f.Rule].Id, f.Start, f.End))];
        }
    }
}
