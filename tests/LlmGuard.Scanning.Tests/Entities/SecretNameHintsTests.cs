using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Scanning.Entities.Secrets;

namespace LlmGuard.Scanning.Tests.Entities;

/// <summary>The quick look at a name never says no where the name is one of a secret.</summary>
public sealed class SecretNameHintsTests
{
    private static readonly string[] Words =
    [
        "password", "pass", "word", "pw", "pwd", "mdp", "token", "jwt", "secret", "key", "keys", "api", "access", "client", "aws", "stripe", "x",
            "id", "db", "user", "session", "phrase",
        "compass", "monkey", "tokenizer", "userpassword", "mysecret", "apikey", "context", "tableau", "table", "contrasena", "h", "nonce", "a",
    ];

    private static readonly string[] Joints = ["", "", "_", "-", ".", " ", "1", "\"", "['", "$"];

    [FsCheck.NUnit.Property(MaxTest = 5000, Replay = "(11,29)")]
    public Property MayName_NameOfASecret_SaysPerhaps() => Prop.ForAll(Arb.From(Names), static pair =>
    {
        var (before, name) = pair;
        var text = Encoding.ASCII.GetBytes(before + name);
        var isSecret = SecretNames.KindOf(Encoding.ASCII.GetBytes(name)) != SecretKind.None;
        Assert.That(!isSecret || SecretNames.MayName(text, text.Length), before + name);
    });

    [TestCase("int total ")]
    [TestCase("builder.context")]
    [TestCase("for (var i ")]
    [TestCase("\"temperature\"")]
    public void MayName_OrdinaryName_SaysNo(string name) => Assert.That(SecretNames.MayName(Encoding.ASCII.GetBytes(name), name.Length), Is.False);

    [TestCase("password(int total ")]
    [TestCase("token;\nreader ")]
    public void MayName_SecretBeforeTheName_SaysNo(string text) =>
        Assert.That(SecretNames.MayName(Encoding.ASCII.GetBytes(text), text.Length), Is.False);

    [Test]
    public void MayName_AnyCharacterBeforeTheName_EndsItOnlyIfNamesEndThere()
    {
        for (var end = 0; end < 256; end++)
        {
            byte[] text = [.. "password"u8, (byte)end, .. "total "u8];
            var ends = "\n(){};,<>/".Contains((char)end, StringComparison.Ordinal);
            Assert.That(SecretNames.MayName(text, text.Length), Is.EqualTo(!ends), $"{end:X2}");
        }
    }

    // Names are at most 56 bytes, and something that belongs to no name stands before.
    private static Gen<(string Before, string Name)> Names =>
        from before in Gen.Elements("", "(", "{ ", "\n", new string('z', 70) + ";")
        from count in Gen.Choose(1, 4)
        from words in Gen.ArrayOf(Gen.Elements(Words), count)
        from cases in Gen.ArrayOf(Gen.Choose(0, 2), count)
        from joints in Gen.ArrayOf(Gen.Elements(Joints), count)
        let name = string.Concat(words.Select((word, i) => Cased(word, cases[i]) + joints[i]))
        select (before, name[..Math.Min(name.Length, 56)]);

    private static string Cased(string word, int form) =>
        form switch { 0 => word, 1 => char.ToUpperInvariant(word[0]) + word[1..], _ => word.ToUpperInvariant() };
}
