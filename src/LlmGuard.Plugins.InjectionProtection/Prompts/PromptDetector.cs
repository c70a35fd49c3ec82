using LlmGuard.Plugins.InjectionProtection.Rules;

namespace LlmGuard.Plugins.InjectionProtection.Prompts;

/// <summary>Looks for what is addressed to a model to change what it was told or to take its limits away. For one thread at a time.</summary>
internal sealed class PromptDetector
{
    private readonly WordRow _words = new();
    private readonly HiddenRegions _regions = new();

    /// <param name="text">The text, folded and in lower case.</param>
    /// <param name="hits">Receives what is found.</param>
    public void Find(ReadOnlySpan<byte> text, HitList hits)
    {
        var words = Read(text);
        OverrideGrammar.Find(words, text, hits);
        ExtractionGrammar.Find(words, text, hits);
        RoleMarkers.Find(text, hits);
        PersonaScore.Find(words, text, hits);
    }

    /// <summary>Looks for what addresses the reader in a text that is only to be read.</summary>
    public void FindIndirect(ReadOnlySpan<byte> text, HitList hits) => InsertedRequest.Find(Read(text), text, _regions, hits);

    private ReadOnlySpan<Word> Read(ReadOnlySpan<byte> text)
    {
        WordReader.Read(text, _words);
        return _words.Words;
    }
}
