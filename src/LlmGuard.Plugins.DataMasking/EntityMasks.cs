using System.Collections.Frozen;

namespace LlmGuard.Plugins.DataMasking;

/// <summary>The entities a policy can name and what each is masked with by default.</summary>
internal static class EntityMasks
{
    private static readonly FrozenDictionary<string, string> Defaults = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["password"] = "[MASKED_PASSWORD]",
        ["api_key"] = "[MASKED_API_KEY]",
        ["access_token"] = "[MASKED_TOKEN]",
        ["email"] = "[MASKED_EMAIL]",
        ["uuid"] = "[MASKED_UUID]",
        ["jwt_token"] = "[MASKED_JWT_TOKEN]",
        ["crypto_wallet"] = "[MASKED_WALLET]",
        ["stripe_key"] = "[MASKED_API_KEY]",
        ["ip_address"] = "[MASKED_IP]",
        ["ip6_address"] = "[MASKED_IP6]",
        ["mac_address"] = "[MASKED_MAC]",
        ["device_mac"] = "[MASKED_MAC]",
        ["italian_cf"] = "[MASKED_IT_CF]",
        ["mexican_curp"] = "[MASKED_MX_CURP]",
        ["french_nir"] = "[MASKED_FR_NIR]",
        ["cvv"] = "[MASKED_CVV]",
        ["spanish_iban"] = "[MASKED_ES_IBAN]",
        ["iban"] = "[MASKED_IBAN]",
        ["us_medicare"] = "[MASKED_MEDICARE]",
        ["ssn"] = "[MASKED_SSN]",
        ["brazilian_cnpj"] = "[MASKED_BR_CNPJ]",
        ["brazilian_cpf"] = "[MASKED_BR_CPF]",
        ["credit_card"] = "[MASKED_CC]",
        ["spanish_dni"] = "[MASKED_DNI]",
        ["spanish_nie"] = "[MASKED_NIE]",
        ["spanish_cif"] = "[MASKED_CIF]",
        ["spanish_nss"] = "[MASKED_NSS]",
        ["spanish_phone"] = "[MASKED_ES_PHONE]",
        ["german_id"] = "[MASKED_DE_ID]",
        ["mexican_rfc"] = "[MASKED_MX_RFC]",
        ["chilean_rut"] = "[MASKED_CL_RUT]",
        ["date"] = "[MASKED_DATE]",
        ["swift_bic"] = "[MASKED_BIC]",
        ["address"] = "[MASKED_ADDRESS]",
        ["device_imei"] = "[MASKED_IMEI]",
        ["bank_account"] = "[MASKED_ACCOUNT]",
        ["colombian_cc"] = "[MASKED_CO_CC]",
        ["tax_id"] = "[MASKED_TAX_ID]",
        ["routing_number"] = "[MASKED_ROUTING]",
        ["peruvian_dni"] = "[MASKED_PE_DNI]",
        ["argentine_dni"] = "[MASKED_AR_DNI]",
        ["zip_code"] = "[MASKED_ZIP]",
        ["phone_number"] = "[MASKED_PHONE]",
        ["vehicle_vin"] = "[MASKED_VIN]",
        ["passport"] = "[MASKED_PASSPORT]",
        ["drivers_license"] = "[MASKED_LICENSE]",
        ["isin"] = "[MASKED_ISIN]",
        ["two_factor"] = "[MASKED_2FA]",
        ["national_id"] = "[MASKED_NATIONAL_ID]",
        ["date_of_birth"] = "[MASKED_BIRTH_DATE]",
        ["license_plate"] = "[MASKED_PLATE]",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The default mask of an entity, or null when no entity has that id.</summary>
    public static string? Find(string entity) => Defaults.GetValueOrDefault(entity);
}
