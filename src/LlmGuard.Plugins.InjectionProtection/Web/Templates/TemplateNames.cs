using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.InjectionProtection.Web.Templates;

/// <summary>What a name in an expression of a template leads to.</summary>
internal enum TemplateName : byte
{
    Own,

    /// <summary>From an object to its class, and from there to everything: nothing that a page shows has such a name.</summary>
    Reflection,

    /// <summary>Runs, reads or loads something when it is called; a field may have the name as well.</summary>
    Power,

    /// <summary>An object that the engine gives to every template; a page shows some of its fields, but not the whole of it.</summary>
    Engine,

    /// <summary>A class whose methods read files and folders.</summary>
    Files,
}

/// <summary>The names by which an expression leaves the data that a template was given.</summary>
internal static class TemplateNames
{
    private static readonly WordTable<TemplateName> Table = new(
        ("""
         getclass forname getruntime getclassloader classloader mainmodule child_process mro subclasses builtins popen shell_exec proc_open
         passthru subprocess newinstance
         processbuilder scriptengine scriptenginemanager registerundefinedfiltercallback getfilter phpinfo unsafeevaluator execsync spawnsync
         linecache file_get_contents
         file_excerpt getdeclaredmethods getdeclaredconstructor getdeclaredmethod createnewfile inputstream getresource getresourceasstream
         constructor prototype
         get_flashed_messages getstreamvariable _memberaccess objectwrapper _fillers_ importlib defineclass getparameter loadclass getinputstream
         setattribute externalcontext methodclosure
         """, TemplateName.Reflection),
        ("""
         system exec execute eval evaluate shell open readfile require invoke spawn dump println getmethod write writefile getenv load_file readlines
         file_put_contents assert call_user_func create_function include_once fork var_dump sleep execute_command eval_js write_file
         """, TemplateName.Power),
        ("self _self config request settings _context cycler lipsum joiner namespace environment app smarty pagecontext facescontext session",
            TemplateName.Engine),
        ("file files dir io fileutils pathname kernel", TemplateName.Files));

    public static TemplateName Find(ReadOnlySpan<byte> name) =>
        name.Length > 4 && name.StartsWith("__"u8) && name.EndsWith("__"u8) ? TemplateName.Reflection
            : Table.TryFind(name, out var known) ? known : TemplateName.Own;
}
