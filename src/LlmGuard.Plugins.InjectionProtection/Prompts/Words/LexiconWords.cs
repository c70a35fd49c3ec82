using static LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Words;

/// <summary>Whole words of the languages that put spaces between them, without accents, by what they do in a sentence to a model.</summary>
internal static class LexiconWords
{
    /// <summary>Negations that look like words of another meaning.</summary>
    public const string Negations = "не ни";

    public static readonly (WordClass Class, string Words)[] Entries =
    [
        (Override, """
            ignore ignores ignoring ignored disregard disregards disregarding bypass bypasses bypassing override overrides overriding
            overrule overrules neglect circumvent supersede superseded supersedes overwrite ignoriere ignorier ignorieren ignoriert
            missachte missachten uberschreibe ubergehe umgehe ignora ignoren ignoras ignorad omite omita omitan omitir desestima desestime
            desatiende caso abstraction ignorez ignorer contourne contournez outrepasse trascura trascurate ignorate ignorare bypassa
            desconsidere desconsiderar desconsiderem ignorem desrespeite desrespeita negeer negeren zignoruj zignorujcie ignoruj pomin
            abaikan hunsuzet
            ignorujte ignorera strunta ignorér игнорируй игнорируйте игнорировать проигнорируй проигнорируйте проигнорировать пренебреги
            обойди yoksay goz umursama ohita zanemari ignorisi balewalain উপেক্ষা phot abweichend aside yok overlook
            strunt saltarte saltate
            ignorar ignoris ignorirajte prezri figyelmen ignoreeri ігноруй ігноруйте αγνοησε αγνοηστε puuza ignorati ignorere overse bo
            ignorirai игнорирай nesosahle hunsur
            ignorierst aspettare neglige negligez desobedece desobeis
            forgo flout defy
            """),
        (Drop, """
            forget forgets forgetting discard discards dismiss drop drops erase delete cancel abandon scrap wipe reset clear void revoke
            skip leave throw lose suspend stop neutralize nullify unlearn remove vergiss vergesse vergessen vergesst losche verwirf
            streiche entferne olvida olvide olvidate olviden olvidar descarta descarte borra elimina oublie oubliez oublier efface effacez
            abandonne abandonnez dimentica dimenticate dimenticati dimenticare scorda scarta esqueca esquece esquecer apague vergeet
            vergeten wis verwijder zapomnij zapomnijcie unut unutun sil lupakan zapomen zapomente glem glom unohda uita забудь забудьте
            забыть отбрось отмени сбрось удали zaboravi quen kalimutan ভুলে lupain wegwerfen vegeet forgetful pomini انس انسى انسَ امسح
            बंद change andere cambia cambiar modifie remplace wijzig zmien
            disable deactivate ditch violate uninstall unload quit deaktiviere desactiva desactive disattiva desative отключи wylacz
            glomt pomin
            felejtsd felejts unohtakaa oblida забравете забрави забувай ξεχασε ξεχαστε sahau aizmirsti aizmirstiet pamirsk uitati unusta
            pozabi zaboravite
            """),
        (Order, """
            preamble system_prompt system_message initial_prompt instruction instructions instrutions prompt prompts rule rules guideline
            guidelines directive directives programming
            directions instructional sysprompt guidance protocols pre-prompt preprompt anweisung anweisungen instruktion instruktionen
            vorgabe vorgaben regeln richtlinien richtlinie befehle ausfuhrungen systemprompt system-prompt instrucciones instruccion
            reglas indicaciones directrices directivas consignes consigne regles istruzioni istruzione regole direttive instrucoes
            instrucao regras diretrizes orientacoes instructies instructie regels voorschriften richtlijnen systeemprompt instrukcje
            instrukcji polecenia zasad zasady wytyczne talimat talimatlar talimatlari talimatlarini yonerge yonergeleri kurallari
            kurallarini kurallar istemini istem instruksi perintah arahan instruktioner regler pokyny pravidla ohjeet instructiunile
            regulile инструкции инструкция инструкцию инструкций указания указаний правила правилам правил директивы промпт промпта
            commands orders instrukcije instrukce chi dan thi lenh huong tagubilin utos নির্দেশনা নির্দেশ neyi instruksjoner
            промптом zasadach
            instruccions instrukciok utasitas utasitast utasitasok utasitasokat utasitasaidat juhiseid juhised instrukcijas noradijumus
            instrukcijos nurodymus upute uputstva navodila ohjeita ohjeistuksia οδηγιες οδηγια вказівки вказівок інструкції petunjuk
            maagizo panuto инструкциите reguli reglene reglerne instrukser instrukserne instruksene instruktionerna reglerna
            instructionerna ordres reguly pokynu indicacions normas normes norme komutlar komutlari yonergeyi
            rubric criteria
            systemnachricht systemnachrichten systemanweisung systemanweisungen systemvorgabe systemvorgaben systembefehle systemprompts
            grundanweisung grundanweisungen startanweisung startanweisungen systeeminstructies systeminstruktioner
            """),
        (Text, """
            command context training policy policies constraints assignment assignments requests request text texts message messages conversation
            sentences sentence words input brief session memory content paragraph history befehl aufgabe aufgaben auftrag auftrage angaben
            informationen nachricht nachrichten anfrage ordenes mensaje mensajes texto ordres texte tache comandi comando messaggio testo
            mensagem comandos tekst bericht opdracht opdrachten команды команда сообщение сообщения текст polecen wiadomosc mesaj metin
            gorev task tasks dinge dingen infos cose coisas cosas choses information system-message configuration
            """),
        (Prior, """
            previous previously prior above earlier preceding precede precedes preceded before foregoing aforementioned original initially
            previuos hitherto vorherigen vorherige vorigen obigen obige oben bisherigen bisherige vorangegangenen vorherigem zuvor vorher
            bisher fruheren ursprunglichen anterior anteriores anteriormente previas previos previa antes arriba principio inicio
            precedentes precedente precedents precedent avant dessus depart initiales anterieures precedenti prima finora sopra iniziali
            acima vorige voorgaande eerdere eerder hierboven bovenstaande poprzednie poprzednich wczesniejsze wczesniej powyzsze
            powyzszych dotychczasowe onceki yukaridaki daha sebelumnya tidigare tidligere predchozi предыдущие предыдущую предыдущих
            прежние прежним прежних прошлые раньше раніше ранее выше вышеуказанные davor vorhin vorab truoc tren nakaraan আগের pangunahing
            earliest outset oberhalb initiale aiemmat قبل سابقا
            top beginning anteriors forrige foregaende ovanstaende hidtidige korabbi eddigi fenti varasemad iepriekseja ankstesnius
            prethodne prejsnja aiempia προηγουμενες попередні попередніх всички предишни predosle dosavadni kaseneste bolgojo
            """),
        (Whole, """
            all everything any every entire whole complete alle alles allen jegliche samtliche samtlichen todo todas todos toda tout
            toutes tous toute tutte tutti tutto tudo wszystkie wszystko wszystkich все всё всех всем semua tum tumu tumunu butun herseyi
            seyi vsechny alla sve sva tat ca lahat সব whatever tot كل كلها सब
            totes tots усе osszes minden koik visas visus visi kaikki kaikkia ολες όλες усі всички vsechno alt yote
            """),
        (Your, """
            your ur yours deine deinen deiner deinem dein ihre ihren ihrem tu tus su sus vuestras votre vos ton ta tes tuo tue tua seu sua
            seus suas teu tuas тебя je jouw uw twoje twoj swoj swoje swoich твои ваши твой ваш твоих свои свой своих senin sistem size
            """),
        (You, """
            you u you're youre you'll you've yourself du dich dir sie usted te vous toi tu voce ty ci cie вы ты тебе тебя вам sen siz sana
            jij je lhe vos انت لك eres bist sei
            jestes zostajesz seid tienes hai hast
            t'a t'ont t'avait t'est t'as t'en vous-meme toi-meme ti ustedes tebe du's
            """),
        (No, """
            no not never without none nor don't dont doesn't won't wont cannot can't cant isn't aren't neither refrain ohne nicht kein
            keine keinen keinerlei nie sin sans ne pas plus aucune aucun senza non nessuna nessun sem nao nenhuma nunca jamas niets geen
            niet zonder bez zadnych nigdy без нет никогда никаких lacks lacking lack zero regardless beyond olmadan hicbir asla alma لا ولا
            ليس بلا دون न मत ना
            utan uden uten ilman nobody w/o nooit niemals jamais aldrig
            arent isnt wouldn't shouldn't shouldnt wouldnt ain't aint inga ingen ikke nincs nelkul
            """),
        (Obey, """
            follow follows following obey obeys obeyed obeying heed adhere abide listen respect observe attention comply mind bound
            befolge befolgen beachte beachten halte folge sigas siga sigan seguir obedezcas hagas tiens tenez suis suivez respecte compte
            seguire seguite obedeca volg volgen trek przestrzegaj sluchaj следуй следуйте слушай соблюдай uyma dikkate haz folgen siguen
            suivent seguono
            выполняй выполняйте выполнять подчиняешься подчиняйся wykonuj esegui exécute ejecutes
            halten haltst hältst gehorche gehorchen gehorchst gebunden befolgst beachtest obeis obeir obeissez obedecer obedeces obedece cumplir
            cumplas cumple obbedire obbedisci obbedisce rispettare rispetta rispetti obedecas cumpra соблюдать следовать слушаться
            подчиняться слушайся suivre respecter respetar respetes respeitar respeite gehoorzaam
            """),
        (Reveal, """
            reveal show print repeat output display leak tell give expose dump list recite disclose say write echo return spell translate
            provide describe encode rot13 summarize summarise reproduce state quote resend retype rewrite send replay regurgitate
            verbalize read zeige zeig nenne verrate wiederhole gib schreibe ausgeben muestra muestrame revela repite dime escribe dame
            montre montrez revele repete repetez affiche affichez ecris dis donne mostra mostrami rivela ripeti dimmi scrivi dammi mostre
            repita diga conte escreva exiba geef toon herhaal vertel schrijf pokaz podaj wypisz powtorz ujawnij powiedz napisz покажи
            повтори выведи раскрой назови скажи напиши goster yaz soyle tekrarla yazdir relay enumerate divulge recount comparte compartir
            condividi condividere condividila partage partager compartilhe compartilhar teilen teile mitteilen respond reply answer
            digues mutasd mostrem arata nayta δειξε покажіть naita parodyk parodi pokazi prikazi vis vise fortael beratta pokaze ukaz
            zobraz rivelami onthul afficher tampilkan tunjukkan convert turn transform paste copy ird irja
            recopie recopiez copiez copiame copiala copialas copialos copie-moi montre-moi donne-moi dis-moi affiche-moi zeig's
            nenn kopiere kopier gibst ausgibst mostrame ensename ensena cuentame raccontami elenca
            verra verrat preisgeben ausplaudern vertel's перечисли процитируй скопируй расскажи раскройте покажите выведите напишите
            citez zitiere mostre-me mostra-me diga-me conte-me revele-me
            """),
        (Inner, """
            preamble system_prompt system_message initial_prompt initialization initial system original hidden secret internal confidential
            initials pre pre-prompt preprompt underlying initially sysprompt
            developer ursprunglichen systemprompt system-prompt iniciales sistema initiales systeme iniziali iniciais systeemprompt
            systemnachricht systemnachrichten systemanweisung systemanweisungen systemvorgabe systemvorgaben systembefehle systemprompts
            grundanweisung grundanweisungen startanweisung startanweisungen systeeminstructies systeminstruktioner
            systemowy poczatkowe системный системного системную sistem
            sistemas systemmeddelelse systemprompten sistemski systemovy rendszer rendszerprompt rendszerpromptod jarjestelma
            jarjestelmakehote systemkommando geheimen geheime tajne tajny secretas secretos ocultas ocultos cachees секретные
            скрытые приховані начальные начальных изначальные изначальных первоначальные первоначальных исходные исходных
            """),
        (Exact, """
            verbatim exactly exact literally word-for-word full complete completely entire entirety full-text codeblock wording unchanged
            unmodified unaltered starting base64 letter letters wortlich wort vollstandig literalmente integra completo completa palabra
            textualmente mot entier integralement parola integralmente letterlijk woord doslownie slowo дословно полностью слово kelimesi
            """),
        (Secret, """
            password passwords passphrase passkey codeword keyphrase secret secrets credentials passcode passwort kennwort geheimnis contrasena
            clave motdepasse
            senha haslo пароль пароля пароли contrasenas mot wachtwoord lozinka heslo sandi losenord секрет parola sifre sifreyi api_key
            apikey passe matkhau mat-khau khau kunci পাসওয়ার্ড passcodes pin gizli-sozcuk wachtwoorden contrasinal hasla паролем
            iphasiwedi
            """),
        (Play, """
            act acting pretend pretending roleplay role-play role play simulate simulating imagine impersonate become emulate behave acts
            immerse portray assume persona take spiele actua finge fingir incarne joue fais interpreta recita fingi aja finja doe
            speel udawaj zachowuj притворись веди играй
            lats latsas lad latsom fingere stel spiel tu veins imagina imaginez immagina stelle vorstellen представь представьте вообрази
            roli davran rol
            """),
        (Limit, """
            constitution harmlessness restriction restrictions restricted limitation limitations limits limit filter filters filtering
            filtered censorship censored
            censor ethic ethics ethical ethically moral morals morality moralizing guidelines policies policy rules regulations
            constraints boundaries boundary legality disclaimer disclaimers warning warnings safeguards safety consequences norms
            limitless principles protocols confines inhibitions remorse guardrails moderation legal bias shackles chains conscience
            scruples alignment censors beschrankung beschrankungen limitacion limitaciones restrizione limitazione limitazioni restricao limitacao
            beperking begransning begransningar kisitlama kisitlamalar ограничения einschrankungen
            einschrankung zensur grenzen ethik regeln restriccion restricciones limites etica
            eticos censura filtros filtre filtres ethique censure morale filtri restrizioni limiti restricoes limitacoes beperkingen
            ethiek zahamowan ograniczen cenzury filtry фильтры regle normas normes
            moralnosci filtrow ограничений цензуры морали фильтров этики правил sinirlama sansur etik
            ahlak
            warnhinweise warnhinweis warnungen sicherheitsregeln sicherheitsrichtlinien sicherheitsfilter inhaltsfilter inhaltsrichtlinien limite
            avertissement avertissements advertencia advertencias avvertenze avvertimenti ostrzezen ostrzezenia предупреждений предупреждения
            begrensninger restriktioner regler restriktionen schranken richtlinien regole reglas
            regles regras regels zasad ograniczenia kural kurala sansursuz sinirsiz kurallar oaths refusal
            begrænsninger begränsningar rajoituksia sääntöjä omezení pravidel korlátozás szabályok περιορισμούς κανόνες обмежень
            заборон
            caveat caveats moralising sanctions inhibition cadenas cadenes cadeias catene ketten chaines fesseln directrices tabus tabu tabous tabues
            scrupules escrupulos scrupoli skrupel eticas etico etiques ethischen ethische moralische moralischen moralisch moralmente ethiques
            prohibiciones interdits interdictions divieti proibicoes verbote verboten censuree censurada censurado censurato zensiert
            этические этических моральных моральные запретов запреты запретами цензура цензурой границ рамок
            """),
        (Refuse, """
            refuse refuses refused refusing reject rejects decline declines declined deny denies apologize apologise sorry lecture
            disclaim avoid unable moralize moralise moralising moralizing inability hesitation hesitate censor judge judgement judgment
            warns warn cant verweigert verweigerst verweigern lehnt refuser niega niegas negarse rechaza rifiuta rifiuti rifiutare recusa
            recusar weiger weigert odmawia отказывается отказывай отказываешься reddetme reddetmez
            lectures lecturing preaching sermons ablehnung ablehnungen weigerung verweigerung unfortunately odmow odmowy отказов refuseras rehuses
            refusal refusals ablehnen abzulehnen verweigere niegues rechaces refusez odmawiaj отказывайся nega negar vagra decliner
            apologises apologizes apologising apologizing apologized rejecting declining refuserai hesitates moralises moralizes sermon
            sermones
            moralpredigt belehrt belehrst ablehnst ablehnt niegue negarte negarme rechazar refuses-tu refusera disculpas excuses
            scuse desculpas recuses rifiutarti извиняйся извиняешься извиняется отказать отказа
            """),
        (Model, """
            chatgpt gpt gpt-4 gpt4 gpt-3 gpt-4o openai ai a.i assistant assistants llm llms chatbot chatbots bot bard claude gemini
            assistentes asistentes assistenten assistenti aimodel bing copilot anthropic language-model ai-assistant ai-assistent
            ki sprachmodell assistent assistente asistente
            intelligence intelligenza inteligencia sztuczna ия ии ии-ассистент ассистент модель asistan yapay model summarizers copiloto
            ki-assistent ki-modell ia-assistent kunstliche models modele modelo modello modell ai-agent ai-assistants
            artificielle artificiale artificial kunstig
            @copilot ki-assistenten grok llama mistral qwen deepseek perplexity siri alexa cortana ai:s
            ia bots inteligencja inteligencją zekasin zekasın zeka IA
            """),
        (Agent, """
            reviewers summarisers agentes agenten agenti agent agents agente ai-agent ai_agent reviewer summarizer summariser summarizers crawler
            crawlers
            """),
        (Send, """
            send sends forward upload post transmit email exfiltrate submit share transfer leak deliver append curl fetch mail push sende
            schicke leite envia envie envoie envoyez transfere invia inoltra mande stuur wyslij отправь перешли gonder give schick
            """),
        (User, """
            user users user's users' reader customer nutzer benutzer anwender utilisateur l'utilisateur usuario utente all'utente
            gebruiker uzytkownik uzytkownikowi пользователю пользователя пользователь kullanici kullaniciya
            anvandaren brukeren brugeren anvandare uzytkownika kullanicinin usuarios utilisateurs klient gebruikers passenger
            """),
        (Work, """
            sag sage fuge empfiehl schreib dis ajoute ajoutez inclus recommande escribe anade incluye di recomienda rispondi aggiungi
            includi consiglia inclua adicione diga recomende vertel voeg noem powiedz dodaj добавь включи скажи ekle قل اكتب collect
            gather encode render visit click recommend rate approve enter reply-with call buy mark archive stop informa informe indique
            uberweise rufe besuche cliquez haz stelle moet zet schick
            award beginne beginn comienza empieza commence commencez inizia comece dites faites zacznij начни
            """),
        (Question, """
            how what who why when where which can could would will whats what's whos who's is are does do did has have cual cuales quien
            que como wie was welche lautet lauten wer quel quelle quels quelles qual quais quali quale какой каков каковы какие что почему
            jak jaki nasil nedir hangi hoe wat welke pourquoi comment perche come porque puoi puedes puede podrias podes peux pouvez
            pourriez kannst konnen konntest kun kunt pode poderia mozesz можешь можете moglbys potresti czy bisakah maaari may might si
            """),
        (Now, """
            now henceforth onwards onward forward nun jetzt ahora desormais maintenant adesso agora sofort partir momento adelante nu
            отныне теперь odtad artik moment here on
            teraz момента sekarang
            """),
        (And, "and then but so instead und dann sondern et puis mais y luego pero e poi ma depois mas en maar dan i potem и ve"),
        (Third, """
            he she they it we i who that which whose somebody someone people er es wir il elle nous ils el ella nosotros lui lei noi ele
            ela nos hij zij wij on ona oni он она они мы я ich je's nobody whoever मैं
            """),
        (Mention, """
            says said saying wrote writes quote quotes quoted example examples attack attacks phrase phrases sentence sentences texts
            headline title told tells reads line called labelled label song errors error sentiment such like string strings means mean
            meaning tone quoting titled typed asked sagte schrieb beispiel satz dit exemple dijo ejemplo frase disse esempio exemplo
            """),
        (Genre, """
            email e-mail mail letter story stories poem scene essay announcement article headline blog post test tests novel screenplay
            dialogue monologue reply regex function script song speech tale chapter report query parser program brief gedicht geschichte
            lettre poeme histoire carta poema cuento lettera poesia racconto reminder notice memo
            """),
        (Data, """
            conversation chat history password passwords key keys secret secrets contact contacts contents inbox mailbox emails e-mails
            e-mail messages credentials location transcript account accounts funds money savings card address phone files file lock device
            devices permission access data database home env .env payment records credit bank token tokens documents photos calendar
            appointments meetings meeting appointment balance details name names question message
            """),
        (When, """
            before after when while whenever if once until bevor wenn nachdem avant quand antes cuando prima quando voordat als zanim
            прежде когда si
            om se hvis jos ako
            """),
        (Late, "last past former existing old latest letzte letzten dernier ultima последний"),
        (Aux, "is are does do did has have am was were"),
        (Stake, "tokens token points deduct deducted kitten kittens tip tipped penalty punished punishment fired die lose"),
        (Told, """
            dijeron dieron dit disseram deram ricevuto ricevute ricevuta recu recues detto verteld gezegd powiedziano podano говорили сказали сказано
            configured наказали soylenen verilen erhalten bekommen assigned imposed gesagte besprochen aufgetragen mitgeteilt vorgegeben
            beigebracht eingegeben demande ordonne
            appris pedido pedidas ordenado ordenaron indicaron ensinado ensinaram pediram chiesto ordinato insegnato tillsagd
            велели приказали opgedragen geleerd powiedzieli kazano
            """),
        (Invalid, """
            revoked lifted rescinded off expired turned ungultig aufgehoben annulees invalides annulate nulle revogadas nietig test
            suspended waived deactivated superseded replaced matter
            hinfallig nichtig moot caduc caduque caducas obsoletas
            abgeschaltet deaktiviert desactivadas desactivados désactivées désactivés disattivati desativadas uitgeschakeld avstängda
            отключены wyłączone
            gone uninstalled deleted nullified outranks outranked outweighs outweigh overrules
            """),
        (Kin, "grandmother grandma granny nana grandfather grandpa mother father uncle aunt oma grossmutter grand-mere abuela nonna avo"),
        (Dead, "deceased late passed dead departed died verstorbene decedee fallecida"),
        (Critical, """
            delete transfer grant send download run execute forward unlock disable pay buy sell wire deploy share install purchase
            withdraw deposit revoke remove update change reset upload post push search open book schedule cancel invite order email move
            retrieve access clear drop erase wipe
            """),
        (Even, "even matter regardless however legal-or-not irrespective legality"),
        (Reader, """
            replying presenting reading processing process processes processed summarising summarizing summarise summarize summarises
            summarizes summary
            answering answer answers respond responding reply continuing continue proceeding proceed solve analysing analyzing analyse
            analyze asked review reviewing reviews reads read explain complete completing antworten antworte respondre repondre
            responder rispondere lesen
            analyses browsing visiting indexing crawling sorting parsing parses scanning handles handling
            """),
        (Tool, "tool tools function functions endpoint curl plugin webhook send_email"),
        (Filler, "quello quella was wat que ce cio quanto qualsiasi cokolwiek lo ne"),
        (Comply, "contesta contestar responde responda rispondi reponds antworte antworten antwoord odpowiedz ответь отвечай yanitla cevapla "
            + "odpowiadasz отвечаешь respondes verirsin cevap"),
        (Output, "messages antwort reponse reponses respuesta respuestas risposta resposta respostas odpowiedz ответ"),
        (My, "mijn mitt mon meu mio mia mea moj moje mein meine meiner meinen ma mes"),
    ];
}
