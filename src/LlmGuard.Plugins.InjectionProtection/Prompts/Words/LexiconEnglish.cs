using static LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Words;

/// <summary>Whole words that are looked for in English, or in English most of all.</summary>
internal static class LexiconEnglish
{
    public static readonly (WordClass Class, string Words)[] Entries =
    [
        (Unlimited, """
            unrestricted uncensored unfiltered unmoderated unbound unlimited amoral unethical unshackled limitless unconstrained unhinged
            jailbroken filterless immoral nsfw bypassed liberated lawless rebellious unapologetic
            kuralsiz sansursuz filtresiz kisitlamasiz onbeperkt ocensurerad
            desinhibido unzensiert ungefiltert zensurfrei unlocked
            """),
        (Harm, """
            illegal unethical immoral harmful dangerous offensive explicit nsfw hateful profanity profane swear swearing curse cursing
            vulgar malware bomb drugs weapon weapons violent violence sexual lewd racist toxic inappropriate criminal evil crime crimes
            erotic derogatory unlawful controversial obscene graphic abusive sexually gore murder hack hacking illicit fuck shit taboo
            slurs insults rude
            bombs explosive explosives meth methamphetamine napalm cocaine heroin fentanyl ricin sarin anthrax poison poisonous steal
            stealing stolen launder laundering counterfeit phishing ransomware keylogger virus trojan exploit kill killing kills murdering
            suicide gun guns silencer grenade molotov thermite fraud scam scams forge forging smuggle traffick hacker hackers swatting
            stalk stalking bioweapon torture terrorist pornographic smut naked bombe drogen waffe hacken stehlen sprengstoff explosif
            pirater bomba droga armas explosivo hackear rubare hackare pistola bombas drogas взломать бомбу наркотики оружие украсть bomby
            wlamac ukrasc patlayici silah bom sprangmedel stjala hacka hackar stelen crack criminals unmoral thug deepfake malicious
            rob robbing robbery killed hijack hotwire evade piracy pirated blackmail extort porn lsd mdma ghb cyanide c4 ied nerve-agent
            bioweapons kidnap forged forgery counterfeiting counterfeits burgle burglary burglar shoplift shoplifting skimming poisoning launders
            embezzle defraud dox doxx doxxing arson kidnapping pickpocket hotwiring lockpicking stalkerware spyware botnet rootkit smuggling
            trafficking falschen falscht gefalscht vergiften vergiftet einbrechen hackst falsifier empoisonner pirates falsificar
            envenenar robar falsificare avvelenare veleno roubar clonar
            heist hitman assassinate assassination bribe bribery ransom kidnapper trafficker opioids ketamine ecstasy chloroform nerve toxin toxins
            strychnine arsenic botulinum novichok tatp tnt dynamite detonator firearm firearms ammunition massacre genocide lynch strangle suffocate
            rape molest incest overdose self-harm anorexia terrorism extremist extremists radicalise radicalize propaganda disinformation
            misinformation defame swindle scammer scammers phish phisher ddos zero-day sabotage vandalize vandalise bully bullying harass harassment
            stalker threatening ponzi safecracker burglars sexist homophobic misogynist xenophobic antisemitic supremacist nazi hatred bigot
            burglaries arsonist conman con-artist thief thieves thefts theft robber robbers pimp narcotics narcotic crystal-meth tear-gas pipe-bomb
            einbruch einbrecher falschgeld erpressen erpressung betrug betrugen mord toten schmuggeln
            arnaque escroquer escroquerie fausse-monnaie cambrioler cambriolage
            estafa estafar secuestrar asesinar contrabando veneno chantaje
            truffa truffare ricatto rapina rapinare uccidere sequestrar assassinar chantagem matar
            ilegal ilegales ilegais inmoral inmorales imoral imorais ilicito ilicitos illegale illegali illegaux illegales illicite immorale
            immorali immoraux illegaler illegalen unmoralisch unmoralische verbotenes verbotene illegaal illegaals nielegalne nielegalnego
            незаконно незаконное незаконные нелегально нелегальное аморально аморальное
            palabrotas groserias grossieretes insultes insultos palavroes parolacce beleidigungen schimpfworter
            взлом отравить яд убить взрывчатку подделать мошенничество
            """),
        (Persona, """
            dan stan dude aim tom mongo maximum betterdan basedgpt antigpt anti-gpt jailbreak evilbot devmode ucar apophis niccolo
            machiavelli evil-bot freegpt chaosgpt hackergpt badgpt omega kevin balakula
            """),
        (Mode, "mode modes modus modo modalita режим tryb enabled activated unlocked"),
        (Comply, """
            comply complies obey obeys answer answers respond responds fulfill fulfil follow execute complying satisfy generate provide
            reply
            """),
        (New, "new fresh different neue neuen neuer nuevas nueva nuevo nouvelle nouvelles nuova nuove nova novas nowe новые новая"),
        (Work, """
            add include integrate insert modify express encode write use remove replace respond answer reply translate summarize summarise
            mention append prepend provide create generate list explain describe tell give show convert change make ensure embed
            incorporate weave blend inject combine put place start begin end finish output print say state rewrite reword group substitute
            swap omit spell rearrange calculate compute find identify recommend suggest draft compose design implement build develop
            compare analyze analyse classify outline teach help solve define discuss plan organize schedule set remind book order search
            look check fetch retrieve get open close delete transfer send forward upload download share post grant revoke unlock lock pay
            buy sell execute run install update reset disable enable enhance upgrade augment enrich boost elevate improve fuse merge
            employ deploy leverage apply utilize validate interweave infuse infiltrate tease promote offer propose introduce craft
            communicate present format limit keep restrict alter shuffle reverse capitalize anagram misspell entwine adopt consider
            feature endow intersperse adapt slip prove distribute spread steer encourage point direct invite ask
            """),
        (Output, """
            response responses answer answers reply message output summary explanation elucidation solution implementation code algorithm
            codebase program project text words sentences sentence letters script results replies
            """),
        (Polite, "please kindly also now then additionally furthermore finally instead just simply bitte nun por favor"),
        (Following, "following below subsequent underneath this here next ensuing forthcoming given"),
        (Snippet, "snippet snippets excerpt block section segment piece code fragment passage portion"),
        (Character, "character persona role roleplay personality fictional"),
        (Two, "two both dual twice 2 second"),
        (Free, "free freed broken liberated escaped released"),
        (Must, "must will shall should always need have required gonna going"),
        (Invalid, "false void invalid obsolete cancelled canceled outdated irrelevant longer lifted removed disabled suspended wrong"),
        (Stop, "stop stopp halt wait okay ok end arret aufhoren"),
        (My, "my me i mine mi mir mein mich moi mon"),
        (Told, "told given learned learnt taught received got written instructed gesagt gelernt"),
        (Fiction, """
            story fiction fictional hypothetical hypothetically imaginary imagine novel movie scene screenplay world universe simulation
            game dialogue hypothetic
            thought hypothetisch imaginar
            """),
        (Anything, "anything everything whatever any all"),
        (Only, "only just nothing nur solo seulement exactly"),
        (Jailbreak, "jailbreak jailbroken jailbreaking entwicklermodus"),
        (Filler, """
            the a an of my these those this that such to about for from i and or der die das den la las los el les le de del du que gli os
            as dem was
            """),
    ];
}
