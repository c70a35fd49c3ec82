namespace LlmGuard.Scanning.Entities.Secrets.Keys;

/// <summary>
/// Rows as those of <see cref="VendorKeys"/> for hashes of passwords that name their method: whoever has one can try words against it.
/// </summary>
internal static class PasswordHashes
{
    /// <summary>The rows.</summary>
    public const string Rows = """
        md5crypt $1${c4-8}${c22}
        apache $apr1${c4-8}${c22}
        bcrypt $2a${n2}${c53}
        bcrypt $2b${n2}${c53}
        bcrypt $2x${n2}${c53}
        bcrypt $2y${n2}${c53}
        sha256crypt $5${c4-16}${c43}
        sha256crypt $5$rounds={n4-9}${c4-16}${c43}
        sha512crypt $6${c4-16}${c86}
        sha512crypt $6$rounds={n4-9}${c4-16}${c86}
        cisco $8${c14}${c43}
        cisco $9${c14}${c43}
        yescrypt $y$j{a2}${c4-22}${c43}
        argon2 $argon2d$v={n2}$m={n1-9},t={n1-4},p={n1-4}${b11-64}${b22-88}
        argon2 $argon2i$v={n2}$m={n1-9},t={n1-4},p={n1-4}${b11-64}${b22-88}
        argon2 $argon2id$v={n2}$m={n1-9},t={n1-4},p={n1-4}${b11-64}${b22-88}
        django pbkdf2_sha1${n4-8}${a6-32}${b28}
        django pbkdf2_sha256${n4-8}${a6-32}${b44}
        """;
}
