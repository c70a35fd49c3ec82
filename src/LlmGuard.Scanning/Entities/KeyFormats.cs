namespace LlmGuard.Scanning.Entities;

/// <summary>The documented shapes of vendors' credentials.</summary>
internal static class KeyFormats
{
    private static readonly string[] StripePrefixes = ["sk_live_", "sk_test_", "pk_live_", "pk_test_", "rk_live_", "rk_test_"];
    private static readonly string[] AwsPrefixes = ["AKIA", "ASIA", "AROA", "AIDA", "ABIA", "ACCA", "AGPA", "ANPA", "ANVA"];
    private static readonly string[] GitLabPrefixes = ["glpat-", "gldt-", "glrt-", "glptt-", "glcbt-", "glsoat-", "glagent-", "glft-", "glimt-", "gloas-"];
    private static readonly string[] ShopifyPrefixes = ["shpat_", "shpca_", "shppa_", "shpss_"];

    public static IEnumerable<KeyFormat> Stripe =>
    [
        .. StripePrefixes.Select(p => KeyFormat.Alphanumeric(p, 10)),
        KeyFormat.Alphanumeric("whsec_", 20),
    ];

    public static IEnumerable<KeyFormat> Models =>
    [
        // OpenAI, Anthropic, OpenRouter, DeepSeek and others share the prefix.
        KeyFormat.Mixed("sk-", 20),
        KeyFormat.Alphanumeric("hf_", 30), KeyFormat.Alphanumeric("api_org_", 30), KeyFormat.Alphanumeric("gsk_", 40), KeyFormat.Alphanumeric("xai-", 60),
        KeyFormat.Alphanumeric("r8_", 30), KeyFormat.Alphanumeric("pplx-", 40), KeyFormat.Token("pcsk_", 40), KeyFormat.Token("nvapi-", 50),
        KeyFormat.Token("lsv2_", 40), KeyFormat.Alphanumeric("fw_", 20), KeyFormat.Token("tgp_v1_", 40), KeyFormat.Alphanumeric("jina_", 40),
    ];

    public static IEnumerable<KeyFormat> Clouds =>
    [
        .. AwsPrefixes.Select(p => KeyFormat.Upper(p, 16)),
        KeyFormat.Token("AIza", 35), KeyFormat.Token("ya29.", 20), KeyFormat.Token("GOCSPX-", 20), KeyFormat.Alphanumeric("LTAI", 16, 26),
        KeyFormat.Alphanumeric("AKID", 32, 36), KeyFormat.Hex("dop_v1_", 64), KeyFormat.Hex("doo_v1_", 64), KeyFormat.Hex("dor_v1_", 64),
        KeyFormat.Token("dapi", 32), KeyFormat.Token("hvs.", 24), KeyFormat.Token("hvb.", 24), KeyFormat.Token("HRKU-", 36), KeyFormat.Token("sbp_", 36),
        KeyFormat.Token("sb_secret_", 20), KeyFormat.Dotted("FlyV1 ", 40), KeyFormat.Token("nfp_", 36), KeyFormat.Dotted("dt0c01.", 60),
        KeyFormat.Dotted("pul-", 40), KeyFormat.Token("tskey-", 20), KeyFormat.Token("pscale_tkn_", 32), KeyFormat.Token("pscale_pw_", 32),
    ];

    public static IEnumerable<KeyFormat> Code =>
    [
        .. "pousr".Select(kind => KeyFormat.Alphanumeric($"gh{kind}_", 36)), KeyFormat.Token("github_pat_", 22),
        .. GitLabPrefixes.Select(p => KeyFormat.Token(p, 20)),
        KeyFormat.Alphanumeric("npm_", 36), KeyFormat.Token("pypi-", 50), KeyFormat.Alphanumeric("rubygems_", 48), KeyFormat.Token("dckr_pat_", 27),
        KeyFormat.Alphanumeric("ATATT3", 40), KeyFormat.Dotted("ATATT3", 60), KeyFormat.Alphanumeric("CLOJARS_", 60), KeyFormat.Alphanumeric("oy2", 43, 43),
        KeyFormat.Alphanumeric("sntrys_", 60), KeyFormat.Alphanumeric("sntryu_", 60), KeyFormat.Token("PMAK-", 50), KeyFormat.Alphanumeric("AGE-SECRET-KEY-1", 50),
        KeyFormat.Dotted("dp.pt.", 40), KeyFormat.Dotted("dp.st.", 40), KeyFormat.Alphanumeric("lin_api_", 40), KeyFormat.Alphanumeric("pnu_", 36),
    ];

    public static IEnumerable<KeyFormat> Services =>
    [
        .. "abeoprs".Select(kind => KeyFormat.Mixed($"xox{kind}-", 10)), KeyFormat.Token("xapp-", 20), KeyFormat.Token("xoxe.xox", 20),
        KeyFormat.Dotted("SG.", 60), KeyFormat.Hex("SK", 32), KeyFormat.Hex("key-", 32), KeyFormat.Token("xkeysib-", 64), KeyFormat.Token("sq0atp-", 22),
        KeyFormat.Token("sq0csp-", 43), KeyFormat.Token("figd_", 36), KeyFormat.Alphanumeric("ntn_", 40), KeyFormat.Alphanumeric("secret_", 43, 43),
        .. ShopifyPrefixes.Select(p => KeyFormat.Hex(p, 32)),
        KeyFormat.Dotted("glc_", 32), KeyFormat.Token("glsa_", 32), KeyFormat.Token("NRAK-", 27), KeyFormat.Token("shippo_live_", 40),
        KeyFormat.Token("shippo_test_", 40), KeyFormat.Token("EZAK", 54), KeyFormat.Token("EZTK", 54), KeyFormat.Token("duffel_live_", 40),
        KeyFormat.Token("CFPAT-", 40), KeyFormat.Token("tfp_", 40), KeyFormat.Token("FLWSECK-", 32), KeyFormat.Token("FLWSECK_TEST-", 12),
    ];
}
