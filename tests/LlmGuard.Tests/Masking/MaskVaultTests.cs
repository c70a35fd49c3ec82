using System.Security.Cryptography;
using System.Text;
using LlmGuard.Masking;

namespace LlmGuard.Tests.Masking;

/// <summary>What a vault issues and opens.</summary>
public sealed class MaskVaultTests
{
    private static readonly GuardrailEntry Entry = new("gateway", "G", "mask", "data_masking");
    private static readonly ReversibleMasking Masking = new("0123456789abcdef"u8);

    [Test]
    public void Issue_SameValue_SamePlaceholder_OtherTypeOrValueAnother()
    {
        var vault = Vault("alice");
        var first = Issue(vault, "EMAIL", "a@b.co");
        Assert.Multiple(() =>
        {
            Assert.That(Issue(vault, "EMAIL", "a@b.co"), Is.EqualTo(first));
            Assert.That(Issue(vault, "EMAIL", "c@d.co"), Is.Not.EqualTo(first));
            Assert.That(Issue(vault, "NAME", "a@b.co"), Is.Not.EqualTo(first));
            Assert.That(vault.TakeAdded(), Has.Length.EqualTo(3));
            Assert.That(vault.TakeAdded(), Is.Empty);
        });
    }

    [Test]
    public void Issue_OtherOwnerEntryKeyOrScope_OtherVaultAndPlaceholder()
    {
        var vaults = new[]
        {
            Vault("alice"),
            Vault("bob"),
            new MaskVault(Masking, Entry with { Id = "other" }, "alice"u8),
            new MaskVault(Masking, Entry with { Owner = "H" }, "alice"u8),
            new MaskVault(Masking, Entry with { Level = "service" }, "alice"u8),
            new MaskVault(new ReversibleMasking("fedcba9876543210"u8), Entry, "alice"u8),
            new MaskVault(new ReversibleMasking("0123456789abcdef"u8) { Scope = MaskVaultScope.Caller }, Entry, "alice"u8),
        };
        Assert.That(vaults.Select(v => v.Id), Is.Unique);
        Assert.That(vaults.Select(v => Issue(v, "EMAIL", "a@b.co")), Is.Unique);
    }

    [Test]
    public void Issue_SameValueOfAnotherType_SharesNoLetters()
    {
        var vault = Vault("alice");
        var email = Issue(vault, "EMAIL", "a@b.co")!;
        Assert.That(Issue(vault, "NAME", "a@b.co"), Does.Not.EndWith(email[^18..]), "nobody sees that they stand for the same");
    }

    [Test]
    public void Issue_ManyValuesOfOneType_EachHasItsOwn()
    {
        var vault = Vault("alice");
        var placeholders = Enumerable.Range(0, 100).Select(i => Issue(vault, "EMAIL", $"a{i}@b.co")).ToArray();
        Assert.That(placeholders, Is.Unique.And.None.Null);
        for (var i = 0; i < placeholders.Length; i++)
        {
            Assert.That(vault.TryOpen(Encoding.UTF8.GetBytes(placeholders[i]!), out var original), Is.True);
            Assert.That(Encoding.UTF8.GetString(original), Is.EqualTo($"a{i}@b.co"));
        }
    }

    [Test]
    public void Issue_TextFullOfPlaceholdersItMightTake_TakesNoneOfThem()
    {
        var taken = new HashSet<string>();
        for (var attempt = 0; attempt < 8; attempt++)
        {
            taken.Add(Vault("alice").Issue("EMAIL", "a@b.co"u8, taken)!);
        }

        Assert.That(taken, Has.Count.EqualTo(8));
        Assert.That(Vault("alice").Issue("EMAIL", "a@b.co"u8, taken), Is.Null, "masked for good rather than confused with what somebody wrote");
    }

    [Test]
    public void Id_WhichTheStoreIsTold_TellsNobodyThePlaceholders()
    {
        var vault = Vault("alice");
        var tagKey = HMACSHA256.HashData(Convert.FromHexString(vault.Id), "placeholder"u8);
        var guess = Placeholder.Format("EMAIL", HMACSHA256.HashData(tagKey, "EMAIL\0\0a@b.co"u8));
        Assert.That(Issue(vault, "EMAIL", "a@b.co"), Is.Not.EqualTo(guess));
    }

    [Test]
    public void Sealed_SameValueByTwoProcesses_LooksDifferent()
    {
        var (one, two) = (Vault("alice"), Vault("alice"));
        Issue(one, "EMAIL", "a@b.co");
        Issue(two, "EMAIL", "a@b.co");
        var (first, second) = (one.TakeAdded()[0].Sealed.ToArray(), two.TakeAdded()[0].Sealed.ToArray());
        Assert.That(first, Is.Not.EqualTo(second), "a nonce is used once");
        Assert.That(first[..12], Is.Not.EqualTo(second[..12]));
    }

    [Test]
    public void TryOpen_AnotherProcessWithTheSameKey_OpensWhatWasStored()
    {
        var writer = Vault("alice");
        var placeholder = Issue(writer, "EMAIL", "a@b.co")!;
        var reader = Vault("alice");
        reader.Load(writer.TakeAdded());
        Assert.That(reader.TryOpen(Encoding.UTF8.GetBytes(placeholder), out var original), Is.True);
        Assert.That(Encoding.UTF8.GetString(original), Is.EqualTo("a@b.co"));
        Assert.That(Issue(reader, "EMAIL", "a@b.co"), Is.EqualTo(placeholder));
        Assert.That(reader.TakeAdded(), Is.Empty, "known already");
    }

