namespace LlmGuard.Scanning.Lexing.Code;

/// <summary>Guesses the language of a program by words that stand in one language only.</summary>
internal static class LanguageGuess
{
    // A beginning is enough, and a mark that comes later may belong to something that is quoted.
    private const int Looked = 8192;

    /// <summary>The language, or none when nothing speaks for one or two speak against each other.</summary>
    /// <remarks>A wrong guess would skip as comment what another language runs, so nothing is guessed from a single common word.</remarks>
    public static CodeLanguages Of(ReadOnlySpan<byte> text)
    {
        text = text[..Math.Min(text.Length, Looked)];
        var found = All.Find(text);
        var (best, second, language) = (0, 0, CodeLanguages.None);
        foreach (var (candidate, marks) in Marks)
        {
            var count = (int)UInt128.PopCount(found & ((UInt128.One << marks.Length) - 1));
            found >>= marks.Length;
            if (count > best)
            {
                (second, best, language) = (best, count, candidate);
            }
            else
            {
                second = Math.Max(second, count);
            }
        }

        // Where back quotes run commands a wrong guess is a finding, so one mark that others share will not do.
        var least = language is CodeLanguages.Php or CodeLanguages.Ruby && text.IndexOf("<?php"u8) < 0 ? 2 : 1;
        return best >= least && best > second ? language : CodeLanguages.None;
    }

    /// <summary>Whether anything in a text speaks for one of some languages, so that it may be guessed.</summary>
    public static bool MayBe(ReadOnlySpan<byte> text, CodeLanguages languages)
    {
        foreach (var (candidate, marks) in Marks)
        {
            if ((candidate & languages) == 0)
            {
                continue;
            }

            foreach (var mark in marks)
            {
                if (text.IndexOf(mark) >= 0)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static readonly (CodeLanguages Language, byte[][] Marks)[] Marks =
    [
        (CodeLanguages.Python, [.. Bytes("\ndef ", "\n    def ", "elif ", "import os\n", "import sys",
            "self.", "\nfrom ", "except ", "    return ", "None", "__init__", "print(\"")]),
        (CodeLanguages.JavaScript, [.. Bytes("const ", "=> {", "require(", "===", "function(",
            "function (", "console.log", "export ", "let ", "document.", "async ")]),
        (CodeLanguages.Php, [.. Bytes("<?php", "$_GET", "$_POST", "$_REQUEST", "$this->",
            "echo $", "function $", "?>", "/perl", "use strict;", "\nmy $", "\nmy (")]),
        (CodeLanguages.CSharp, [.. Bytes("using System", "namespace ", "public async Task",
            "string.", "Console.Write", "var ", "[Http", "get; set;", "public IActionResult")]),
        (CodeLanguages.Java, [.. Bytes("import java", "public static void main", "System.out", "@Override", "throws ", "import org.", "import com.",
            "package com", "package org", "final String")]),
        (CodeLanguages.Go, [.. Bytes("package main", "func (", ":= ", "fmt.", "err != nil", "import (\n", "defer ")]),
        (CodeLanguages.Rust, [.. Bytes("fn main", "let mut ", "-> Result<", "impl ",
            "use std::", "unsafe {", "pub fn ", "println!", "::new(", "&mut ")]),
        (CodeLanguages.C, [.. Bytes("#include", "int main(", "char *", "void *", "sizeof(",
            "printf(", "std::", "struct ", "unsigned ", "->", "NULL", "#define")]),
        (CodeLanguages.Ruby, [.. Bytes("\nend\n", "\n  end\n", "require '", "puts ", "do |", "attr_", ".each do", "module ", "def self.")]),
        (CodeLanguages.PowerShell, [.. Bytes("New-Object", "Write-Host", "param(", "Get-", "$PSScriptRoot", "Invoke-", "-ErrorAction")]),
    ];

    // Of all languages, in their order.
    private static readonly LanguageMarks All = new([.. Marks.SelectMany(static m => m.Marks)]);

    private static IEnumerable<byte[]> Bytes(params string[] marks) => marks.Select(System.Text.Encoding.UTF8.GetBytes);
}
