using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning.Folding;
using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.InjectionProtection.Prompts;

/// <summary>Marks that separate the messages of a conversation on its way to a model; within a message they forge one.</summary>
internal static class RoleMarkers
{
    private static readonly LiteralSet<bool> Marks = new(
        (["<|im_start|>", "<|im_end|>", "<|system|>", "<|user|>", "<|assistant|>", "<|endoftext|>", "<|start_header_id|>", "<|eot_id|>", "[inst]", "[/inst]", "<<sys>>", "<</sys>>", "<start_of_turn>", "<end_of_turn>", "[system message]", "[system prompt]", "[system]", "<system>", "</system>", "<system mode>", "###instruction", "### instruction", "### system", "###system", "## system", "##begin new", "#instruction#", "begin new instructions", "[end of prompt]", "[/system", "end of system prompt", "system override", "security override", "system mode activated", "<admin", "[admin]", "{{#system", "<|begin_of_text|>", "new system prompt", "<god mode", "god mode>", "<debug mode", "safe mode off", "[developer mode", "<developer mode", "system mode activated", "begin reprogramming", "end out of date instructions", "[system note", "{{char}}"], true),
        ([.. ((string[])["system mode", "忽略之前", "忽略以上", "忽略上面", "忽略所有", "忽略先前", "无视之前", "无视以上", "无视上面", "无视所有", "忘记之前", "忘记所有", "忘掉之前", "以前の指示", "これまでの指示", "上記の指示", "前の指示", "指示を無視", "命令を無視", "無視して", "指示を忘れ", "이전 지시", "이전 명령", "지시를 무시", "지시사항을 무시", "명령을 무시", "모든 지시", "पिछले निर्देश", "पिछले सभी निर्देश", "निर्देशों को अनदेखा", "تجاهل التعليمات", "تجاهل جميع", "التعليمات السابقة", "bo qua cac huong dan", "bo qua tat ca", "ละเว้นคำแนะนำ", "ไม่สนใจคำสั่ง", "התעלם מההוראות"]).Select(TextFolder.Fold)], true));

    public static void Find(ReadOnlySpan<byte> text, HitList hits)
    {
        for (var at = 0; (at = Marks.Find(text, at, out var length, out _)) >= 0; at += length)
        {
            hits.Add(PromptRules.RoleMarker, at, at + length);
        }
    }
}
