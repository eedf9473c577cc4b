import Foundation
import Testing

@testable import NativeLibraries

struct LibrarySearchTests {
    private func search(path: String? = nil) -> LibrarySearch {
        LibrarySearch(
            name: "Thing", explicitPath: path, explicitSource: "thing.path", environmentVariable: "THING_LIBRARY",
            fileNames: ["libthing-not-anywhere.so.1", "libthing-not-anywhere.so"], pipFolders: ["thing/libs"],
            mend: "install thing")
    }

    private func surroundings(_ folder: TemporaryFolder, _ environment: [String: String] = [:]) -> SearchSurroundings {
        SearchSurroundings(
            environment: environment, workingFolder: folder.path, executableFolder: folder.path + "/bin",
            systemPrefixes: [folder.path + "/usr"])
    }

    @Test func aWheelIsFoundInEveryPlaceThatPipInstallsInto() throws {
        for place in [
            ".deps/files", ".deps/venv/lib/python3.11/site-packages", "active/lib/python3.12/site-packages",
            "opt/python/lib/python3.9/site-packages", "home/.local/lib/python3.11/site-packages",
            "usr/lib/python3/dist-packages", "usr/lib64/python3.10/site-packages",
            "pyenv/versions/3.11.7/lib/python3.11/site-packages",
        ] {
            let folder = try TemporaryFolder()
            let file = try folder.write("", to: place + "/thing/libs/libthing-not-anywhere.so.1.2.3")
            try folder.write("", to: "opt/python/bin/python3")
            try folder.write("", to: "pyenv/shims/python3")
            let surroundings = surroundings(
                folder,
                [
                    "VIRTUAL_ENV": folder.path + "/active", "HOME": folder.path + "/home",
                    "PATH": "/nowhere:\(folder.path)/pyenv/shims:\(folder.path)/opt/python/bin",
                ])
            let found = search().candidates(in: surroundings).filter { $0.status == .exists }
            #expect(found == [LibraryCandidate(origin: .pip, path: file, status: .exists)], "\(place)")
        }
    }

    @Test func placesComeInTheOrderOfTheSearch() throws {
        let folder = try TemporaryFolder()
        try folder.write("", to: "lib/libthing-not-anywhere.so")
        try folder.write("", to: ".deps/files/thing/libs/libthing-not-anywhere.so.1")
        try folder.write("", to: "usr/lib/python3/dist-packages/thing/libs/libthing-not-anywhere.so.1")
        try folder.write("", to: "bin/placeholder")
        let origins = search().candidates(in: surroundings(folder)).map(\.origin)
        #expect(origins == [.loader, .loader, .besideExecutable, .pip, .pip])
    }

    @Test func newerPythonsAndLibrariesComeFirst() throws {
        let folder = try TemporaryFolder()
        for python in ["python3.9", "python3.13", "python3.10"] {
            try folder.write("", to: "usr/lib/\(python)/site-packages/thing/libs/libthing-not-anywhere.so.1.9.0")
        }
        try folder.write("", to: "usr/lib/python3.13/site-packages/thing/libs/libthing-not-anywhere.so.1.32.0")
        try folder.write("", to: "usr/lib/python3.13/site-packages/thing/libs/libthing-not-anywhere.so.1.backup")
        let found = search().candidates(in: surroundings(folder)).filter { $0.status == .exists }
        #expect(
            found.map { $0.path.split(separator: "/").suffix(5).joined(separator: "/") }
                == [("13", "32"), ("13", "9"), ("10", "9"), ("9", "9")].map {
                    "python3.\($0.0)/site-packages/thing/libs/libthing-not-anywhere.so.1.\($0.1).0"
                })
    }

    @Test func aGivenPathIsTheOnlyPlace() throws {
        let folder = try TemporaryFolder()
        try folder.write("", to: ".deps/files/thing/libs/libthing-not-anywhere.so")
        let surroundings = surroundings(folder, ["THING_LIBRARY": "/from/environment.so"])
        #expect(
            search(path: "/from/config.so").candidates(in: surroundings)
                == [.init(origin: .given(source: "thing.path"), path: "/from/config.so", status: .missing)])
        let fromEnvironment = #expect(throws: NativeLibraryError.self) { try search().open(in: surroundings) }
        #expect(
            fromEnvironment?.code
                == .explicitPathUnusable(source: "the environment variable THING_LIBRARY"))
        #expect(fromEnvironment?.attempts.map(\.place) == ["/from/environment.so"])
    }

    @Test func aGivenFolderMustHoldTheLibrary() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: NativeLibraryError.self) {
            try search(path: folder.path).open(in: surroundings(folder))
        }
        #expect(error?.description.contains("a folder without libthing-not-anywhere.so.1 or libthing") == true)
        #expect(search(path: folder.path).candidates(in: surroundings(folder)).map(\.status) == [.missing])
        let file = try folder.write("", to: "libthing-not-anywhere.so.1")
        #expect(
            search(path: folder.path).candidates(in: surroundings(folder))
                == [.init(origin: .given(source: "thing.path"), path: file, status: .exists)])
    }

    @Test func whatIsFoundNowhereIsReportedWithEveryPlace() throws {
        let folder = try TemporaryFolder()
        let broken = try folder.write("no library", to: ".deps/files/thing/libs/libthing-not-anywhere.so")
        let error = try #require(
            #expect(throws: NativeLibraryError.self) { try search().open(in: surroundings(folder)) })
        #expect(error.code == .notFound)
        #expect(
            error.attempts.map(\.place)
                == [
                    "libthing-not-anywhere.so.1", "libthing-not-anywhere.so", folder.path + "/bin/../lib", broken,
                ])
        #expect(error.attempts.allSatisfy { !$0.outcome.isEmpty && !$0.outcome.hasPrefix($0.place) })
        #expect(error.description.hasSuffix("; install thing"))
    }

    @Test func aLibraryTellsItsRealPathAndItsSymbols() throws {
        let library = try NativeLibrary(opening: "libc.so.6")
        #expect(FileManager.default.fileExists(atPath: library.path) && library.path.hasPrefix("/"))
        _ = try library.symbol("strlen")
        let error = #expect(throws: NativeLibraryError.self) { try library.symbol("no_such_symbol_here") }
        #expect(error?.code == .symbolMissing("no_such_symbol_here"))
    }
}
