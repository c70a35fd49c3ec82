using System.Text;
using LlmGuard.Scanning.Entities.NationalIds;
using LlmGuard.Scanning.Entities.Numbers;

namespace LlmGuard.Scanning.Tests.Quality;

/// <summary>Numbers that others say are valid, or have a wrong check digit, are judged the same here.</summary>
public sealed class NationalIdQualityTests
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["ar.cuit"] = "Argentina CUIT", ["at.vnr"] = "Austria SVNR", ["au.abn"] = "Australia ABN", ["au.acn"] = "Australia ACN", ["au.tfn"] =
            "Australia TFN", ["be.nn"] = "Belgium national number", ["bg.egn"] = "Bulgaria EGN",
        ["ca.sin"] = "Canada SIN", ["ch.ssn"] = "Switzerland AHV", ["cn.ric"] = "China resident identity", ["co.nit"] = "Colombia NIT", ["cz.rc"] =
            "Czechia and Slovakia birth number", ["sk.rc"] = "Czechia and Slovakia birth number",
        ["de.idnr"] = "Germany tax id", ["dk.cpr"] = "Denmark CPR", ["do.cedula"] = "Dominican Republic cedula", ["ec.ci"] = "Ecuador cedula",
            ["ee.ik"] = "Estonia and Lithuania personal code", ["lt.asmens"] = "Estonia and Lithuania personal code",
        ["fi.hetu"] = "Finland HETU", ["gb.nhs"] = "United Kingdom NHS number", ["gr.amka"] = "Greece AMKA", ["gr.vat"] = "Greece AFM", ["hr.oib"] =
            "Croatia OIB", ["hu.anum"] = "-", ["ie.pps"] = "Ireland PPS", ["il.idnr"] = "Israel id",
        ["in_.aadhaar"] = "India Aadhaar", ["in_.pan"] = "India PAN", ["in_.gstin"] = "India GSTIN", ["is_.kennitala"] = "Iceland kennitala",
            ["jp.in_"] = "Japan My Number", ["kr.rrn"] = "Korea resident number", ["kr.brn"] = "Korea business number",
        ["lv.pvn"] = "Latvia personal code", ["nl.bsn"] = "Netherlands BSN", ["no.fodselsnummer"] = "Norway birth number", ["nz.ird"] =
            "New Zealand IRD", ["pl.nip"] = "Poland NIP", ["pl.pesel"] = "Poland PESEL", ["pl.regon"] = "Poland REGON",
        ["pt.nif"] = "Portugal NIF", ["ro.cnp"] = "Romania CNP", ["ru.inn"] = "Russia INN", ["rs.jmbg"] = "Serbia and neighbours JMBG", ["si.emso"] =
            "Serbia and neighbours JMBG", ["se.personnummer"] = "Sweden personal number",
        ["se.orgnr"] = "Sweden organisation number", ["th.pin"] = "Thailand identity card", ["tr.tckimlik"] = "Türkiye identity number",
            ["ua.rntrc"] = "Ukraine RNOKPP", ["us.itin"] = "United States ITIN", ["uy.ci"] = "Uruguay cedula",
        ["ve.rif"] = "Venezuela RIF", ["za.idnr"] = "South Africa id", ["pe.ruc"] = "Peru RUC", ["fr.siren"] = "France SIREN", ["fr.siret"] =
            "France SIRET", ["it.iva"] = "Italy VAT", ["id.nik"] = "Indonesia NIK", ["pk.cnic"] = "Pakistan CNIC",
        ["CA_SIN"] = "Canada SIN", ["DE_TAX_ID"] = "Germany tax id", ["DE_SOCIAL_SECURITY"] = "Germany pension insurance",
            ["FI_PERSONAL_IDENTITY_CODE"] = "Finland HETU", ["IN_AADHAAR"] = "India Aadhaar", ["IN_GSTIN"] = "India GSTIN",
        ["KR_RRN"] = "Korea resident number", ["SE_PERSONNUMMER"] = "Sweden personal number", ["SG_NRIC_FIN"] = "Singapore NRIC", ["TH_TNIN"] =
            "Thailand identity card", ["TR_NATIONAL_ID"] = "Türkiye identity number",
        ["US_NPI"] = "United States NPI", ["ZA_ID_NUMBER"] = "South Africa id", ["UK_NHS"] = "United Kingdom NHS number", ["AU_TFN"] =
            "Australia TFN", ["AU_ABN"] = "Australia ABN", ["AU_ACN"] = "Australia ACN", ["AU_MEDICARE"] = "Australia Medicare",
        ["PL_PESEL"] = "Poland PESEL", ["SE_ORGANISATIONSNUMMER"] = "Sweden organisation number", ["KR_BRN"] = "Korea business number", ["UK_NINO"] =
            "United Kingdom national insurance",
    };

    [TestCase("pii/stdnum_doctests", 0.75)]
    [TestCase("pii/presidio_recognizer_tests", 0.75)]
    public void Judge_NumbersOfOthers_AgreesWithThem(string file, double least)
    {
        Corpus.AssumePresent();
        var tally = new Tally();
        foreach (var row in Corpus.Read(file).Where(row => Names.ContainsKey(row.Category)))
        {
            if (NationalIdFormats.All.FirstOrDefault(f => f.Name == Names[row.Category]) is not { } format)
            {
                continue;
            }

            var isFound = Scans.Spans(new ScanPlan([new ScanRule.Entity(new NumberDetector(format))]), Encoding.UTF8.GetBytes(row.Text)).Count > 0;
            tally.Count(row.IsPositive, isFound);
            if (isFound != row.IsPositive)
            {
                TestContext.Out.WriteLine($"{row.Category} {row.IsPositive}: {row.Text}");
            }
        }

        TestContext.Out.WriteLine(tally.Row(file));
        Assert.That(tally.F1, Is.GreaterThanOrEqualTo(least));
    }
}