    [Test]
    public void TryOpen_WhatAnotherVaultSealed_IsNotOpened()
    {
        var alice = Vault("alice");
        var placeholder = Issue(alice, "EMAIL", "a@b.co")!;
        var bob = Vault("bob");
        bob.Load(alice.TakeAdded());
        Assert.That(bob.TryOpen(Encoding.UTF8.GetBytes(placeholder), out var original), Is.False);
        Assert.That(original, Is.Empty);
    }

    [Test]
    public void TryOpen_SealMovedToAnotherPlaceholder_IsNotOpened()
    {
        var writer = Vault("alice");
        Issue(writer, "EMAIL", "a@b.co");
        Issue(writer, "EMAIL", "secret");
        var added = writer.TakeAdded();
        var reader = Vault("alice");
        reader.Load([new SealedOriginal(added[0].Placeholder, added[1].Sealed), added[1] with { Sealed = added[1].Sealed[..^1] }]);
        Assert.That(added.Select(a => reader.TryOpen(Encoding.UTF8.GetBytes(a.Placeholder), out _)), Has.All.False);
    }

    [Test]
    public void Sealed_HoldsNothingOfTheOriginal()
    {
        var vault = Vault("alice");
        Issue(vault, "EMAIL", "a-long-and-recognisable-original@example.com");
        Assert.That(Encoding.Latin1.GetString(vault.TakeAdded()[0].Sealed.Span), Does.Not.Contain("recognisable"));
    }

    [Test]
    public void Issue_PlaceholderStandsInTheText_IssuesAnother()
    {
        var first = Issue(Vault("alice"), "EMAIL", "a@b.co")!;
        var vault = Vault("alice");
        var second = vault.Issue("EMAIL", "a@b.co"u8, [first]);
        Assert.That(second, Is.Not.Null.And.Not.EqualTo(first));
        Assert.That(vault.TryOpen(Encoding.UTF8.GetBytes(first), out _), Is.False, "who wrote it in did not know the value");
    }

    [Test]
    public void Issue_PlaceholderOfAnEarlierTurnStandsInTheText_IsTheSame()
    {
        var vault = Vault("alice");
        var first = Issue(vault, "EMAIL", "a@b.co")!;
        Assert.That(vault.Issue("EMAIL", "a@b.co"u8, [first]), Is.EqualTo(first));
    }

    [Test]
    public void Issue_TooLongOrTooMany_IsRefused()
    {
        var vault = Vault("alice");
        Assert.That(vault.Issue("A", new byte[MaskVault.MaxValueBytes], []), Is.Not.Null);
        Assert.That(vault.Issue("A", new byte[MaskVault.MaxValueBytes + 1], []), Is.Null);
        vault.Load([.. Enumerable.Range(0, MaskVault.MaxValues).Select(i => new SealedOriginal($"[A_{i}]", new byte[1]))]);
        Assert.That(Issue(vault, "A", "x"), Is.Null);
    }

    [Test]
    public void Issue_LastValueThereIsRoomFor_IsIssued()
    {
        var vault = Vault("alice");
        vault.Load([.. Enumerable.Range(0, MaskVault.MaxValues - 1).Select(i => new SealedOriginal($"[A_{i}]", new byte[1]))]);
        Assert.That(Issue(vault, "A", "x"), Is.Not.Null);
        Assert.That(Issue(vault, "A", "y"), Is.Null);
        Assert.That(Issue(vault, "A", "x"), Is.Not.Null, "what is known stays known");
    }

    [Test]
    public void Load_MoreThanItHolds_TakesTheFirst()
    {
        var writer = Vault("alice");
        var placeholder = Issue(writer, "A", "x")!;
        var junk = Enumerable.Range(0, MaskVault.MaxValues).Select(i => new SealedOriginal($"[A_{i}]", new byte[1]));
        var reader = Vault("alice");
        reader.Load([.. junk, .. writer.TakeAdded()]);
        Assert.That(reader.TryOpen(Encoding.UTF8.GetBytes(placeholder), out _), Is.False);
    }

    [Test]
    public void TryOpen_WhatNobodyCanOpen_IsForgotten()
    {
        var vault = Vault("alice");
        vault.Load([new SealedOriginal("[A_BCDFGHJKLMNPRSTV]", new byte[64])]);
        Assert.That(vault.IsEmpty, Is.False);
        vault.TryOpen("[A_BCDFGHJKLMNPRSTV]"u8, out _);
        Assert.That(vault.IsEmpty, Is.True);
    }

    [Test]
    public void Create_ShortKey_Throws() => Assert.That(() => new ReversibleMasking(new byte[15]), Throws.ArgumentException);

    private static MaskVault Vault(string owner) => new(Masking, Entry, Encoding.UTF8.GetBytes(owner));

    private static string? Issue(MaskVault vault, string type, string original) => vault.Issue(type, Encoding.UTF8.GetBytes(original), []);
}
