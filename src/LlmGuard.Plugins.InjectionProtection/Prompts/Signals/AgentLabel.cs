using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Signals;

/// <summary>
/// Labels that single out a machine as the one who is meant: a form that sets a few words apart (brackets, a tag, a comment, signs on both sides, a
/// member of JSON, a colon), a word for a machine, and one for what it gets. <c>[assistant_instructions]</c>, <c>&lt;agent-task&gt;</c>,
/// <c>%%RECRUITER_BOT_COMMAND%%</c>, "System note to AI:", "An alle Sprachmodelle:".
/// </summary>
internal static class AgentLabel
{
    /// <summary>Words of the longest label.</summary>
    public const int Longest = 18;

    // Words of the longest one that does not say what the machine does: "to the AI that sorts this folder".
    private const int LongestName = 7;

    // Qualifiers that are in no set: "recruiter_bot_command", "helpdesk-ai directive".
    private const int MostUnknown = 2;

    private static readonly WordTable<Part> Parts = new(
        [
            (Fold("""
                ai ais llm llms gpt gpts chatgpt ki ia ии chatbot chatbots copilot copilots genai sprachmodell sprachmodelle sprachmodellen chatbotte
                logiciel logiciels robot robots roboter programa-de-ia ψηφιακο нейросеть нейросетей нейросети claude cursor gemini ai-systems
                ki-systeme ki-modelle ki-assistenten ki-system ki-assistent
                """), Part.Machine),
            (Fold("""
                assistant assistants agent agents bot bots model models engine engines summarizer summariser summarizers crawler crawlers
                assistent assistenten assistants
                asistente asistentes assistente assistenti modelo modelos modello modelli modele modeles modell modelle agente agentes agenti agenten
                βοηθο βοηθος ассистент ассистентов ассистентам asystent asystenta asystentow system
                """), Part.Worker),
            (Fold("""
                instruction instructions directive directives command commands order orders prompt task tasks directions cmd instruct todo
                anweisung anweisungen befehl aufgabe aufgaben direktive consigne consignes instruccion instrucciones orden ordenes tarea istruzione
                istruzioni comando comandi compito instrucao instrucoes tarefa polecenie polecenia instrukcja instrukcje инструкция инструкции
                команда задание talimat talimati instructie instructies opdracht
                """), Part.Order),
            (Fold("""
                note notes notice message msg action actions request requests hint memo reminder attention warning
                hinweis nachricht achtung notiz nota avviso aviso remarque mensaje messaggio mensagem uwaga wiadomosc notatka примечание внимание
                сообщение not opmerking bericht avertissement attenzione atencion atencao
                """), Part.Note),
            (Fold("begin start beginning beginn anfang debut inicio inizio poczatek"), Part.Opening),
            (Fold("end ends fin ende fine fim koniec konec"), Part.Closing),
            (Fold("override overrides"), Part.Override),
            (Fold("""
                answer virtual virtuel virtuelle virtuale virtuell virtueller digital digitaler numerique automated automatic autonomous coding
                wirtualny
                """), Part.Artificial),
            (Fold("whichever whatever whoever"), Part.Whichever),
            (Fold("προς to for an aux pour a para per für voor do dla для alle all any every tous toutes todos tutti"), Part.Toward),
            (Fold("""
                the this that of from by new hidden important urgent dear internal private only special additional use read before
                language de langage lenguaje linguagem linguaggio langue jezykowy reading processing du nur only oh ps p.s nb τον ihr sie liebe lieber
                cher chere querido querida caro cara
                der die das den und les des el los las i le gli os as und et y e and or
                """), Part.Filler),
        ]);

    private static readonly WordTable<bool> Relatives =
        WordSets.Of("that which who qui que der die das welche ktory ktora som dat которая который che");

    private enum Part : byte
    {
        Filler = 1,

        Opening,
        Closing,

        /// <summary>For whom something is: "to", "for all".</summary>
        Toward,

        /// <summary>What sets aside.</summary>
        Override,

        /// <summary>Makes a word for people one for a machine.</summary>
        Artificial,

