using LlmGuard.Plugins.CodeSanitation.Rules;
using LlmGuard.Scanning.Lexing.Code;

namespace LlmGuard.Plugins.CodeSanitation.Reading;

/// <content>What names and marks tell by what stands beside them, whatever is called.</content>
internal sealed partial class ProgramReader
{
    private void TakeForm(ReadOnlySpan<byte> text, int at)
    {
        if (LiteralForms.AtName(text, _tokens, at, out var first, out var last) is >= 0 and var form)
        {
            findings.Add(form, _tokens[first].Start, _tokens[last].End);
        }

        if (PipeForms.AtOpen(text, _tokens, at, findings, out var end) is >= 0 and var pipe)
        {
            findings.Add(pipe, _tokens[at].Start, _tokens[end].End);
        }

        if (PipeForms.QuotedCommand(text, _tokens[at]) is { IsEmpty: false } command)
        {
            findings.Steps += command.Length;
            var after = _tokens[at].End + command.Length + 1;
            findings.Add(CommandRule(ExpressionFacts.OfHoles(command, _known), _tokens[at].Start, after), _tokens[at].Start, after);
        }

        var known = NameHash.Find(_known, text[_tokens[at].Start.._tokens[at].End]);
        if (_language is CodeLanguages.Php or CodeLanguages.None
            && PhpForms.AtName(text, _tokens, at, known, out first, out last) is >= 0 and var evaluated)
        {
            findings.Add(evaluated, _tokens[first].Start, _tokens[last].End);
        }

        if (ParameterSources.Read(text, _tokens, at) is >= 0 and var parameter)
        {
            _known[NameHash.Of(text[_tokens[parameter].Start.._tokens[parameter].End])] = CodeFacts.Untrusted;
        }
    }

    private void TakeWritten(ReadOnlySpan<byte> text, int at)
    {
        if (Top.Callee >= 0
            && PhpForms.AtText(text, _tokens[at], text[_tokens[Top.Callee].Start.._tokens[Top.Callee].End], findings) is >= 0 and var written)
        {
            findings.Add(written, _tokens[Top.Callee].Start, _tokens[at].End);
        }
    }

    private void TakeMark(ReadOnlySpan<byte> text, int at)
    {
        if (LiteralForms.AtMark(text, _tokens, at, _closed) is >= 0 and var rule)
        {
            findings.Add(rule, _tokens[at - 2].Start, _tokens[at].End);
        }
    }
}
