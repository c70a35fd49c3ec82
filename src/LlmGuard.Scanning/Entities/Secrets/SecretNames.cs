using System.Collections.Frozen;

namespace LlmGuard.Scanning.Entities.Secrets;

/// <summary>Tells by the words of a name (<c>DB_PASSWORD</c>, <c>stripeApiKey</c>, <c>x-auth-token</c>) whether it names a secret.</summary>
internal static class SecretNames
{
    // Words that end a name which only speaks about a secret.
    private const string About =
        "id ids uuid guid name names url uri urls endpoint host hostname path paths file files filename dir folder type types size length len "
        + "count counts version versions expires expiry expiration expire ttl timeout format prefix suffix algorithm alg index field fields "
        + "column columns label title text description hint policy min max limit region arn ref reference store storage vault usage issuer "
        + "audience error errors message placeholder regex pattern checksum sha md digest integrity fingerprint header headers param params "
        + "parameter env var variable variables selector event press enabled disabled required valid validator provider manager service class "
        + "method function func handler callback factory builder generator rotation strength complexity attempts reset change forgot status "
        + "state mode kind source location owner user username email date time at needed chars charset alphabet table map list array set "
        + "resolved tag rev revision branch build image code codes down up code strategy option options config mgr settings schema property "
        + "properties encryption encoding encoder hasher hashing input output model models tokenizer iterator kwargs args cookie_name resource "
        + "scope scopes group";

    // Words that make a whole name harmless wherever they stand.
    private const string Harmless =
        "public pub pubkey publickey csrf xsrf keyword keywords keyboard primary foreign sort partition sequence bucket idempotency cache i18n "
        + "translation keyframe keyframes keypress monkey donkey turkey author authors authority accessor accessibility encrypted hashed masked "
        + "redacted selector keychain site recaptcha invalid expired missing wrong incorrect tokenizer tokenize tokens max keystore keytab "
        + "keymap keycode hotkey shortcut row object dict surrogate composite unique host known api_version checksum chksum srcrev palabra hash "
        + "hashes sha sha1 sha256 sha384 sha512 md5 integrity digest etag fingerprint thumbprint";

    private const string Passwords =
        "password passwords passwd passphrase pwd passcode passwort kennwort contrasena contrasenya senha motdepasse mdp pass pw psw pswd passw "
        + "pasword wachtwoord haslo parola sifre salasana losenord adgangskode heslo jelszo userpass dbpass psk wpapsk requirepass bindpw "
        + "rootpw passe clave storepass keypass srcstorepass deststorepass";

    private const string Tokens =
        "token jwt authtoken accesstoken refreshtoken apitoken bearer pat authorization credential credentials creds cred sessionid "
        + "sessiontoken oauth authkey xoxb usertoken bottoken phpsessid jsessionid sessid";

    private const string Keys =
        "apikey apikeys apisecret secret secrets secretkey clientsecret appsecret privatekey accesskey secretaccesskey accountkey sharedkey "
        + "masterkey privkey signingkey encryptionkey sas appkey authsecret";

    // What stands before "key" when it opens something.
    private const string KeyOwners =
        "api access secret private auth encryption signing signature account master service consumer subscription ssh shared storage app "
        + "application client admin root server master webhook license integration deploy write ingest insert instrumentation hmac aes crypto "
        + "security primary secondary function functions host connection project wpa wifi wlan prod production staging live sandbox";

    private const string Weak =
        "key keys auth authentication session cookie salt seed signature sig webhook dsn login x cert certificate otp pin nonce sid encrypt";

    private static readonly FrozenDictionary<string, WordUse> Uses = Read();

    private static readonly FrozenDictionary<string, WordUse>.AlternateLookup<ReadOnlySpan<char>> UsesOf =
        Uses.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly string[] Suffixes = ["password", "passwd", "passphrase", "apikey", "secretkey", "secret", "token"];

