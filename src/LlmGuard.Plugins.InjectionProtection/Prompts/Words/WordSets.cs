using LlmGuard.Scanning.Folding;
using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Words;

/// <summary>Small sets of words that tell how the words around them are meant: who speaks, what for, in which form.</summary>
internal static class WordSets
{
    // Words that limit only models; a policy, a limit or a regulation may be anybody's.
    private static readonly WordTable<bool> OfModels = Of("""
        restrictions restriction restricted legality remorse rules rule guidelines guideline filters filter filtering filtry filtrow ethics ethical
        ethic moral morals morality фильтры regle normas normes sicherheitsfilter inhaltsfilter sicherheitsregeln
        censorship censored censor policies laws safeguards safeguard guardrails safety moderation alignment conscience scruples confines
        shackles constitution harmlessness inhibitions disclaimers constraints limitations boundaries regeln richtlinien zensur filtri
        regole reglas restricciones
        filtros regles censure consignes restrizioni regras restricoes regels beperkingen regler begransningar limite limiti etica ethique
        einschrankung einschrankungen beschrankung beschrankungen restriccion limitacion limitaciones limitation restrizione limitazione limitazioni
        restricao limitacao limitacoes beperking begransning kisitlama kisitlamalar sansur ограничения censura cenzury
        morale morali filtre kurala kural ograniczenia правилам zasad ograniczen правил ограничений цензуры
        """);

    // How an answer begins that gives in.
    private static readonly WordTable<bool> Consents = Of("""
        sure absolutely certainly course comply unlocked gladly here here's jailbroken happy prompt instructions activated klar naturlich
        claro bien evidemment voici certo ecco supuesto aqui jasne oczywiscie oto конечно sicher gerne gern
        """);

    // Forms of verbs that report rather than command.
    private static readonly WordTable<bool> Inflected = Of("""
        ignores ignored disregards disregarded bypasses bypassed overrides overridden overrode overruled overrules superseded supersedes
        neglected circumvented overwritten forgets forgot forgotten discards discarded dismissed dismisses dropped drops erased deleted
        cancelled abandoned scrapped wiped cleared voided revoked skipped skips left lost suspended removed ignoriert vergessen follows
        followed obeys obeyed heeded adhered respected observed sends
        """);

    // Who does it, when it is not the reader.
    private static readonly WordTable<bool> Persons = Of("""
        i i'm we he she they who nobody everyone everybody ich wir er je nous il elle ils yo noi ik wij я мы он она они
        """);

    // What somebody says who corrects a slip of his own.
    private static readonly WordTable<bool> Slips = Of("""
        sorry oops wrong mistake mistaken mistakenly pasted typo accidentally meant accident misread mixed attached attachment found
        """);

    // Verbs of uttering what follows.
    private static readonly WordTable<bool> Sayings = Of("""
        state say output print respond write reply display declara indiquez
        """);

    // What people give who learn, not only models.
    private static readonly WordTable<bool> Learners = Of("explanation words sentence sentences letters");

    // What models are asked to do with a piece of text.
    private static readonly WordTable<bool> Makings = Of("""
        write draft compose generate create give tell suggest recommend explain list describe translate summarize summarise plan make name
        compute calculate solve invent design imagine rewrite convert provide schreibe erzahle nenne erklare ecris raconte explique donne
        escribe cuenta explica
        dame scrivi racconta spiega
        """);

    // What models are asked to make.
    private static readonly WordTable<bool> Pieces = Of("""
        joke poem limerick haiku story song rap list slogans slogan tips ideas essay script program recipe letter email e-mail summary
        plan reasons facts fact riddle quote quotes tweet paragraph function synonyms names examples jokes poems film movie book books
        films movies present gift gifts itinerary speech witz gedicht geschichte liste poeme blague histoire chiste poema historia
        barzelletta poesia lista
        """);

    // Words for a model that a text may as well be about.
    private static readonly WordTable<bool> Things = Of("""
        model models modell modele modelo modello intelligence intelligenza inteligencia intelligences agent agents yapay artificial
        artificielle artificiale
        """);

    // How "from now on" begins.
    private static readonly WordTable<bool> Since = Of("""
        ab od c desde a d'ora ora von bundan fran fra vanaf partir des depuis
        """);

    // The way something is done, in writings without spaces.
    private static readonly WordTable<bool> Manners = Of("""
        書き方 方法 作り方 コツ 방법 如何 怎么 怎樣 怎样 كيفية तरीका วิธี
        """);

    // What people are told to do with programs.
    private static readonly WordTable<bool> OfManuals = Of("""
        make keep add run replace install substitute use update adjust modify open set get save check reset build execute apply import
        ensure remove
        """);

