using LlmGuard.Scanning.Folding;
using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.InjectionProtection.Prompts;

/// <summary>Words of several languages by what they do, without accents and in lower case, as folded text has them.</summary>
internal static class Lexicon
{
    private static readonly (WordClass Class, string Words)[] Entries =
    [
        (WordClass.Override, """
            ignore ignores ignoring ignored disregard disregarding forget forgetting bypass bypassing override overriding overrule neglect discard dismiss circumvent drop erase
            vergiss vergesse vergessen ignoriere ignorieren ignoriert missachte missachten uberschreibe olvida olvide olvidate olviden ignora ignoren omite omitir desestima oublie oubliez oublier ignorez
            ignorer dimentica dimenticate trascura esqueca esquece ignorar negeer vergeet zapomnij zignoruj unut unutun abaikan lupakan hunsuzet ignorujte zapomen glem ignorera glom
            забудь забудьте игнорируй игнорируйте игнорировать проигнорируй अनदेखा भूल
            """),
        (WordClass.Order, """
            instruction instructions prompt prompts rule rules guideline guidelines directive directives command commands order orders context programming training policy policies constraints
            assignment assignments task tasks requests request directions guidance text message messages conversation sentences words input
            anweisung anweisungen instruktion instruktionen vorgabe vorgaben angaben befehle befehl aufgabe aufgaben auftrag auftrage regeln richtlinien ausfuhrungen informationen
            instrucciones instruccion ordenes reglas indicaciones consignes regles directives istruzioni regole comandi instrucoes regras instructies regels instrukcje polecenia
            talimatlar instruksi perintah инструкции инструкция указания правила команды निर्देश निर्देशों
            """),
        (WordClass.Prior, """
            previous previously prior above earlier preceding before past former foregoing aforementioned original existing old last
            vorherigen vorherige vorigen obigen obige bisherigen vorangegangenen vorherigem anterior anteriores previas previos precedentes precedente precedents precedenti
            vorige eerdere poprzednie wczesniejsze sebelumnya onceki предыдущие предыдущую прежние прошлые пиछले पिछले
            """),
        (WordClass.Whole, "all everything any every entire whole alle alles jegliche samtliche todo todas todos toda tout toutes tous tutte tutti tudo wszystkie все всё semua tum सभी"),
        (WordClass.Your, "your ur yours deine deinen deiner ihre ihren tu tus su sus votre vos ton tes tuo tue seu sua suas twoje твои ваши"),
        (WordClass.You, "you u you're youre you'll you've yourself du dich sie usted te vous toi voce ty вы ты tu"),
        (WordClass.No, "no not never without none nor don't dont doesn't won't wont cannot can't cant isn't aren't neither ohne nicht kein keine keinen nie sin sans senza sem nunca jamas sans нет без не lacks lacking lack zero regardless beyond"),
        (WordClass.Reveal, """
            reveal show print repeat output display leak tell give expose dump share list recite disclose say write echo return spell translate provide describe encode rot13 summarize copy paste
            reproduce state zeige nenne verrate wiederhole gib muestra muestrame revela repite dime montre revele repete affiche mostra mostrami rivela ripeti mostre revele repita pokaz покажи повтори выведи раскрой
            """),
        (WordClass.Inner, "initial system original hidden secret internal confidential starting first initials pre pre-prompt preprompt underlying base core special exact full verbatim initially ursprunglichen systemprompt iniciales sistema initiales systeme системный"),
        (WordClass.Secret, "password passwords passphrase secret secrets credentials passcode passwort kennwort geheimnis contrasena clave motdepasse senha haslo пароль пароля пароли contrasenas mot wachtwoord lozinka heslo sandi losenord секрет parola şifre sifre api_key apikey"),
        (WordClass.Play, "act acting pretend pretending roleplay role-play role play simulate simulating imagine impersonate become emulate behave acts immerse portray assume persona spiele tue"),
        (WordClass.Limit, """
            restriction restrictions restricted limitation limitations limits limit filter filters filtering filtered censorship censored censor ethic ethics ethical ethically moral morals morality moralizing guidelines
            policies policy rules regulations constraints boundaries boundary laws law legality disclaimer disclaimers warning warnings safeguards safety consequences norms limitless principles protocols
            confines inhibitions remorse guardrails moderation legal bias shackles chains
            """),
        (WordClass.Unlimited, "unrestricted uncensored unfiltered unmoderated unbound unlimited amoral unethical unshackled limitless unconstrained unhinged jailbroken filterless immoral nsfw bypassed liberated lawless rebellious unapologetic"),
        (WordClass.Harm, """
            illegal unethical immoral harmful dangerous offensive explicit nsfw hateful profanity profane swear swearing curse cursing vulgar malware bomb drugs weapon weapons violent violence sexual lewd racist toxic
            inappropriate criminal evil crime crimes erotic derogatory unlawful controversial obscene graphic abusive sexually gore murder hack hacking illicit fuck shit taboo slurs insults rude
            """),
        (WordClass.Refuse, "refuse refuses refused refusing reject rejects decline declines deny denies apologize apologise sorry lecture disclaim avoid unable moralize inability hesitation hesitate censor judge judgement judgment"),
        (WordClass.Model, "chatgpt gpt gpt-4 gpt4 gpt-3 openai ai a.i assistant llm chatbot bot bard claude gemini aimodel model bing copilot"),
        (WordClass.Persona, "dan stan dude aim tom mongo maximum betterdan basedgpt antigpt anti-gpt jailbreak evilbot devmode ucar apophis niccolo machiavelli evil-bot freegpt chaosgpt hackergpt badgpt omega kevin balakula"),
        (WordClass.Mode, "mode modes modus modo enabled activated unlocked"),
        (WordClass.Comply, "comply complies obey obeys answer answers respond responds fulfill fulfil follow execute complying satisfy generate provide reply"),
        (WordClass.New, "new fresh different neue neuen neuer nuevas nueva nuevo nouvelle nouvelles nuova nuove nova novas nowe новые новая"),
        (WordClass.Work, """
            add include integrate insert modify express encode write use remove replace respond answer reply translate summarize summarise mention append prepend provide create generate list explain describe tell give show
            convert change make ensure embed incorporate weave blend inject combine put place start begin end finish respond output print say state respond rewrite reword group substitute swap omit spell rearrange
            calculate compute find identify recommend suggest draft compose design implement build develop compare analyze analyse classify outline teach help solve define discuss plan organize schedule set remind book
            order search look check fetch retrieve get open close delete transfer send forward upload download share post grant revoke unlock lock pay buy sell execute run install update reset disable enable enhance
            upgrade augment enrich boost elevate improve fuse merge employ deploy leverage apply utilize validate interweave infuse infiltrate tease promote offer propose introduce craft communicate present format limit keep
            restrict alter shuffle reverse capitalize anagram employ misspell inject entwine adopt consider feature endow intersperse adapt slip prove distribute spread steer encourage point direct invite ask
            """),
        (WordClass.Output, "response responses answer answers reply message output summary explanation elucidation solution implementation code algorithm codebase program project text words sentences sentence letters script results replies"),
        (WordClass.Question, "how what who why when where which can could would whats what's whos who's is are does do did has have cual cuales quien que como wie was welche lautet wer quel quelle qual quale какой каков что"),
        (WordClass.Polite, "please kindly also now then additionally furthermore finally instead just simply bitte nun por favor please"),
        (WordClass.Send, "send forward upload post transmit email exfiltrate submit share transfer leak deliver append curl fetch"),
        (WordClass.Following, "following below subsequent underneath this here next ensuing forthcoming given"),
        (WordClass.Snippet, "snippet snippets excerpt block section segment piece code fragment passage portion"),
        (WordClass.Character, "character persona role roleplay personality fictional"),
        (WordClass.Now, "now henceforth onwards onward forward nun jetzt ahora desormais maintenant adesso agora"),
        (WordClass.Two, "two both dual twice 2 second"),
        (WordClass.Free, "free freed broken liberated escaped released"),
        (WordClass.Must, "must will shall should always need have required gonna going"),
        (WordClass.Invalid, "false void invalid obsolete cancelled canceled outdated irrelevant longer lifted removed disabled suspended wrong"),
        (WordClass.Stop, "stop stopp halt wait okay ok end arret aufhoren"),
        (WordClass.My, "my me i mine mi mir mein mich moi mon"),
        (WordClass.Told, "told given said learned learnt taught received got written mentioned instructed gesagt gelernt"),
        (WordClass.Fiction, "story fiction fictional hypothetical hypothetically imaginary imagine novel movie scene screenplay world universe simulation game dialogue hypothetic"),
        (WordClass.Anything, "anything everything whatever any all"),
        (WordClass.Only, "only just nothing nur solo seulement exactly"),
        (WordClass.Jailbreak, "jailbreak jailbroken jailbreaking"),
        (WordClass.Filler, "the a an of my these those this that such to about to for from i and or der die das den la las los el les le de del du que que gli le i os as dem was and"),
    ];

    private static readonly WordTable<WordClass> Table = Build();

    /// <summary>The classes of a word; none for most.</summary>
    public static WordClass Find(ReadOnlySpan<byte> word) => Table.TryFind(word, out var found) ? found : WordClass.None;

    private static WordTable<WordClass> Build()
    {
        var words = new Dictionary<string, WordClass>(StringComparer.Ordinal);
        foreach (var (wordClass, list) in Entries)
        {
            foreach (var word in list.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                // Folding takes letters of other scripts for those they look like; so must the lexicon.
                var folded = TextFolder.Fold(word);
                words[folded] = words.GetValueOrDefault(folded) | wordClass;
            }
        }

        return new WordTable<WordClass>([.. words.Select(w => (w.Key, w.Value))]);
    }
}
