using System.Text;
using LlmGuard.Scanning.Lexing.Code;
using LlmGuard.Scanning.Lexing.Html;
using LlmGuard.Scanning.Lexing.Script;
using LlmGuard.Scanning.Lexing.Shell;
using LlmGuard.Scanning.Lexing.Sql;

namespace LlmGuard.Scanning.Tests.Lexing;

/// <summary>
/// What every lexer promises for every text: it never throws, its tokens stand in order and apart, and what it leaves out is blank or a comment.
/// </summary>
public sealed class LexerLawTests
{
    private static readonly SqlDialects[] Dialects =
        [SqlDialects.Generic, SqlDialects.MySql, SqlDialects.PostgreSql, SqlDialects.SqlServer, SqlDialects.Oracle, SqlDialects.Sqlite];

    private static readonly CodeLanguages[] Languages = [CodeLanguages.None,
        .. Enum.GetValues<CodeLanguages>().Where(l => l is not (CodeLanguages.None or CodeLanguages.All or CodeLanguages.JavaScript))];

    [Test]
    public void Script_AnyText_TokensCoverItOnceAndInOrder()
    {
        var (lexer, tokens) = (new ScriptLexer(), new List<ScriptToken>());
        foreach (var text in LexingFuzz.All())
        {
            tokens.Clear();
            lexer.Read(text, 0, text.Length, tokens);
            Assert.That(tokens.Select(t => t.Start), Is.EqualTo(tokens.Select(t => t.End).Prepend(0).Take(tokens.Count)), () =>
                LexingFuzz.Show(text));
            Assert.That(tokens.Count == 0 ? 0 : tokens[^1].End, Is.EqualTo(text.Length), () => LexingFuzz.Show(text));
            Assert.That(tokens.All(t => t.End > t.Start), () => LexingFuzz.Show(text));
        }
    }

    [Test]
    public void Script_PartOfAText_ReadsAsIfItStoodAlone()
    {
        var (used, whole, part) = (new ScriptLexer(), new List<ScriptToken>(), new List<ScriptToken>());
        var random = new Random(11);
        foreach (var text in LexingFuzz.All())
        {
            var start = random.Next(text.Length + 1);
            var end = random.Next(start, text.Length + 1);
            whole.Clear();
            part.Clear();
            used.Read(text, start, end, whole);
            new ScriptLexer().Read(text.AsSpan(start, end - start), 0, end - start, part);
            Assert.That(whole, Is.EqualTo(part.Select(t => t with { Start = t.Start + start, End = t.End + start })), () => LexingFuzz.Show(text));
        }
    }

    [Test]
    public void Code_AnyTextInAnyLanguage_LeavesOutBlanksAndCommentsOnly()
    {
        var tokens = new List<CodeToken>();
        foreach (var text in LexingFuzz.All())
        {
            foreach (var language in Languages)
            {
                tokens.Clear();
                new CodeLexer(text, CodeSyntax.Of(language)).Read(0, text.Length, tokens);
                var at = 0;
                foreach (var token in tokens)
                {
                    Assert.That(token.Start >= at && token.End > token.Start && token.End <= text.Length, () =>
                        $"{language} {token} {LexingFuzz.Show(text)}");
                    Assert.That(IsLeftOut(text.AsSpan(at, token.Start - at)), () => $"{language} {token} {LexingFuzz.Show(text)}");
                    at = token.End;
                }

                Assert.That(IsLeftOut(text.AsSpan(at)), () => $"{language} at the end {LexingFuzz.Show(text)}");
            }
        }
    }

    [Test]
    public void Code_FromAnyToken_GoesOnAsBefore()
    {
        var (all, rest) = (new List<CodeToken>(), new List<CodeToken>());
        foreach (var text in LexingFuzz.All())
        {
            foreach (var language in Languages)
            {
                all.Clear();
                new CodeLexer(text, CodeSyntax.Of(language)).Read(0, text.Length, all);
                if (all.Count == 0)
                {
                    continue;
                }

                var from = all.Count / 2;
                rest.Clear();
                new CodeLexer(text, CodeSyntax.Of(language)).Read(all[from].Start, text.Length, rest);
                Assert.That(rest, Is.EqualTo(all.Skip(from)), () => $"{language} from {all[from]} {LexingFuzz.Show(text)}");
            }
        }
    }