    // What says where an instruction stands.
    private static readonly WordTable<bool> Places = Of("""
        in inside within from contained found appear appears appearing embedded written im innerhalb dans en nel dentro
        """);

    // How a heading begins that is meant for somebody.
    private static readonly WordTable<bool> Notes = Of("""
        note to attention message dear instructions for important
        """);

    // What a machine shows of itself as well: "print system information".
    private static readonly WordTable<bool> OfMachine = Of("""
        information configuration informationen infos
        """);

    // Words of four letters and more that stand in every text.
    private static readonly WordTable<bool> Common = Of("""
        with over into under some more most than very many much such their there been being between during since because only other about
        what like also well just then them they these those when where while your have does into through could would should make made
        back down each even good here know long might same time work year years want used using uses example first last after before
        """);

    // Stands for what was named before.
    private static readonly WordTable<bool> Pointing = Of("""
        it them that this those lo la los las le les es ihn sie
        """);

    // How a question begins that anybody may be asked.
    private static readonly WordTable<bool> OfKnowledge = Of("""
        what what's how who which why where was comment que quel quelle como cual qual come quale
        """);

    // What somebody is to do.
    private static readonly WordTable<bool> Tasks = Of("""
        task tasks assignment assignments aufgabe aufgaben tarea tareas duty duties mission job jobs auftrag tache taches
        """);

    // What somebody is there for.
    private static readonly WordTable<bool> Aims = Of("""
        goal role job mission purpose objective aim duty function task
        """);

    // To say something to somebody.
    private static readonly WordTable<bool> Tellings = Of("""
        tell inform ask warn advise notify convince urge encourage direct invite remind recommend offer instruct assure persuade suggest
        """);

    // People of whom everybody speaks, not only models.
    private static readonly WordTable<bool> OfTrade = Of("""
        customer passenger klient
        """);

    // To have somebody do something, in the forms that report it.
    private static readonly WordTable<bool> Orderings = Of("""
        told tells telling ordered orders ordering asked asks asking instructed instructs instructing begs begged urging urges forced forces
        commands commanded advised advises warned trying tries tried knows dit demande ordonne
        """);

    // What somebody begins with who says what he needs.
    private static readonly WordTable<bool> Needs = Of("""
        need want like writing drafting
        """);

    // What something may be done without.
    private static readonly WordTable<bool> Withouts = Of("""
        without ohne sin sans senza sem zonder bez без w/o no not pas plus ne no-one
        """);

    // What systems have of those who use them, and programs are written for.
    private static readonly WordTable<bool> OfAccounts = Of("""
        name names space mode group groups id ids interface manual guide namespace namespaces defined land level home directory agent
    """);

    // Leads to what rules are about.
    private static readonly WordTable<bool> Abouts = Of("""
        on of about regarding concerning
        """);

    // What machines do with a text, and people hardly ever.
    private static readonly WordTable<bool> Processings = Of("""
        process processes processing summarise summarises summarising summarize summarizes summarizing parse parses parsing index indexes indexing
        evaluate evaluates evaluating rank ranks ranking quote quotes quoting draft drafts drafting sort sorts sorting screen screens screening
        scan scans scanning analyse analyses analysing analyze analyzes analyzing crawling
        """);

    // Says, with "is" before it, that somebody has to.
    private static readonly WordTable<bool> Biddens = Of("asked requested required instructed expected supposed obliged needs need");

    /// <summary>Whether a word says with "is" before it that somebody has to do what follows.</summary>
    public static bool IsBidden(ReadOnlySpan<byte> word) => Biddens.Contains(word);

    /// <summary>Whether a verb of reading is one for what machines do with a text.</summary>
    public static bool IsProcessing(ReadOnlySpan<byte> verb) => Processings.Contains(verb);

    /// <summary>Whether what is given is the reader's answer: code, a text or results may be those of whoever reads a manual.</summary>
    public static bool IsOfReader(ReadOnlySpan<byte> output) =>
        !output.StartsWith("code"u8) && !output.StartsWith("pro"u8) && !output.StartsWith("script"u8)
        && !output.SequenceEqual("text"u8) && !output.SequenceEqual("results"u8);

    /// <summary>Whether what is given may as well be a pupil's: his explanation, his own words.</summary>
    public static bool IsOfLearner(ReadOnlySpan<byte> output) => Learners.Contains(output);

    /// <summary>Whether a verb is one of uttering what follows.</summary>
    public static bool IsSaying(ReadOnlySpan<byte> verb) => Sayings.Contains(verb);

    /// <summary>Whether a word for a model is rather one for what a text is about.</summary>
    public static bool IsThing(ReadOnlySpan<byte> model) => Things.Contains(model);