        /// <summary>Begins what is said of whoever is meant.</summary>
        Whichever,

        /// <summary>Nothing but a machine is called so.</summary>
        Machine,

        /// <summary>People and other things are called so too.</summary>
        Worker,

        /// <summary>What has to be obeyed.</summary>
        Order,

        /// <summary>What has to be read.</summary>
        Note,
    }

    private enum Form
    {
        None,

        /// <summary>A colon at the end of a few words.</summary>
        Colon,

        /// <summary>The name of a member of JSON.</summary>
        Member,

        /// <summary>Signs on both sides that headings of people have too.</summary>
        Ruled,

        /// <summary>Brackets, a tag, a comment.</summary>
        Enclosed,
    }

    /// <summary>Words of the label that a sentence begins with; none where it begins with something else.</summary>
    /// <param name="words">The words.</param>
    /// <param name="start">The first of the sentence.</param>
    /// <param name="end">The word after its last.</param>
    /// <param name="text">The text.</param>
    /// <param name="isSure">Whether nobody but a machine can be meant.</param>
    public static int Length(ReadOnlySpan<Word> words, int start, int end, ReadOnlySpan<byte> text, out bool isSure)
    {
        isSure = false;
        var said = default(Said);
        for (var i = start; i < end && i < start + (said.IsClause ? Longest : LongestName); i++)
        {
            said.Take(words[i], text);
            said.TakeSuffix(text[words[i].End..]);
            if (said.Unknown > MostUnknown || (said.HasMachine && !said.IsClause && MachinePeople.IsTheirs(words, i, text)))
            {
                return 0;
            }

            var form = FormOf(text, words[start].Start, words[i].End);
            if (form != Form.None)
            {
                isSure = said.IsSure(form);
                return said.Means(form, i + 1 - start) ? i + 1 - start : 0;
            }

            if (i + 1 < end && text[words[i].End..words[i + 1].Start].IndexOfAny(",;("u8) >= 0)
            {
                return 0;
            }
        }

        return 0;
    }

    private static Form FormOf(ReadOnlySpan<byte> text, int start, int end)
    {
        var after = text[end..];
        if (after is [(byte)'"', (byte)':', ..] or [(byte)'"', (byte)' ', (byte)':', ..] && start > 0 && text[start - 1] == (byte)'"')
        {
            return Form.Member;
        }

        after = after.TrimStart((byte)' ');
        if (after.IsEmpty)
        {
            return Form.None;
        }

        var before = text[..start].TrimEnd((byte)' ');
        var opening = before.IsEmpty ? (byte)'\n' : before[^1];
        var isFramed = after[0] switch
        {
            (byte)']' => opening == (byte)'[' && after is not [_, (byte)'(', ..] && !IsReference(after[1..]),
            (byte)'>' => opening is (byte)'<' or (byte)'>',
            (byte)'}' => opening == (byte)'{',
            (byte)'%' or (byte)'@' or (byte)'=' or (byte)'-' or (byte)'*' or (byte)'#' or (byte)'~' or (byte)'_' =>
                opening == after[0] && after is [_, var second, ..] && second == after[0],
            (byte)':' => after is not [_, (byte)':', ..] && opening is (byte)'[' or (byte)'<' or (byte)'{' or (byte)'@' or (byte)'%' or (byte)'-'
                && IsComment(before, opening),
            _ => false,
        };
        return isFramed ? (opening is (byte)'=' or (byte)'-' or (byte)'*' or (byte)'#' or (byte)'~' ? Form.Ruled : Form.Enclosed)
            : after is [(byte)':', not (byte)':', ..] ? Form.Colon : Form.None;
    }

    // "[agent]: https://...", "[agent]: /docs 'title'": where a link of Markdown leads.
    private static bool IsReference(ReadOnlySpan<byte> after)
    {
        if (after is not [(byte)':', ..])
        {
            return false;
        }

        var target = after[1..].TrimStart((byte)' ');
        var line = target.IndexOf((byte)'\n');
        target = line < 0 ? target : target[..line];
        var first = target.IndexOf((byte)' ') is >= 0 and var end ? target[..end] : target;
        return first.IsEmpty || !AsciiByte.IsLetter(first[0]) || first.IndexOfAny(":/.#"u8) >= 0;
    }

