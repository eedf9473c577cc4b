import Logging
import Testing

@testable import TensorRT

@Suite(.enabled(if: DoubleLibrary.canBuild, Comment(rawValue: DoubleLibrary.cannotBuild)))
struct LogTests {
    @Test(arguments: DoubleKind.all)
    func messagesGoToTheLoggerWithTheirSeverities(_ kind: DoubleKind) throws {
        let double = try DoubleTensorRT(kind)
        let library = try double.library()
        _ = try TensorRTRuntime(library, driver: DoubleTensorRT.driver)
        for severity in [TensorRTLogSeverity.internalError, .error, .warning, .info, .verbose] {
            try double.say(severity, "said as \(severity)")
        }
        #expect(double.log.level(of: "said as internalError") == .critical)
        #expect(double.log.level(of: "said as error") == .error)
        #expect(double.log.level(of: "said as warning") == .warning)
        #expect(double.log.level(of: "said as info") == .debug)
        #expect(double.log.level(of: "said as verbose") == nil)
        withExtendedLifetime(library) {}
    }

    @Test func verboseMessagesAreMadeForThoseWhoReadThem() throws {
        let double = try DoubleTensorRT(.v10, logLevel: .trace)
        _ = try TensorRTRuntime(try double.library(), driver: DoubleTensorRT.driver)
        #expect(double.log.level(of: "double: started, verbosely") == .trace)
    }

    @Test func whoIsGoneHearsNothingMoreAndTheLibraryMayStillTalk() throws {
        let double = try DoubleTensorRT(.v11)
        _ = try TensorRTRuntime(try double.library(), driver: DoubleTensorRT.driver)
        let heard = double.log.messages.count
        #expect(heard > 0)
        // TensorRT keeps its logger until it is unloaded.
        try double.say(.error, "after everyone left")
        #expect(double.log.messages.count == heard)
    }

    @Test func anErrorCarriesTheMessagesOfItsOwnCallOnly() throws {
        let double = try DoubleTensorRT(.v10)
        let runtime = try TensorRTRuntime(try double.library(), driver: DoubleTensorRT.driver)
        try double.say(.error, "of long ago")
        let error = #expect(throws: TensorRTError.self) { try runtime.deserialize(Array("garbage".utf8)) }
        #expect(error?.log.map(\.message) == ["double: Serialization assertion magicTag failed"])
    }
}