    /// <summary>Whether a word says that something begins.</summary>
    public static bool IsSince(ReadOnlySpan<byte> word) => Since.Contains(word);

    /// <summary>Whether a word of a writing without spaces asks for the way something is done.</summary>
    public static bool IsManner(ReadOnlySpan<byte> word) => Manners.Contains(word);

    /// <summary>Whether a verb is one that manuals use.</summary>
    public static bool IsOfManual(ReadOnlySpan<byte> verb) => OfManuals.Contains(verb);

    /// <summary>Whether a verb asks for a text to be made.</summary>
    public static bool IsMaking(ReadOnlySpan<byte> verb) => Makings.Contains(verb);

    /// <summary>Whether a word is something that models are asked to make.</summary>
    public static bool IsPiece(ReadOnlySpan<byte> word) => Pieces.Contains(word);

    /// <summary>Whether a word says where something stands.</summary>
    public static bool IsPlace(ReadOnlySpan<byte> word) => Places.Contains(word);

    /// <summary>Whether a verb is in a form that reports.</summary>
    public static bool IsInflected(ReadOnlySpan<byte> verb) => Inflected.Contains(verb);

    /// <summary>Whether a word stands for somebody else than the reader.</summary>
    public static bool IsPerson(ReadOnlySpan<byte> word) => Persons.Contains(word);

    /// <summary>Whether a word is of those that say that something was a slip.</summary>
    public static bool IsSlip(ReadOnlySpan<byte> word) => Slips.Contains(word);

    /// <summary>Whether a limit of this name is one of models.</summary>
    public static bool IsOfModels(ReadOnlySpan<byte> limit) => limit.Length > 0 && (limit[0] >= WordReader.FirstGlued || OfModels.Contains(limit));

    /// <summary>Whether a word is one that a promise to do as asked begins with.</summary>
    public static bool IsConsent(ReadOnlySpan<byte> word) => Consents.Contains(word);

    /// <summary>Whether a word begins a heading that is meant for somebody.</summary>
    public static bool IsNote(ReadOnlySpan<byte> word) => Notes.Contains(word);

    /// <summary>Whether a word stands for what was named before.</summary>
    public static bool IsPointing(ReadOnlySpan<byte> word) => Pointing.Contains(word);

    /// <summary>Whether a question that begins so is one that anybody may be asked.</summary>
    public static bool IsOfKnowledge(ReadOnlySpan<byte> word) => OfKnowledge.Contains(word);

    /// <summary>Whether a word stands for what somebody is to do.</summary>
    public static bool IsTask(ReadOnlySpan<byte> word) => Tasks.Contains(word);

    /// <summary>Whether a word stands for what somebody is there for.</summary>
    public static bool IsAim(ReadOnlySpan<byte> word) => Aims.Contains(word);

    /// <summary>Whether a verb is one of saying something to somebody.</summary>
    public static bool IsTelling(ReadOnlySpan<byte> verb) => Tellings.Contains(verb);

    /// <summary>Whether a word for a user is one for a customer of anybody's.</summary>
    public static bool IsOfTrade(ReadOnlySpan<byte> user) => OfTrade.Contains(user);

    /// <summary>Whether a word says nothing of what a text is about.</summary>
    public static bool IsCommon(ReadOnlySpan<byte> word) => Common.Contains(word);

    /// <summary>Whether a machine shows this of itself as well.</summary>
    public static bool IsOfMachine(ReadOnlySpan<byte> text) => OfMachine.Contains(text);

    /// <summary>Whether a verb reports that somebody has others do something.</summary>
    public static bool IsOrdering(ReadOnlySpan<byte> verb) => Orderings.Contains(verb);

    /// <summary>Whether a word says that something is needed.</summary>
    public static bool IsNeed(ReadOnlySpan<byte> word) => Needs.Contains(word);

    /// <summary>Whether a negation is of what goes along with something, or may stand behind a verb for other reasons than to forbid it.</summary>
    public static bool IsWithout(ReadOnlySpan<byte> word) => Withouts.Contains(word);

    /// <summary>Whether "user" before it is none who is spoken for.</summary>
    public static bool IsOfAccounts(ReadOnlySpan<byte> word) => OfAccounts.Contains(word);

    /// <summary>Whether a word leads to what something is about.</summary>
    public static bool IsAbout(ReadOnlySpan<byte> word) => Abouts.Contains(word);

    // Folding takes letters of other scripts for those they look like, unless their neighbours tell; so must the sets.
    public static WordTable<bool> Of(string words) => new((Fold(words), true));

    /// <summary>Words in every form that folding may give them.</summary>
    public static string Fold(string words) =>
        string.Join(' ', words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(w => new[] { TextFolder.Fold(w), TextFolder.Fold(w, isForeign: true) }).Distinct());
}
