import EngineStore
import Foundation
import Signatures
import Testing
import engine_store_probe

@Suite struct EngineTrustTests {
    private let key: SigningKey
    private let manifest: EngineManifest

    init() throws {
        key = try SigningKey()
        manifest = ExampleEngine.manifest(try ExampleEngine.name(), plan: ExampleEngine.plan(count: 100))
    }

    private var strict: EngineTrust { EngineTrust(requiresSignature: true, keys: [key.verificationKey]) }

    private func refusal(_ manifest: EngineManifest, by trust: EngineTrust) throws -> EngineStoreError.Code? {
        do throws(EngineStoreError) {
            try trust.check(manifest, at: "here")
            return nil
        } catch {
            return error.code
        }
    }

    @Test func aRightSignatureIsTaken() throws {
        #expect(try refusal(manifest.signed(by: key), by: strict) == nil)
        #expect(try refusal(manifest.signed(by: key), by: .anyone) == nil)
    }

    @Test func aSignatureSurvivesTheFile() throws {
        let file = try manifest.signed(by: key).json()
        #expect(try refusal(EngineManifest(json: file, location: "x"), by: strict) == nil)
    }

    @Test func nobodysEngineIsTakenOnlyWhereThatIsAllowed() throws {
        #expect(try refusal(manifest, by: .anyone) == nil)
        #expect(try refusal(manifest, by: strict) == .unsigned)
    }

    @Test func aStrangersEngineIsRefused() throws {
        #expect(try refusal(manifest.signed(by: SigningKey()), by: strict) == .untrustedSigner)
        #expect(try refusal(manifest.signed(by: SigningKey()), by: .anyone) == nil)
    }

    @Test func everyFieldIsUnderTheSignature() throws {
        let signed = try manifest.signed(by: key)
        let changes: [(inout EngineManifest) -> Void] = [
            { $0.plan.sha256 = ExampleEngine.onnx }, { $0.plan.bytes += 1 }, { $0.model.name = "other" },
            { $0.model.license = "MIT" }, { $0.precision = .fp32 }, { $0.embeddingWidth = 128 },
            { $0.batch.streams = 2 }, { $0.toolVersion = "9" }, { $0.builtOn.sm = 90 },
            { $0.preprocessing.scale = 128 }, { $0.builder.versionCompatible = true },
            { $0.created = UTCTime(seconds: 1) }, { $0.calibration = ExampleEngine.onnx },
        ]
        for change in changes {
            var altered = signed
            change(&altered)
            #expect(try refusal(altered, by: .anyone) == .signatureInvalid)
        }
    }

    @Test func aSignatureOfAnotherSchemeOrShapeIsRefused() throws {
        let changes: [(inout EngineSignature) -> Void] = [
            { $0.algorithm = "rsa" }, { $0.publicKey = "" }, { $0.value = "" }, { $0.value += "=" },
            { $0.publicKey = String(repeating: "A", count: 44) },
        ]
        for change in changes {
            var altered = try manifest.signed(by: key)
            if var signature = altered.signature {
                change(&signature)
                altered.signature = signature
            }
            #expect(try refusal(altered, by: .anyone) == .signatureInvalid)
        }
    }

    @Test func nothingUntrustedIsFoundListedVerifiedOrLoaded() throws {
        let folder = try TemporaryFolder()
        let name = try ExampleEngine.name()
        let stored = try folder.put(name, plan: ExampleEngine.plan(count: 100))
        let engines = EngineFolder(path: folder.path, trust: strict)
        #expect(try engines.find(ExampleEngine.key(name)).miss?.description.contains("nobody signed") == true)
        #expect(throws: EngineStoreError.self) { try engines.engine(named: name) }
        #expect(throws: EngineStoreError.self) { try engines.load(stored) }
        #expect(throws: EngineStoreError.self) { try engines.verify(stored) }
        #expect(throws: EngineStoreError.self) { try EngineFolder.engine(at: stored.planPath, trust: strict) }
        let lock = try engines.lock(name)
        _ = try engines.replaceManifest(with: stored.manifest.signed(by: key), holding: lock)
        #expect(try engines.load(engines.engine(named: name)).plan.count == 100)
    }
}