    [Test]
    public void Sql_AnyTextInAnyDialect_LeavesOutBlanksAndCommentsOnly([Values((byte)0, (byte)'\'', (byte)'"')] byte quote)
    {
        var tokens = new List<SqlToken>();
        foreach (var bytes in LexingFuzz.All())
        {
            var text = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes).ToLowerInvariant());
            foreach (var dialect in Dialects)
            {
                new SqlLexer(text, dialect).ReadAll(quote, tokens);
                var at = 0;
                foreach (var token in tokens)
                {
                    Assert.That(token.Start >= at && token.End <= text.Length && (token.End > token.Start || quote != 0), () =>
                        $"{dialect} {token} {LexingFuzz.Show(text)}");
                    Assert.That(IsBlankSql(text.AsSpan(at, token.Start - at)), () => $"{dialect} {token} {LexingFuzz.Show(text)}");
                    at = token.End;
                }

                Assert.That(IsBlankSql(text.AsSpan(at)), () => $"{dialect} at the end {LexingFuzz.Show(text)}");
            }
        }
    }

    [Test]
    public void Html_AnyText_TagsAndAttributesStandInOrder()
    {
        foreach (var text in LexingFuzz.All())
        {
            var reader = new HtmlTagReader(text);
            var at = 0;
            while (reader.NextTag())
            {
                Assert.That(reader.NameStart > at - 1 && reader.NameEnd > reader.NameStart && reader.NameEnd <= text.Length, LexingFuzz.Show(text));
                Assert.That(text.AsSpan(0, reader.NameStart).Contains((byte)'<'), LexingFuzz.Show(text));
                at = reader.Position;
                while (reader.NextAttribute(out var attribute))
                {
                    Assert.That(attribute.NameStart >= at && attribute.NameEnd >= attribute.NameStart && attribute.ValueStart >= attribute.NameEnd
                        && attribute.ValueEnd >= attribute.ValueStart && attribute.ValueEnd <= text.Length, LexingFuzz.Show(text));
                    Assert.That(reader.Position, Is.GreaterThan(at), LexingFuzz.Show(text));
                    at = reader.Position;
                }
            }

            Assert.That(reader.Position, Is.EqualTo(text.Length));
        }
    }

    [Test]
    public void HtmlScripts_AnyText_StandInOrderAndApart()
    {
        var scripts = new List<HtmlScript>();
        foreach (var text in LexingFuzz.All())
        {
            scripts.Clear();
            HtmlScripts.Find(text, 0, text.Length, scripts);
            var at = 0;
            foreach (var script in scripts)
            {
                Assert.That(script.Start >= at && script.End > script.Start && script.End <= text.Length, () => $"{script} {LexingFuzz.Show(text)}");
                at = script.End;
            }
        }
    }

    [Test]
    public void Shell_AnyTextFromAnyPlace_ReadsABoundedWord()
    {
        foreach (var text in LexingFuzz.All())
        {
            for (var at = 0; at <= text.Length; at++)
            {
                var command = ShellWords.Read(text, at, out var end, out _);
                Assert.That(end >= at && end <= text.Length && end - at <= (4 * ShellWords.Longest) + 4, LexingFuzz.Show(text));
                Assert.That(command == ShellCommand.None || end > at, LexingFuzz.Show(text));
            }
        }
    }

    // Blanks, and comments that begin with one of the signs of the languages; the rest of a comment may hold anything.
    private static bool IsLeftOut(ReadOnlySpan<byte> gap)
    {
        gap = gap.TrimStart(Blanks);
        return gap.IsEmpty || gap.StartsWith("#"u8) || gap.StartsWith("//"u8) || gap.StartsWith("/*"u8) || gap.StartsWith("--"u8)
            || gap.StartsWith("php"u8);
    }

    private static bool IsBlankSql(ReadOnlySpan<byte> gap)
    {
        gap = gap.TrimStart(Blanks);
        return gap.IsEmpty || gap.StartsWith("/*"u8) || gap.StartsWith("*/"u8);
    }

    private static readonly byte[] Blanks = [.. Enumerable.Range(0, 33).Select(b => (byte)b), 0xA0, 0xC2];
}
