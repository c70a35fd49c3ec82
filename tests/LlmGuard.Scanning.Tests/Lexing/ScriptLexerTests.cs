using System.Text;
using LlmGuard.Scanning.Lexing.Script;

namespace LlmGuard.Scanning.Tests.Lexing;

public sealed class ScriptLexerTests
{
    private const int Expressions = 500;
    private const int MostDepth = 4;

    // N name, 1 number, T text, P piece of a template, R expression, S sign.
    [TestCase("a / b / c", "N a|S /|N b|S /|N c")]
    [TestCase("a = /b/g.test(c)", "N a|S =|R /b/g|S .|N test|S (|N c|S )")]
    [TestCase("return /a[/]b/", "N return|R /a[/]b/")]
    [TestCase("x.return / 2", "N x|S .|N return|S /|1 2")]
    [TestCase("if (a) /b/.exec(c)", "N if|S (|N a|S )|R /b/|S .|N exec|S (|N c|S )")]
    [TestCase("f(a) / b / c", "N f|S (|N a|S )|S /|N b|S /|N c")]
    [TestCase("a++ / b", "N a|S +|S +|S /|N b")]
    [TestCase("x = {} / eval(a) / 1", "N x|S =|S {|S }|S /|N eval|S (|N a|S )|S /|1 1")]
    [TestCase("x = {} /[eval(a)]/ 1", "N x|S =|S {|S }|S /|S [|N eval|S (|N a|S )|S ]|S /|1 1")]
    [TestCase("if (a) {} /b/", "N if|S (|N a|S )|S {|S }|R /b/")]
    [TestCase("() => {} \n /b/", "S (|S )|S =|S >|S {|S }|R /b/")]
    [TestCase("[1] / 2", "S [|1 1|S ]|S /|1 2")]
    [TestCase("`a`", "P `a`")]
    [TestCase("`a ${b} c`", "P `a ${|N b|P } c`")]
    [TestCase("`${`${a}`}`", "P `${|P `${|N a|P }`|P }`")]
    [TestCase("`${ {a: `}`} }`", "P `${|S {|N a|S :|P `}`|S }|P }`")]
    [TestCase("`\\`${'}'}\\${`", "P `\\`${|T '}'|P }\\${`")]
    [TestCase("'a\\'b' + \"c\\\nd\"", "T 'a\\'b'|S +|T \"c\\\nd\"")]
    [TestCase("'open\nnext", "T 'open|N next")]
    [TestCase("a // b\nc /* d\n */ e", "N a|N c|N e")]
    [TestCase("<!-- a\nb", "N b")]
    [TestCase("#!/usr/bin/node\n#x in y", "N #x|N in|N y")]
    [TestCase("\\u0065val(1)", "N \\u0065val|S (|1 1|S )")]
    [TestCase("\\u{000065}v\\u{61}l", "N \\u{000065}v\\u{61}l")]
    [TestCase("0x1F 1_000n 1e-5 .5 1..a", "1 0x1F|1 1_000n|1 1e-5|1 .5|1 1.|S .|N a")]
    [TestCase("0xe-1", "1 0xe|S -|1 1")]
    [TestCase("\u00E9t\u00E9 = $_1", "N \u00E9t\u00E9|S =|N $_1")]
    [TestCase("}`a`", "S }|P `a`")]
    [TestCase("= /[ eval(a)", "S =|S /|S [|N eval|S (|N a|S )")]
    public void Read_Program_HasTheseTokens(string program, string expected) => Assert.That(Show(program), Is.EqualTo(expected));

    [TestCase("eval", "eval")]
    [TestCase("\\u0065val", "eval")]
    [TestCase("e\\u{76}al", "eval")]
    [TestCase("\\u{1F600}", "\U0001F600")]
    [TestCase("\\u{D800}", "\\u{D800}")]
    [TestCase("\\u00", "\\u00")]
    public void Resolve_Name_HasItsEscapesResolved(string name, string expected)
    {
        var target = new byte[64];
        var count = ScriptNames.Resolve(Encoding.UTF8.GetBytes(name), target);
        Assert.That(Encoding.UTF8.GetString(target, 0, count), Is.EqualTo(expected));
    }

    [Test]
    public void Resolve_NameLongerThanTheTarget_SaysSo() => Assert.That(ScriptNames.Resolve("abc"u8, new byte[2]), Is.EqualTo(-1));

