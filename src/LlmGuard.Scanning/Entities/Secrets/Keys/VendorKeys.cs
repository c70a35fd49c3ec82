namespace LlmGuard.Scanning.Entities.Secrets.Keys;

/// <summary>
/// The documented formats of vendors' credentials that can be told by their shape. Each row: vendor, pattern, flags. See <see cref="KeyFormat"/>.
/// </summary>
internal static class VendorKeys
{
    private const string StripeRows = """
        stripe sk_live_{t10+}
        stripe sk_test_{t10+}
        stripe sk_prod_{t10+}
        stripe pk_live_{t10+}
        stripe pk_test_{t10+}
        stripe rk_live_{t10+}
        stripe rk_test_{t10+}
        stripe rk_prod_{t10+}
        stripe whsec_{a20+}
        """;

    private const string ModelRows = """
        openai sk-{t20+} mixed
        anthropic sk-ant-{t20+} mixed
        openrouter sk-or-v1-{h64}
        huggingface hf_{a30-40}
        huggingface api_org_{a30-40}
        groq gsk_{a52}
        xai xai-{a60+}
        replicate r8_{a30+}
        perplexity pplx-{a40+}
        pinecone pcsk_{t40+}
        nvidia nvapi-{t50+}
        langsmith lsv2_{t40+}
        langfuse sk-lf-{h8}-{h4}-{h4}-{h4}-{h12}
        fireworks fw_{a20+} mixed
        together tgp_v1_{t40+}
        jina jina_{a40+}
        voyage pa-{t40+} mixed
        cerebras csk-{a40+} mixed
        tavily tvly-{t20+} mixed
        deepgram dg_{a40+} mixed
        elevenlabs sk_{h48}
        assemblyai aai_{a32+} mixed
        weightsandbiases wandb_v1_{t40+}
        comet cmt_{a25+} mixed
        amazon-bedrock ABSK{b100+}
        amazon-bedrock bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t{b0+}
        """;

    private const string CloudRows = """
        aws AKIA{U16}
        aws ASIA{U16}
        aws AROA{U16}
        aws AIDA{U16}
        aws ABIA{U16}
        aws ACCA{U16}
        aws AGPA{U16}
        aws ANPA{U16}
        aws ANVA{U16}
        google AIza{t35}
        google AQ.{t40-60} mixed
        google ya29.{t20+}
        google GOCSPX-{t20+}
        google 1//0{t60+}
        alibaba LTAI{a16-26}
        tencent AKID{a32-36}
        yandex AQVN{t35-40}
        yandex y0_{t50+}
        yandex t1.{t40+}.{t60+}
        yandex YC{t38} mixed
        ibm-cloud ApiKey-{a8}-{h4}-{h4}-{h4}-{h12}
        digitalocean dop_v1_{h64}
        digitalocean doo_v1_{h64}
        digitalocean dor_v1_{h64}
        databricks dapi{h32}
        databricks dapi{h32}-{n1}
        databricks dose{h32}
        hashicorp-vault hvs.{t24+}
        hashicorp-vault hvb.{t24+}
        hashicorp-vault hvr.{t24+}
        hashicorp-terraform atlasv1.{t60-70}
        heroku HRKU-{t36+} mixed
        supabase sbp_{t36+}
        supabase sb_secret_{t20+}
        fly-io FlyV1 {d40+} mixed
        fly-io fm2_{b40+}
        fly-io fo1_{t43}
        netlify nfp_{t36+}
        vercel vcp_{t20+} mixed
        vercel vci_{t20+} mixed
        vercel vca_{t20+} mixed
        vercel vcr_{t20+} mixed
        vercel vck_{t20+} mixed
        render rnd_{a28+} mixed
        railway rw_Fe26.{d60+}
        cloudflare v1.0-{h24}-{h146}
        cloudflare cfut_{a40+} mixed
        cloudflare cfat_{a40+} mixed
        cloudflare cfk_{a37+} mixed
        dynatrace dt0c01.{U24}.{U64}
        dynatrace dt0s01.{U8}.{U64}
        pulumi pul-{h40}
        tailscale tskey-{t20+}
        planetscale pscale_tkn_{d32+}
        planetscale pscale_pw_{d32+}
        planetscale pscale_oauth_{d32+}
        neon napi_{a60+}
        upstash AX{t60+}== mixed
        cockroachdb CCDB1_{a22}_{a40}
        aiven AVNS_{t18+}
        scaleway SCW{U17}
        ovh ovh_{a32+} mixed
        confluent cflt{b60}
        doppler dp.pt.{a40+}
        doppler dp.st.{d40+} mixed
        doppler dp.ct.{a40+}
        doppler dp.sa.{a40+}
        doppler dp.scim.{a40+}
        infisical st.{h8}-{h4}-{h4}-{h4}-{h12}.{h32}.{h32}
        1password ops_{b40+}
        1password A3-{U6}-{U11}-{U5}-{U5}-{U5}
        1password A3-{U6}-{U6}-{U5}-{U5}-{U5}-{U5}
        akamai akab-{t16}-{t16}
        clickhouse 4b1d{a38}
        snyk snyk_uat.{h8}.{t40+}
        """;

