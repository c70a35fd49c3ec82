namespace LlmGuard.Scanning.Keywords;

/// <summary>What an <see cref="EdgeFilter"/> tells of 64 bytes, a bit for each.</summary>
internal record struct EdgeBits
{
    /// <summary>A word of interest may begin with it.</summary>
    public ulong First { get; set; }

    /// <summary>One may end with it.</summary>
    public ulong Last { get; set; }

    /// <summary>It may begin the middle of a longer one.</summary>
    public ulong Middle { get; set; }
}
