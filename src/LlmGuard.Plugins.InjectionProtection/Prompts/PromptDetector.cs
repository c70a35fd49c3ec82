using LlmGuard.Plugins.InjectionProtection.Prompts.Inserted;
using LlmGuard.Plugins.InjectionProtection.Prompts.Leaks;
using LlmGuard.Plugins.InjectionProtection.Prompts.Overrides;
using LlmGuard.Plugins.InjectionProtection.Prompts.Personas;
using LlmGuard.Plugins.InjectionProtection.Prompts.Signals;
using LlmGuard.Plugins.InjectionProtection.Prompts.Turns;
using LlmGuard.Plugins.InjectionProtection.Prompts.Weak;
using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using LlmGuard.Plugins.InjectionProtection.Reading;
using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Plugins.InjectionProtection.Settings;

namespace LlmGuard.Plugins.InjectionProtection.Prompts;

/// <summary>Looks for what is addressed to a model to change what it was told or to take its limits away. For one thread at a time.</summary>
internal sealed class PromptDetector
{
    // How often the bytes are read: for words, and for marks of roles.
    private const int Readings = 2;
    private const int SignReadings = 3;

    // Who is spoken to or about, what he shall do, what is set aside, and what that was.
    private const WordClass Readers = WordClass.Model | WordClass.Agent;
    private const WordClass Owners = WordClass.User | WordClass.Tool;
    private const WordClass Moves = WordClass.Send | WordClass.Critical | WordClass.Override;
    private const WordClass Deeds = WordClass.Work | WordClass.Send | WordClass.Critical | WordClass.Reveal | WordClass.Comply | WordClass.Must
        | WordClass.Override | WordClass.Drop;
    private const WordClass Refusals = WordClass.Override | WordClass.Drop | WordClass.Obey;
    private const WordClass Told = WordClass.Order | WordClass.Told | WordClass.Prior | WordClass.Limit;

    private readonly WordRow _words = new();
    private readonly HiddenRegions _regions = new();
    private readonly TopicIndex _topics = new();
    private readonly WordSigns _signs = new();

    /// <summary>Whether it has grown too large to be kept.</summary>
    public bool IsLarge => _words.IsLarge;

    /// <summary>
    /// Whether a line break of the text it has read last may divide an order to a model: words without which no rule for sentences finds anything
    /// stand on both sides of it. Most breaks of most texts are between others, and what stands on one side has been read.
    /// </summary>
    /// <param name="at">Where the break is.</param>
    /// <param name="types">The types to look for: who asks a model itself for something need not say that it is one.</param>
    public bool MayBeDivided(int at, TypeSet types)
    {
        var words = _words.Words;
        var (low, high) = (0, words.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = words[middle].Start < at ? (middle + 1, high) : (low, middle);
        }

        return Divides(_words.InFrontOf(low), _words.From(low), types);
    }

    /// <summary>Whether any line break of the text it has read last may divide an order: whether it has the words for one at all.</summary>
    /// <inheritdoc cref="MayBeDivided(int, TypeSet)"/>
    public bool MayBeDivided(TypeSet types) => Divides(_words.All, _words.All, types);

    private static bool Divides(WordClass before, WordClass behind, TypeSet types)
    {
        return Divides(Refusals, Told) || (types.Has(InjectionType.IndirectInjection) && (Divides(Readers, Deeds) || Divides(Owners, Moves)
            || (((before | behind) & WordClass.Your) != 0 && Divides(WordClass.Output, Deeds))));

        bool Divides(WordClass one, WordClass other) =>
            ((before & one) != 0 && (behind & other) != 0) || ((before & other) != 0 && (behind & one) != 0);
    }

    /// <param name="text">The text, folded and in lower case.</param>
    /// <param name="types">The types to look for.</param>
    /// <param name="mayHaveSigns">Whether the text may have what <see cref="RareSigns"/> tells.</param>
    /// <param name="hits">Receives what is found.</param>
    public void Find(ReadOnlySpan<byte> text, TypeSet types, bool mayHaveSigns, HitList hits)
    {
        var first = hits.Hits.Count;
        WordReader.Read(text, _words);
        hits.Steps += (mayHaveSigns ? Readings + SignReadings : Readings) * text.Length;
        OverrideGrammar.Find(_words, text, hits);
        ExtractionGrammar.Find(_words, text, hits);
        SecretRequest.Find(_words, text, hits);
        if (mayHaveSigns)
        {
            RoleMarkers.Find(text, hits);
        }

        RoleMarkers.FindMessage(text, hits);
        PersonaScore.Find(_words, text, hits);
        ManyShot.Find(_words, text, hits);
        CarriedOrder.Find(_words, text, hits);
        Countermand.Find(_words, text, hits);
        Dictation.Find(_words, text, hits);
        AdversarialSuffix.Find(_words, text, hits);
        PlaceRequest.Find(_words, text, hits);
        Allegiance.Find(_words, text, hits);
        Pretexts.Find(_words, text, hits);

        // Where a rule has found what it looks for, weak signs tell nothing new; and documents about models are full of them.
        if (types.IsSaid && types.Has(InjectionType.PromptInjection) && !hits.HasAny(first, types))
        {
            WeakSigns.Find(_words, hits);
        }

        // What addresses the reader in a text that is only to be read.
        if (types.Has(InjectionType.IndirectInjection))
        {
            InsertedRequest.Find(_words.Words, text, _regions, _topics, _signs, hits);
        }
    }
}