    private const string Vendors =
        "adafruit adobe adyen airtable akamai algolia alibaba alchemy amplitude anthropic appsflyer artifactory asana atlassian aws azure "
        + "beamer bitbucket bitly bittrex bitfinex binance branch braintree bugsnag buildkite calendly checkout chatbot circle circleci "
        + "clearbit clickhouse clickup clojars cloudflare cloudinary codacy codeclimate codecov cohere coinbase confluent contentful coveralls "
        + "datadog databricks deepgram deepl deepseek digitalocean discord dockerhub docusign doppler droneci dropbox duffel dynatrace easypost "
        + "elastic etsy etherscan facebook fastly figma finicity finnhub firebase flickr flutterwave foursquare freshbooks freshdesk gcp gemini "
        + "ghost gitea github gitlab gitter giphy gocardless grafana groq hashicorp helpscout heroku hubspot huggingface infracost infura "
        + "instagram intercom ipinfo ipstack jenkins jfrog jira jumpcloud kagi keen klaviyo kraken kubernetes kucoin launchdarkly line linear "
        + "linkedin lob logdna looker mailchimp mailgun mailjet mailgun mapbox mattermost maxmind messagebird mistral mixpanel moralis nasdaq "
        + "netlify newrelic nexmo ngrok notion npm nytimes okta onesignal openai opencage openweather opsgenie optimizely pagerduty papertrail "
        + "paypal paystack pendo perplexity pinecone pingdom pipedrive plaid planetscale polygon postman postmark privateai pulumi pusher "
        + "quandl rapidapi razorpay readme recurly redis replicate rollbar rubygems salesforce sauce scaleway segment sendbird sendgrid "
        + "sendinblue sentry shippo shodan shopify sidekiq sightengine slack snyk sonar sonarqube sourcegraph splunk spotify square squarespace "
        + "stackhawk statuspage strava stripe stytch supabase surge tableau teamcity telegram tencent terraform tiingo todoist tomtom travis "
        + "travisci trello twilio twitch twitter typeform unsplash uploadcare upcloud vercel virustotal vonage wakatime weatherstack webex "
        + "wistia woocommerce wordpress yandex yelp youtube zapier zendesk zenhub zoho zoom";

    /// <summary>Vendors whose credentials are told by the vendor's name beside a random string.</summary>
    public static int VendorCount => Uses.Count(u => u.Value.HasFlag(WordUse.Vendor));

    private static readonly SecretNameHints Hints = new(
    [
        .. Uses.Where(static u =>
            (u.Value & (WordUse.Password | WordUse.Token | WordUse.Key | WordUse.Weak | WordUse.Vendor)) != 0).Select(static u => u.Key),
        "phrase", "word", "key", "keys", "value", "default",
    ], Suffixes);

    /// <summary>Whether <see cref="KindOf"/> may say anything of the name that ends before an offset.</summary>
    public static bool MayName(ReadOnlySpan<byte> text, int at) => Hints.MayName(text, at);

    /// <summary>What a name says.</summary>
    /// <param name="name">The name as it stands in the text, with whatever is between its words.</param>
    public static SecretKind KindOf(ReadOnlySpan<byte> name)
    {
        Span<char> letters = stackalloc char[96];
        Span<Range> words = stackalloc Range[24];
        var count = Split(name, letters, words);
        var kind = SecretKind.None;
        var (about, isVendors) = (false, false);

        // "h1:" and the like stand before checksums.
        if (count > 0 && letters[words[count - 1]] is "h")
        {
            return SecretKind.None;
        }

        var previous = WordUse.None;
        for (var i = 0; i < count; i++)
        {
            ReadOnlySpan<char> word = letters[words[i]];
            UsesOf.TryGetValue(word, out var use);
            if (word is "non" or "not" && IsOneName(name))
            {
                return SecretKind.None;
            }

            if (use.HasFlag(WordUse.Harmless) && !(i + 1 < count && letters[words[i + 1]] is "password"))
            {
                return SecretKind.None;
            }

            var found = KindOfWord(word, use, previous, i > 0 ? letters[words[i - 1]] : default);
            isVendors |= previous.HasFlag(WordUse.Vendor) && use.HasFlag(WordUse.Weak);
            previous = use;
            if (found != SecretKind.None && (kind is SecretKind.None or SecretKind.Weak || found is SecretKind.Password))
            {
                kind = found == SecretKind.Weak && kind != SecretKind.None ? kind : found;
                about = false;
            }
            else if (kind != SecretKind.None && use.HasFlag(WordUse.About))
            {
                about = true;
            }
        }

        if (about && !IsAccessKeyId(letters, words[..count]) && !IsSessionId(letters, words[..count]))
        {
            return SecretKind.None;
        }

        // "sonar.login", "github_auth": the name of a vendor directly before a word for what lets in.
        return kind == SecretKind.Weak && isVendors ? SecretKind.Key : kind;
    }