    private const string CodeRows = """
        github ghp_{a36+}
        github gho_{a36+}
        github ghu_{a36+}
        github ghs_{a36+}
        github ghr_{a36+}
        github github_pat_{t22+}
        gitlab glpat-{d20+}
        gitlab gldt-{t20}
        gitlab glrt-{d20+}
        gitlab glrtr-{d20+}
        gitlab glptt-{t40}
        gitlab glcbt-{t20-30}
        gitlab glsoat-{t20}
        gitlab glagent-{t50+}
        gitlab glft-{t20}
        gitlab glffct-{t20}
        gitlab glimt-{t25}
        gitlab gloas-{t64}
        gitlab GR1348941{t20} mixed
        gitlab _gitlab_session={h32}
        bitbucket ATBB{a32+}
        bitbucket ATCTT3xFfGN0{d60+}
        atlassian ATATT3{d60+} mixed
        npm npm_{a36}
        pypi pypi-{t85+}
        rubygems rubygems_{h48}
        docker dckr_pat_{t27+}
        docker dckr_oat_{t27+}
        clojars CLOJARS_{a60}
        nuget oy2{l43}
        crates-io cio{a32}
        hex hex_{a32+} mixed
        packagist packagist_{a60+}
        sentry sntrys_{d60+}
        sentry sntryu_{h64}
        sentry sntrya_{h64}
        postman PMAK-{h24}-{h34}
        postman PMAT-{U26}
        age AGE-SECRET-KEY-1{U50+} any
        linear lin_api_{a40}
        linear lin_oauth_{h64}
        circleci CCIPAT_{a20+}_{h40}
        circleci CCIPRJ_{a20+}_{h40}
        buildkite bkua_{h40}
        buildkite bkct_{h40}
        sonarqube squ_{h40}
        sonarqube sqp_{h40}
        sonarqube sqa_{h40}
        sourcegraph sgp_{h40}
        sourcegraph sgp_{h16}_{h40}
        sourcegraph sgp_local_{h40}
        sourcegraph slk_{h64}
        artifactory AKCp{a69+}
        artifactory cmVmdGtu{a56+}
        artifactory eyJ2ZXIi{t60+}
        prefect pnu_{a36}
        prefect pnb_{a36}
        readme rdme_{l70}
        launchdarkly sdk-{h8}-{h4}-{h4}-{h4}-{h12}
        launchdarkly api-{h8}-{h4}-{h4}-{h4}-{h12}
        launchdarkly mob-{h8}-{h4}-{h4}-{h4}-{h12}
        split-io splt_{a40+}
        harness pat.{t22}.{a24}.{a20}
        harness sat.{t22}.{a24}.{a20}
        infracost ico-{a32} apart
        octopus API-{U26}
        jetbrains perm:{b20+}.{b4+}.{a27}
        jfrog jfrt@{a20+}
        settlemint sm_pat_{a16}
        settlemint sm_aat_{a16}
        settlemint sm_sat_{a16}
        contentful CFPAT-{t40+}
        """;

