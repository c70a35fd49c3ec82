namespace LlmGuard.Scanning.Entities;

/// <summary>How sure a detector is of a match, in percent.</summary>
internal static class Confidence
{
    /// <summary>The shape alone, and many other things have it: reported only where a policy asks for it.</summary>
    public const byte Low = 30;

    /// <summary>A secret by its name and shape, but for one thing that speaks against it: reported only where a policy asks for it.</summary>
    public const byte Doubtful = 45;

    /// <summary>The shape is uncommon, or one check digit is right.</summary>
    public const byte Medium = 60;

    /// <summary>A shape that little else has, or a word before it that says what it is.</summary>
    public const byte High = 85;

    /// <summary>A checksum that is right by chance once in a hundred at most, or a checksum and a word before it.</summary>
    public const byte Certain = 99;

    /// <summary>What is reported where a policy says nothing.</summary>
    public const byte Default = 50;
}