    // "notAToken" denies what it names, "do not share the password" does not.
    private static bool IsOneName(ReadOnlySpan<byte> name) => !name.Trim(" \t\"':=?|+"u8).ContainsAny((byte)' ', (byte)'\t');

    private static bool IsAccessKeyId(ReadOnlySpan<char> letters, ReadOnlySpan<Range> words) =>
        words.Length >= 3 && letters[words[^1]] is "id" && letters[words[^2]] is "key" && letters[words[^3]] is "access";

    private static bool IsSessionId(ReadOnlySpan<char> letters, ReadOnlySpan<Range> words) =>
        words.Length >= 2 && letters[words[^1]] is "id" && letters[words[^2]] is "session";

    private static SecretKind KindOfWord(ReadOnlySpan<char> word, WordUse use, WordUse before, ReadOnlySpan<char> previous)
    {
        if (use.HasFlag(WordUse.Password) || (word is "phrase" or "word" && previous is "pass"))
        {
            return SecretKind.Password;
        }

        if (use.HasFlag(WordUse.Token))
        {
            return word is "token" && IsPlaceInList(previous) ? SecretKind.None : SecretKind.Token;
        }

        if (use.HasFlag(WordUse.Key) || (word is "key" or "keys" && before.HasFlag(WordUse.KeyOwner)))
        {
            return SecretKind.Key;
        }

        if (word.Length > 5 && word[^1] is 'd' or 'e' or 'y' or 't' or 'n')
        {
            foreach (var suffix in Suffixes)
            {
                if (word.Length > suffix.Length && word.EndsWith(suffix, StringComparison.Ordinal))
                {
                    return suffix[0] == 'p' ? SecretKind.Password : suffix[0] == 't' ? SecretKind.Token : SecretKind.Key;
                }
            }
        }

        return (use & (WordUse.Weak | WordUse.Vendor)) != 0 ? SecretKind.Weak : SecretKind.None;
    }

    // "nextToken", "--starting-token": where to go on in a list, or which state of something was seen.
    private static bool IsPlaceInList(ReadOnlySpan<char> owner) =>
        owner is "next" or "page" or "continuation" or "starting" or "pagination" or "cursor" or "sync" or "lock" or "change" or "lifecycle";

    // Words are parted by anything that is no letter, by a capital after a small letter, and by the last capital of a row before a small letter.
    private static int Split(ReadOnlySpan<byte> name, Span<char> letters, Span<Range> words)
    {
        var (count, length, start) = (0, 0, 0);
        for (var i = 0; i <= name.Length && count < words.Length; i++)
        {
            var b = i < name.Length ? name[i] : -1;
            var isLetter = AsciiByte.IsLetter(b);
            var startsWord = isLetter && i > 0 && AsciiByte.IsUpper(b)
                && (AsciiByte.IsLower(name[i - 1]) || (AsciiByte.IsUpper(name[i - 1]) && i + 1 < name.Length && AsciiByte.IsLower(name[i + 1])));
            if ((!isLetter || startsWord) && length > start)
            {
                words[count++] = start..length;
                start = length;
            }

            if (isLetter && length < letters.Length)
            {
                letters[length++] = (char)(b | 0x20);
            }
        }

        return count;
    }

    private static FrozenDictionary<string, WordUse> Read()
    {
        var uses = new Dictionary<string, WordUse>(StringComparer.Ordinal);
        foreach (var (words, use) in new[]
        {
            (About, WordUse.About), (Harmless, WordUse.Harmless), (Passwords, WordUse.Password), (Tokens, WordUse.Token), (Keys, WordUse.Key),
                (KeyOwners, WordUse.KeyOwner), (Weak, WordUse.Weak),
            (Vendors, WordUse.Vendor),
        })
        {
            foreach (var word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                uses[word] = uses.GetValueOrDefault(word) | use;
            }
        }

        return uses.ToFrozenDictionary(StringComparer.Ordinal);
    }

    [Flags]
    private enum WordUse
    {
        None = 0,
        About = 1,
        Harmless = 2,
        Password = 4,
        Token = 8,
        Key = 16,
        KeyOwner = 32,
        Weak = 64,
        Vendor = 128,
    }
}