    // The reference: who writes a program knows its tokens.
    [Test]
    public void Read_GeneratedExpression_HasTheTokensItWasMadeOf()
    {
        for (var seed = 0; seed < Expressions; seed++)
        {
            var (random, program, tokens) = (new Random(seed), new StringBuilder(), new List<string>());
            Write(random, program, tokens, MostDepth);
            Assert.That(Show(program.ToString()), Is.EqualTo(string.Join('|', tokens)), () => program.ToString());
        }
    }

    private static void Write(Random random, StringBuilder program, List<string> tokens, int depth)
    {
        WriteValue(random, program, tokens, depth);
        for (var i = random.Next(3); i > 0; i--)
        {
            Put(random, program, tokens, "S", "/*-,%"[random.Next(5)].ToString());
            WriteValue(random, program, tokens, depth);
        }
    }

    private static void WriteValue(Random random, StringBuilder program, List<string> tokens, int depth)
    {
        switch (random.Next(depth == 0 ? 5 : 10))
        {
            case 0:
                Put(random, program, tokens, "N", new[] { "a", "eval", "$x", "_1", "\u00E9", "\\u0061b" }[random.Next(6)]);
                break;
            case 1:
                Put(random, program, tokens, "1", new[] { "1", "0x1F", "2.5", "1e-5", "7n" }[random.Next(5)]);
                break;
            case 2:
                Put(random, program, tokens, "T", new[] { "'a/b'", "\"`${\"", "'\\''", "'//'" }[random.Next(4)]);
                break;
            case 3:
                Put(random, program, tokens, "R", new[] { "/a/g", "/[/]/", "/\\//i", "/'`/" }[random.Next(4)]);
                break;
            case 4:
                Put(random, program, tokens, "P", new[] { "`a`", "`//'`", "`\\``" }[random.Next(3)]);
                break;
            case 5:
                Put(random, program, tokens, "S", "(");
                Write(random, program, tokens, depth - 1);
                Put(random, program, tokens, "S", ")");
                break;
            case 6:
                Put(random, program, tokens, "S", "[");
                Write(random, program, tokens, depth - 1);
                Put(random, program, tokens, "S", "]");
                break;
            case 7:
                Put(random, program, tokens, "N", "f");
                Put(random, program, tokens, "S", "(");
                Write(random, program, tokens, depth - 1);
                Put(random, program, tokens, "S", ")");
                break;
            case 8:
                Put(random, program, tokens, "P", "`${");
                Write(random, program, tokens, depth - 1);
                Put(random, program, tokens, "P", "} ${");
                Write(random, program, tokens, depth - 1);
                Put(random, program, tokens, "P", "}`");
                break;
            default:
                Put(random, program, tokens, "S", "(");
                Put(random, program, tokens, "S", "{");
                Put(random, program, tokens, "N", "a");
                Put(random, program, tokens, "S", ":");
                Write(random, program, tokens, depth - 1);
                Put(random, program, tokens, "S", "}");
                Put(random, program, tokens, "S", ")");
                break;
        }
    }

    // A piece of a template takes the blanks behind it; elsewhere a token is followed by one, a comment or a line.
    private static void Put(Random random, StringBuilder program, List<string> tokens, string kind, string text)
    {
        program.Append(text).Append(new[] { " ", "\n", " /* / ` ' */ ", " // '`\n", "\t" }[random.Next(5)]);
        tokens.Add($"{kind} {text}");
    }

    private static string Show(string program)
    {
        var (text, tokens) = (Encoding.UTF8.GetBytes(program), new List<ScriptToken>());
        new ScriptLexer().Read(text, 0, text.Length, tokens);
        return string.Join('|', tokens.Where(t => t.Kind is not (ScriptTokenKind.Blank or ScriptTokenKind.Line or ScriptTokenKind.Comment))
            .Select(t => $"{Letter(t.Kind)} {Encoding.UTF8.GetString(text, t.Start, t.End - t.Start)}"));
    }

    private static char Letter(ScriptTokenKind kind) => kind switch
    {
        ScriptTokenKind.Name => 'N',
        ScriptTokenKind.Number => '1',
        ScriptTokenKind.Text => 'T',
        ScriptTokenKind.Template => 'P',
        ScriptTokenKind.Regex => 'R',
        _ => 'S',
    };
}
