namespace LlmGuard.Scanning.Entities.Secrets.Keys;

/// <summary>More rows of <see cref="VendorKeys"/>: vendors of recent years, and newer formats of older ones.</summary>
internal static class NewerVendors
{
    /// <summary>The rows.</summary>
    public const string Rows = """
        adafruit aio_{a24-32} mixed
        adobe p8e-{t32} mixed
        aikido AIK_CI_{a20-44} mixed
        aikido AIK_SECRET_{a64}
        alibaba STS.{a20-64} mixed
        amazon-appsync da2-{l26} mixed
        amazon-mws amzn.mws.{h8}-{h4}-{h4}-{h4}-{h12}
        anyscale esecret_{l20+} mixed
        apify apify_api_{a36}
        arcjet ajkey_{l26} mixed
        authress ext_{l5-30}.{l4-6}.acc-{t10-32}.{d30+}
        authress ext_{l5-30}.{l4-6}.acc_{t10-32}.{d30+}
        authress scauth_{l5-30}.{l4-6}.acc-{t10-32}.{d30+}
        authress scauth_{l5-30}.{l4-6}.acc_{t10-32}.{d30+}
        aws A3T{U17} mixed
        axiom xaat-{h8}-{h4}-{h4}-{h4}-{h12}
        axiom xapt-{h8}-{h4}-{h4}-{h4}-{h12}
        backblaze K00{n1}{b27} mixed
        bip32 xprv{a107} any
        block-protocol b10ck5.{a32}.{a36}
        brave BSA{t24-40} mixed
        browserbase bb_live_{t20+} mixed
        builder bpk-{x32}
        cal cal_live_{a32}
        canva cnvca{t51}
        cartesia sk_car_{t20+} mixed
        cashfree cfsk_ma_prod_{x32}_{x8}
        cashfree cfsk_ma_test_{x32}_{x8}
        castai castai_v1_{x64}_{x8}
        cfx cfxk_{a18-22}_{a4-8} mixed
        chroma ck-{a40-48} mixed
        chromatic chpt_{l12+} mixed
        clickup pk_{n6-9}_{U32}
        configcat configcat-sdk-1/{t22}/{t22}
        courier dk_prod_{a24-32} mixed
        courier dk_test_{a24-32} mixed
        courier pk_prod_{a24-32} mixed
        crossmint ck_production_{a24+} mixed
        crossmint ck_staging_{a24+} mixed
        crossmint sk_production_{a24+} mixed
        crossmint sk_staging_{a24+} mixed
        databento db-{a29} mixed
        datastax AstraCS:{t20-28}:{x64}
        daytona dtn_{h64}
        dbt dbtc_{t30+} mixed
        dbt dbtu_{t30+} mixed
        deno ddo_{a36}
        deno ddp_{a36}
        devin apk_user_{b100+} mixed
        devin apk_{b80-100} mixed
        devin cog_{l52}
        dnsimple dnsimple_a_{a20+} mixed
        dnsimple dnsimple_u_{a20+} mixed
        doppler dp.audit.{a40+}
        e2b e2b_{h40}
        elastic essu_{b40+} mixed
        endor endr+{t16} mixed
        exoscale EXO{a24-30} mixed
        facebook EAAM{a60+} mixed
        firebase APA91b{t100+}
        firecrawl fc-{h32}
        friendli flp_{a46}
        google AAAA{t7}:APA91b{t100+}
        heartland skapi_cert_{t30+} mixed
        heartland skapi_prod_{t30+} mixed
        inngest signkey-prod-{h64}
        ionic ion_{a40+} mixed
        kaggle KGAT_{x32}
        klarna klarna_live_api_{t20+} mixed
        klarna klarna_test_api_{t20+} mixed
        klaviyo pk_{h34}
        kong kpat_{a30+} mixed
        kong spat_{a30+} mixed
        langsmith ls__{h32}
        linkedin WPL_AP0.{a10-20}.{b6+}
        linkedin WPL_AP1.{a10-20}.{b6+}
        llamaindex llx-{a40+} mixed
        luma luma-{h8}-{h4}-{h4}-{h4}-{h12}
        matrix syt_{b4+}_{a20}_{a6}
        mem0 m0-{a40} mixed
        mercadopago APP_USR-{n12-20}-{n6}-{x32}
        midtrans Mid-server-{t20-32} mixed
        mixedbread mxb_{a30+} mixed
        mollie live_{a30} mixed
        mongodb mdb_sa_sk_{t40+}
        murf ap2_{h8}-{h4}-{h4}-{h4}-{h12}
        netbird nbp_{a36}
        new-relic NRAA-{h27+}
        new-relic NRII-{t32+}
        new-relic NRIQ-{t32+}
        new-relic NRSP-{a34+} mixed
        nomic nk-{t40-48} mixed
        nostr nsec1{l58} any
        omise skey_live_{l19}
        omise skey_test_{l19}
        onesignal os_v2_app_{l60+}
        onesignal os_v2_org_{l60+}
        openshift sha256~{t43}
        ory ory_at_{t20+} mixed
        ory ory_pat_{a20+} mixed
        ory ory_st_{a20+} mixed
        paddle pdl_live_apikey_{t30+}
        paddle pdl_sdbx_apikey_{t30+}
        polar polar_oat_{a30+} mixed
        polar polar_pat_{a30+} mixed
        posthog phx_{t44-50}
        pubnub sec-c-{b40+}
        retool retool_{l26+} mixed
        rootly rootly_{h64}
        runpod rpa_{a40+} mixed
        runway key_{x64-128}
        shopify shptka_{h32}
        shopify shpua_{h32}
        socket sktsec_{t20+} mixed
        statsig secret-{a40+} mixed
        sumup sup_sk_{a20+} mixed
        telnyx KEY{U32}_{a22} mixed
        thingsboard thingsboard.cloud/api/v1/{l20} mixed
        tinybird p.eyJ{t60+}.{t20+}
        trello ATTA{h64+}
        trigger-dev tr_dev_{a20+} mixed
        trigger-dev tr_prod_{a20+} mixed
        turbopuffer tpuf_{a28+} mixed
        upcloud ucat_{a24-32} mixed
        wakatime waka_{h8}-{h4}-{h4}-{h4}-{h12}
        xata xau_{a30+} mixed
        xendit xnd_development_{a20+} mixed
        xendit xnd_production_{a20+} mixed
        you ydc-sk-{t20+} mixed
        zoho 1000.{h32}.{h32}
        zuplo zpka_{t30+} mixed
        """;
}
