using LlmGuard.Plugins.CodeSanitation.Rules;
using LlmGuard.Plugins.CodeSanitation.Triggers;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Lexing.Code;
using LlmGuard.Scanning.Lexing.Html;

namespace LlmGuard.Plugins.CodeSanitation.Reading;

/// <summary>
/// Looks for dangerous code in one form of a text. What a token means can depend on the end of its line or block, so it waits for the whole.
/// </summary>
/// <param name="rules">For each rule its number in the plan, or -1.</param>
/// <param name="triggers">Tells which texts are read; null when all are.</param>
internal sealed class CodeMatcher(int[] rules, CodeTriggers? triggers) : IScanMatcher
{
    private readonly TriggerScratch _scratch = new();
    private readonly CodeFindings _findings = new(rules);
    private readonly List<HtmlScript> _scripts = [];
    private Readers? _readers;
    private long _steps;

    public long Steps => _steps + _findings.Steps;

    public void Reset() => (_steps, _findings.Steps) = (0, 0);

    // It keeps nothing between looks.
    public void CopyFrom(IScanMatcher other) => Reset();

    public long Find(in ScanWindow window, List<Candidate> found)
    {
        if (!window.IsEnd)
        {
            return window.Origin + window.Context;
        }

        var text = window.Bytes;
        var readers = triggers is null ? CodeReaders.All : triggers.ReadersOf(text, _scratch, ref _steps);
        if (readers != CodeReaders.None)
        {
            _findings.Start(window.Origin, found);
            Read(text, readers);
        }

        return window.End;
    }

    private void Read(ReadOnlySpan<byte> text, CodeReaders readers)
    {
        _readers ??= new Readers(_findings);
        if ((readers & CodeReaders.Commands) != CodeReaders.None)
        {
            _readers.Commands.Read(text);
            _findings.EndCommands();
        }

        if ((readers & CodeReaders.Queries) != CodeReaders.None)
        {
            _readers.Queries.Read(text);
        }

        if ((readers & CodeReaders.Markup) != CodeReaders.None)
        {
            _readers.Markup.Read(text);
        }

        if ((readers & CodeReaders.Programs) == CodeReaders.None)
        {
            return;
        }

        if (triggers is null)
        {
            _scratch.Programs.Clear();
            CodeFences.Split(text, _scratch.Programs);
        }

        foreach (var part in _scratch.Programs)
        {
            ReadPart(text, part);
        }
    }

    private void ReadPart(ReadOnlySpan<byte> text, CodePart part)
    {
        var language = part.Language != CodeLanguages.None ? part.Language : LanguageGuess.Of(text[part.Start..part.End]);
        if (language == CodeLanguages.Html)
        {
            ReadPage(text, part);
            return;
        }

        _readers!.Programs.Read(text, part.Start, part.End, language == CodeLanguages.Sql ? CodeLanguages.None : language);
    }

    // Scripts are read as such, and what stands between them may be the program that writes the page.
    private void ReadPage(ReadOnlySpan<byte> text, CodePart page)
    {
        _scripts.Clear();
        HtmlScripts.Find(text, page.Start, page.End, _scripts);
        var at = page.Start;
        foreach (var script in _scripts)
        {
            _readers!.Programs.Read(text, at, script.Start, CodeLanguages.None);
            _readers.Programs.Read(text, script.Start, script.End, CodeLanguages.JavaScript);
            at = script.End;
        }

        _readers!.Programs.Read(text, at, page.End, CodeLanguages.None);
    }

    private sealed class Readers(CodeFindings findings)
    {
        public CommandReader Commands { get; } = new(findings);

        public QueryReader Queries { get; } = new(findings);

        public MarkupReader Markup { get; } = new(findings);

        public ProgramReader Programs { get; } = new(findings);
    }
}

/// <summary>The rules of code as a grammar of the scanning engine.</summary>
internal sealed class CodeGrammar : IScanGrammar
{
    private CodeGrammar()
    {
    }

    /// <summary>The only one there is.</summary>
    public static CodeGrammar Instance { get; } = new();

    public int RuleCount => CodeCatalog.Rules.Length;

    public IScanMatcher NewMatcher(int[] rules) => new CodeMatcher(rules, CodeTriggers.Of(rules));
}
