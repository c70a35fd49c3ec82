using System.Text;
using LlmGuard.Scanning.Lexing.Script;

namespace LlmGuard.Scanning.Tests.Lexing;

/// <summary>The work of lexers is counted in steps: sixteen times the text costs at most eighteen times the steps.</summary>
public sealed class LexerWorkTests
{
    private const int Length = 4096;

    [TestCase("/[")]
    [TestCase("=/[")]
    [TestCase("(/a")]
    [TestCase("`${")]
    [TestCase("`${{")]
    [TestCase("'")]
    [TestCase("\\u{")]
    [TestCase("\\u")]
    [TestCase("a\\")]
    [TestCase("/*")]
    [TestCase("1.")]
    [TestCase("1")]
    [TestCase("(")]
    [TestCase("{")]
    [TestCase("if(")]
    [TestCase("++")]
    [TestCase("}")]
    [TestCase(" ")]
    [TestCase("<!--\n")]
    [TestCase("=/[\\")]
    public void Script_HostileText_WorkIsLinear(string unit)
    {
        var (small, large) = (Steps(unit, Length), Steps(unit, 16 * Length));
        Assert.That(large, Is.LessThanOrEqualTo(18 * small), $"{small} steps, then {large}");
        Assert.That(large, Is.LessThanOrEqualTo(20L * 16 * Length), "more than twenty looks at a byte");
    }

    private static long Steps(string unit, int length)
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(unit, length / unit.Length)));
        var lexer = new ScriptLexer();
        lexer.Read(text, 0, text.Length, []);
        return lexer.Steps;
    }
}