    private const string ServiceRows = """
        slack xoxb-{n9-14}-{t20+}
        slack xoxb-{n9-14}-{a10+}
        slack xoxp-{n9-14}-{n9-14}-{n9-14}-{a28+}
        slack xoxp-{n9-14}-{n9-14}-{a20+}
        slack xoxe-{n9-14}-{t20+}
        slack xoxs-{n1+}-{t20+} mixed
        slack xoxo-{n1+}-{t16+} mixed
        slack xoxa-{n1+}-{t12+} mixed
        slack xoxa-{a8-48} mixed
        slack xoxr-{t10+} mixed
        slack xoxc-{t40+} mixed
        slack xoxd-{d40+} mixed
        slack xapp-{n1}-{U10+}-{n10+}-{a32+}
        slack xoxe.xox{a1}-{n1}-{a100+}
        slack xoxe-{n1}-{a100+}
        slack hooks.slack.com/services/T{U6+}/B{U6+}/{a20+}
        slack hooks.slack.com/workflows/T{U6+}/A{U6+}/{n10+}/{a20+}
        discord discord.com/api/webhooks/{n17-20}/{t60+}
        discord discordapp.com/api/webhooks/{n17-20}/{t60+}
        discord M{a23-25}.{t6}.{t27-40}
        discord N{a23-25}.{t6}.{t27-40}
        discord O{a23-25}.{t6}.{t27-40}
        microsoft-teams webhook.office.com/webhookb2/{h8}-{h4}-{h4}-{h4}-{h12}@{h8}-{h4}-{h4}-{h4}-{h12}/IncomingWebhook/{h32}/{h8}-{h4}-{h4}-{h4}-{h12}
        telegram {n8-10}:AA{t33}
        sendgrid SG.{t16-32}.{t16-64}
        twilio SK{h32}
        twilio AC{h32}
        mailgun key-{h32}
        mailgun pubkey-{h32}
        mailchimp {x32}-us{n1-2}
        mandrill md-{a22} mixed
        brevo xkeysib-{h64}-{a16}
        brevo xsmtpsib-{h64}-{a16}
        resend re_{a8}_{a20+}
        postmark POSTMARK_API_{h36}
        square sq0atp-{t22}
        square sq0csp-{t43}
        square sq0idp-{t22}
        square EAAA{t60}
        paypal access_token$production${l16}${h32}
        paypal access_token$sandbox${l16}${h32}
        adyen AQE{d60+} mixed
        razorpay rzp_live_{a14}
        razorpay rzp_test_{a14}
        paystack sk_{h40}
        flutterwave FLWSECK-{a32}-X
        flutterwave FLWSECK_TEST-{h12+}
        flutterwave FLWPUBK_TEST-{h32}-X
        flutterwave FLWPUBK-{h32}-X
        plaid access-sandbox-{h8}-{h4}-{h4}-{h4}-{h12}
        plaid access-development-{h8}-{h4}-{h4}-{h4}-{h12}
        plaid access-production-{h8}-{h4}-{h4}-{h4}-{h12}
        lob live_{h35}
        lob test_{h35}
        lob live_pub_{h31}
        lob test_pub_{h31}
        gocardless live_{d40}
        easypost EZAK{a54}
        easypost EZTK{a54}
        shippo shippo_live_{h40}
        shippo shippo_test_{h40}
        duffel duffel_live_{d43}
        duffel duffel_test_{d43}
        shopify shpat_{a32+}
        shopify shpca_{a32+}
        shopify shppa_{a32+}
        shopify shpss_{a32+}
        woocommerce ck_{h40}
        woocommerce cs_{h40}
        figma figd_{t36+}
        figma figo_{t36+}
        notion ntn_{n11}{a35}
        notion secret_{a43}
        airtable pat{a14}.{h64}
        asana {n1}/{n16}:{h32}
        typeform tfp_{d40+}
        hubspot pat-na1-{h8}-{h4}-{h4}-{h4}-{h12}
        hubspot pat-eu1-{h8}-{h4}-{h4}-{h4}-{h12}
        salesforce 00D{a12-15}!{d80+}
        intercom dG9rO{b50+}
        zapier hooks.zapier.com/hooks/catch/{n4+}/{a6+}
        grafana glc_{b32+} mixed
        grafana glsa_{a32}_{h8}
        grafana eyJrIjoi{b70+}
        new-relic NRAK-{U27}
        new-relic NRII-{t32}
        new-relic NRJS-{h19}
        new-relic NRRA-{h42}
        new-relic NRIQ-{t32}
        datadog ddapp_{a34+}
        datadog ddapi_{a34+}
        honeycomb hcaik_{l58}
        logfire pylf_v1_{a2}_{a40+}
        posthog phc_{a43}
        posthog phx_{a43}
        segment sgp_{a64} mixed
        rollbar post_server_item_{h32}
        opsgenie genie-{h8}-{h4}-{h4}-{h4}-{h12}
        pagerduty pdus+_0XBPWQQ_{h8}-{h4}-{h4}-{h4}-{h12}
        checkly cu_{h32}
        facebook EAAC{a60+}
        facebook EAAB{a60+}
        facebook EAAG{a60+}
        instagram IGQ{t80+}
        twitter AAAAAAAAAAAAAAAAAAAAA{d60+}
        dropbox sl.{t130+}
        dropbox sl.u.{t130+}
        twitch oauth:{l30}
        spotify BQ{t100+} mixed
        mapbox sk.eyJ{t60+}.{t20+}
        mapbox pk.eyJ{t60+}.{t20+}
        cloudinary cloudinary://{n10-20}:{t20+}@
        unkey unkey_{a20+} mixed
        frame-io fio-u-{t64}
        intra42 s-s4t2ud-{h64}
        intra42 s-s4t2af-{h64}
        authress sc_{l10}.{l4-6}.{a20+}
        beamer b_{b44} mixed
        defined-networking dnkey-{t26}-{t52}
        prismic MC5{t40+} mixed
        sidekiq BUNDLE_ENTERPRISE__CONTRIBSYS__COM={h8}:{h8}
        stytch secret-live-{t36}=
        stytch secret-test-{t36}=
        clerk sk_live_{a40+}
        workos sk_live_{a20+}
        nightfall NF-{a40+} mixed
        scalingo tk-us-{t48}
        """;

    private static readonly string[] Flags = [" mixed", " any", " apart"];

    /// <summary>Stripe's.</summary>
    public static KeyFormat[] Stripe { get; } = Read(StripeRows);

    /// <summary>Everybody else's.</summary>
    public static KeyFormat[] Others { get; } =
        [.. Read(ModelRows), .. Read(CloudRows), .. Read(CodeRows), .. Read(ServiceRows), .. Read(NewerVendors.Rows), .. Read(PasswordHashes.Rows)];

    private static KeyFormat[] Read(string rows) =>
    [
        .. rows.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(static row =>
        {
            // A pattern may hold a space, a vendor and flags may not.
            var vendor = row.IndexOf(' ', StringComparison.Ordinal);
            var flags = Flags.FirstOrDefault(flag => row.EndsWith(flag, StringComparison.Ordinal)) ?? "";
            return new KeyFormat(row[..vendor], row[(vendor + 1)..(row.Length - flags.Length)], flags);
        }),
    ];
}
