namespace LlmGuard.Scanning.Tests.Entities;

/// <summary>Texts in which each entity is found.</summary>
internal static class Samples
{
    public static string[] Of(string entity) => entity switch
    {
        "stripe_key" => ["rk_" + "test_4eC39HqLyjWDarjtT1zd"],
        "jwt_token" => ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dBjftJeZ4CVP-mB92K27"],
        "password" => ["password=hunter2", "Passwort: \"geheim 1\""],
        "api_key" => ["api_key=0123456789abcdef", "sk-proj-abc_DEF-1234567890abcdef", "-----BEGIN PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7bq\n-----END PRIVATE KEY-----"],
        "access_token" => ["Bearer abcdef0123456789abcdef", "refresh_token: \"a1b2c3d4\""],
        "email" => ["joe@example.com", "jos\u00E9.b@example.co.uk"],
        "uuid" => ["123e4567-e89b-12d3-a456-426614174000"],
        "mac_address" or "device_mac" => ["00:1B:44:11:3A:B7"],
        "ip6_address" => ["2001:db8::8a2e:370:7334", "::ffff:192.0.2.128"],
        "ip_address" => ["192.168.1.17"],
        "spanish_iban" => ["ES91 2100 0418 4502 0005 1332"],
        "iban" => ["DE89 3704 0044 0532 0130 00"],
        "credit_card" => ["4111 1111 1111 1111", "378282246310005"],
        "ssn" => ["536-22-8714", "SSN 536228714"],
        "phone_number" => ["(415) 555-0132", "+44 20 7946 0958", "phone 4155550132"],
        _ => throw new ArgumentOutOfRangeException(nameof(entity), entity, "No sample."),
    };
}