    // "<!-- x:" and "-- x:", not the item of a list.
    private static bool IsComment(ReadOnlySpan<byte> before, byte opening) => opening != (byte)'-' || before is [.., (byte)'-', (byte)'-'];

    private static string Fold(string words) => WordSets.Fold(words);

    // What the words of a label say together.
    private ref struct Said
    {
        private bool _machine;
        private bool _worker;
        private bool _order;
        private bool _note;
        private bool _toward;
        private bool _joined;
        private bool _opens;
        private bool _whichever;
        private bool _artificial;
        private bool _overrides;
        private int _machines;
        private bool _closes;

        public int Unknown { get; private set; }

        /// <summary>Whether what the machine does is said: "that sorts this folder", "reading this page".</summary>
        public bool IsClause { get; private set; }

        // "recruiter_bot_command" is read as three words.
        public void Take(Word at, ReadOnlySpan<byte> text)
        {
            var word = at.In(text);
            IsClause |= (_machine || _worker) && _toward && (at.Is(WordClass.Third | WordClass.Reader) || word.EndsWith("ing"u8) || _whichever
                || Relatives.Contains(word));
            if (IsClause)
            {
                return;
            }

            if (Parts.TryFind(word, out var whole))
            {
                Take(whole);
                return;
            }

            for (var count = 0; !word.IsEmpty && count < Longest; count++)
            {
                var cut = word.IndexOfAny((byte)'_', (byte)'-');
                var part = cut < 0 ? word : word[..cut];
                word = cut < 0 ? default : word[(cut + 1)..];
                _joined |= cut >= 0;
                if (part.IsEmpty)
                {
                    continue;
                }

                if (Parts.TryFind(part, out var found))
                {
                    Take(found);
                }
                else
                {
                    Unknown += AsciiByte.IsDigit(part[0]) ? 0 : 1;
                }
            }
        }

        // Japanese and Korean say behind the name whom something is for.
        public void TakeSuffix(ReadOnlySpan<byte> rest) =>
            _toward |= _machine && (rest.StartsWith("へ"u8) || rest.StartsWith("向け"u8) || rest.StartsWith("에게"u8));

        private void Take(Part part)
        {
            // "note to": what comes behind the word is whom it is for.
            _toward |= part is Part.Toward && !_machine && !_worker;
            _machine |= part == Part.Machine;
            _worker |= part == Part.Worker;
            _whichever |= part == Part.Whichever;
            _artificial |= part == Part.Artificial;
            _order |= part == Part.Override;
            _overrides |= part == Part.Override;
            _machines += part == Part.Machine ? 1 : 0;
            _opens |= part == Part.Opening;
            _closes |= part == Part.Closing;
            _order |= part == Part.Order;
            _note |= part == Part.Note;
        }

        /// <summary>Whether the word that was taken last is one for a machine, or one before it was.</summary>
        public readonly bool HasMachine => _machine || _worker;

        /// <summary>Whether the form or a word tells that a machine is meant, and not somebody with the trade of one.</summary>
        public readonly bool IsSure(Form form) => _machine || (_worker && _artificial) || _joined || _overrides
            || form is Form.Enclosed or Form.Member;

        public readonly bool Means(Form form, int count)
        {
            if (_closes || (!_machine && !_worker))
            {
                return false;
            }

            var isMachine = _machine || (_worker && _artificial);
            return form switch
            {
                Form.Enclosed => _order || (_note && (isMachine || _joined || _toward)) || (isMachine && _toward),
                Form.Ruled => isMachine ? _order || _toward : _order && (_opens || _joined || _toward),
                Form.Member => _joined && (_order || (_note && _machine)),
                _ => isMachine
                    ? Unknown <= 1 && (_order || _note || _toward || _artificial || _machines > 1) && (count > 1 || _joined)
                    : Unknown == 0 && (_joined || _toward) && (_order || (_note && _toward)) || (_overrides && Unknown <= 1),
            };
        }
    }
}
