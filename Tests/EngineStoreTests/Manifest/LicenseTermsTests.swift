import EngineStore
import Testing

@Suite struct LicenseTermsTests {
    @Test(arguments: [
        "CC-BY-NC-4.0", "cc-by-nc-sa-4.0", "Non-Commercial research only", "noncommercial", "for non commercial use",
        "InsightFace: research only", "academic use",
    ])
    func theseAreNotForCommercialUse(_ license: String) {
        #expect(LicenseTerms.isNonCommercial(license))
    }

    @Test(arguments: ["Apache-2.0", "MIT", "CC-BY-4.0", "proprietary", "Once more", "BSD-3-Clause"])
    func theseSayNoSuchThing(_ license: String) {
        #expect(!LicenseTerms.isNonCommercial(license))
    }

    @Test func aLicenceIsOneLineOfText() {
        #expect(LicenseTerms.isText("Apache-2.0"))
        for text in ["", "a\nb", "a\u{7}", String(repeating: "x", count: 201)] { #expect(!LicenseTerms.isText(text)) }
    }
}
