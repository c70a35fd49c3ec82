namespace LlmGuard.Scanning.Entities;

/// <summary>Where in some bytes in a row words and numbers begin, one bit for each byte.</summary>
internal static class Words
{
    /// <summary>Leaves of the offsets at which something may begin those that do not stand within a word, and adds those at which a number
    /// begins.</summary>
    /// <param name="found">Offsets at which something that does not begin with a digit may begin. What it says of digits counts for nothing.</param>
    /// <param name="letters">Which bytes are letters.</param>
    /// <param name="digits">Which bytes are digits.</param>
    /// <param name="before">The byte before the first.</param>
    /// <param name="within">Whether something may also begin within words, and with every digit.</param>
    public static ulong Begin(ulong found, ulong letters, ulong digits, byte before, bool within)
    {
        if (within)
        {
            return found | digits;
        }

        var (wasDigit, wasWord) = (AsciiByte.IsDigit(before) ? 1UL : 0, AsciiByte.IsAlphanumeric(before) ? 1UL : 0);
        var inWords = letters & (((letters | digits) << 1) | wasWord);
        return (found & ~inWords & ~digits) | (digits & ~((digits << 1) | wasDigit));
    }

    /// <summary>After which bytes one of the next seven is of a kind.</summary>
    public static ulong Soon(ulong kind)
    {
        var soon = kind >> 1;
        soon |= soon >> 1;
        soon |= soon >> 2;
        return soon | (soon >> 3);
    }

    /// <summary>At which bytes four of a kind stand in a row.</summary>
    public static ulong Four(ulong kind)
    {
        var two = kind & (kind >> 1);
        return two & (two >> 2);
    }

    /// <summary>At which bytes eight of a kind stand in a row.</summary>
    public static ulong Eight(ulong kind)
    {
        var four = Four(kind);
        return four & (four >> 4);
    }
}
