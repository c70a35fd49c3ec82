namespace LlmGuard.Scanning.Entities.Secrets.Keys;

/// <summary>More rows of <see cref="VendorKeys"/>: vendors of recent years, and newer formats of older ones.</summary>
internal static class NewerVendors
{
    /// <summary>The rows.</summary>
    public const string Rows = """
        apify apify_api_{a36}
        axiom xaat-{h8}-{h4}-{h4}-{h4}-{h12}
        axiom xapt-{h8}-{h4}-{h4}-{h4}-{h12}
        bip32 xprv{a107} any
        browserbase bb_live_{t20+} mixed
        cartesia sk_car_{t20+} mixed
        chromatic chpt_{l12+} mixed
        clickup pk_{n6-9}_{U32}
        daytona dtn_{h64}
        dbt dbtc_{t30+} mixed
        dbt dbtu_{t30+} mixed
        deno ddp_{a36}
        deno ddo_{a36}
        dnsimple dnsimple_a_{a20+} mixed
        dnsimple dnsimple_u_{a20+} mixed
        e2b e2b_{h40}
        elastic essu_{b40+} mixed
        firecrawl fc-{h32}
        google AAAA{t7}:APA91b{t100+}
        inngest signkey-prod-{h64}
        klarna klarna_live_api_{t20+} mixed
        klarna klarna_test_api_{t20+} mixed
        klaviyo pk_{h34}
        kong kpat_{a30+} mixed
        kong spat_{a30+} mixed
        langsmith ls__{h32}
        linkedin WPL_AP0.{a10-20}.{b6+}
        linkedin WPL_AP1.{a10-20}.{b6+}
        llamaindex llx-{a40+} mixed
        matrix syt_{b4+}_{a20}_{a6}
        mollie live_{a30} mixed
        mongodb mdb_sa_sk_{t40+}
        nostr nsec1{l58} any
        ory ory_pat_{a20+} mixed
        ory ory_at_{t20+} mixed
        ory ory_st_{a20+} mixed
        paddle pdl_live_apikey_{t30+}
        paddle pdl_sdbx_apikey_{t30+}
        rootly rootly_{h64}
        runpod rpa_{a40+} mixed
        socket sktsec_{t20+} mixed
        statsig secret-{a40+} mixed
        tinybird p.eyJ{t60+}.{t20+}
        trello ATTA{h64+}
        trigger-dev tr_dev_{a20+} mixed
        trigger-dev tr_prod_{a20+} mixed
        turbopuffer tpuf_{a28+} mixed
        wakatime waka_{h8}-{h4}-{h4}-{h4}-{h12}
        xata xau_{a30+} mixed
        zoho 1000.{h32}.{h32}
        zuplo zpka_{t30+} mixed
        """;
}
