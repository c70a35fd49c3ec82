using LlmGuard.Plugins.CodeSanitation.Rules;

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

        if (ParameterSources.Read(text, _tokens, at) is >= 0 and var parameter)
        {
            _known[NameHash.Of(text[_tokens[parameter].Start.._tokens[parameter].End])] = CodeFacts.Untrusted;
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
