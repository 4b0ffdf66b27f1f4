// swift-tools-version: 6.2
import PackageDescription

// Every target is built under the same rules: language mode 6, strict memory safety, explicit
// imports, and no warning that is left standing.
let rules: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

/// A module of ours: it may import the floors below it, never one beside or above it.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: rules)
}

/// The tests of one module.
func tests(_ name: String, _ dependencies: [Target.Dependency], data: [String] = []) -> Target {
  .testTarget(name: name, dependencies: dependencies, exclude: data, swiftSettings: rules)
}

/// One of Debian's C libraries: a module map and a shim.h, imported by one module only.
func library(_ name: String, pkgConfig: String? = nil, package: String? = nil) -> Target {
  .systemLibrary(
    name: name, pkgConfig: pkgConfig, providers: package.map { [.apt([$0])] })
}

let package = Package(
  name: "petrel",
  products: [.executable(name: "petrel", targets: ["petrel"])],
  dependencies: [
    // Saves us the parsing of arguments, `--help`, suggestions and completion scripts of some forty
    // commands; it brings FoundationEssentials with it, which is why that (and no more) may be used.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    // Floor 0: the C libraries.
    library("CMicroHTTPD", pkgConfig: "libmicrohttpd", package: "libmicrohttpd-dev"),
    library("CLMDB", pkgConfig: "lmdb", package: "liblmdb-dev"),
    library("COpenSSL", pkgConfig: "libcrypto", package: "libssl-dev"),
    library("CCurl", pkgConfig: "libcurl", package: "libcurl4-openssl-dev"),
    library("CYAML", pkgConfig: "yaml-0.1", package: "libyaml-dev"),
    library("CZlib", pkgConfig: "zlib", package: "zlib1g-dev"),
    library("CLinux"),
    // The child that runs scripts. Lua's archive, not its shared object: the binary needs nothing more at run time.
    .target(name: "CLua", linkerSettings: [.linkedLibrary(":liblua5.4.a"), .linkedLibrary("m")]),

    // Floor 1: nouns, values and expressions. Pure: no I/O, no clock.
    module("RelayModel"),
    module("RelayDocuments", ["RelayModel", "CYAML"]),
    module("RelayExpressions", ["RelayModel", "RelayDocuments", "RelayCrypto"]),

    // Floor 2: the owners of a C library each, and of the kernel's threads.
    module("RelayThreads", ["CLinux"]),
    module("RelayCrypto", ["RelayModel", "COpenSSL"]),
    module("RelayStore", ["RelayModel", "RelayThreads", "RelayDocuments", "CLMDB", "CLinux"]),
    module("RelayHTTP", ["RelayModel", "RelayThreads", "RelayDocuments", "CMicroHTTPD", "CCurl", "CLinux"]),

    module("RelaySandbox", ["RelayModel", "RelayThreads", "RelayDocuments", "CLua", "CLinux"]),

    // Floor 3: what we know of providers, workflows and applications.
    .target(name: "CPresets"),
    module(
      "RelaySignatures", ["RelayModel", "RelayDocuments", "RelayCrypto", "CPresets"]),
    module(
      "RelayWorkflow",
      ["RelayModel", "RelayDocuments", "RelayExpressions", "RelayCrypto", "RelayHTTP", "RelaySandbox"]),

    // Floor 4: the stages. They meet only in the store.
    module(
      "RelayIngress",
      [
        "RelayModel", "RelayThreads", "RelayDocuments", "RelayExpressions", "RelayCrypto", "RelayStore",
        "RelayHTTP",
        "RelaySignatures", "RelayWorkflow",
      ]),
    module(
      "RelayEngine",
      [
        "RelayModel", "RelayThreads", "RelayDocuments", "RelayExpressions", "RelayCrypto", "RelayStore",
        "RelayHTTP", "RelaySandbox",
        "RelaySignatures", "RelayWorkflow",
      ]),
    module(
      "RelayUpstream",
      ["RelayModel", "RelayThreads", "RelayDocuments", "RelayCrypto", "RelayStore", "RelayHTTP", "CZlib"]),
    module(
      "RelayAdmin",
      [
        "RelayModel", "RelayThreads", "RelayDocuments", "RelayCrypto", "RelayStore", "RelayHTTP",
        "RelaySignatures",
        "RelayWorkflow",
      ]),

    // Floor 5: reads the configuration, wires the stages, owns start, reload and drain.
    module(
      "RelayService",
      [
        "RelayModel", "RelayThreads", "RelayDocuments", "RelayExpressions", "RelayCrypto", "RelayStore",
        "RelayHTTP",
        "RelaySignatures", "RelayWorkflow", "RelayIngress", "RelayEngine", "RelayUpstream",
        "RelayAdmin", "RelaySandbox", "CLinux",
      ]),

    // Floor 6: the command line.
    .executableTarget(
      name: "petrel",
      dependencies: [
        "RelayModel", "RelayDocuments", "RelayExpressions", "RelayCrypto", "RelayStore", "RelayHTTP",
        "RelaySignatures", "RelayWorkflow", "RelayEngine", "RelayAdmin", "RelayService", "RelayThreads",
        "RelaySandbox", "CLinux",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: rules),

    tests("RelayModelTests", ["RelayModel"]),
    tests("RelayThreadsTests", ["RelayThreads"]),
    tests("RelayDocumentsTests", ["RelayModel", "RelayDocuments"]),
    tests("RelayExpressionsTests", ["RelayModel", "RelayDocuments", "RelayExpressions"]),
    tests("RelayCryptoTests", ["RelayModel", "RelayCrypto"]),
    tests("RelayStoreTests", ["RelayModel", "RelayDocuments", "RelayStore", "CLMDB"]),
    tests("RelayHTTPTests", ["RelayModel", "RelayThreads", "RelayDocuments", "RelayHTTP", "CLinux"]),
    tests("RelaySandboxTests", ["RelayModel", "RelayThreads", "RelayDocuments", "RelaySandbox", "petrel"]),
    tests(
      "RelaySignaturesTests", ["RelayModel", "RelayDocuments", "RelayCrypto", "RelaySignatures"],
      data: ["Literals"]),
    tests(
      "RelayWorkflowTests",
      ["RelayModel", "RelayDocuments", "RelayExpressions", "RelayHTTP", "RelaySandbox", "RelayWorkflow"]),
    tests(
      "RelayIngressTests",
      [
        "RelayModel", "RelayDocuments", "RelayExpressions", "RelayStore", "RelayHTTP", "RelaySignatures",
        "RelayWorkflow",
        "RelayCrypto", "RelayIngress",
      ]),
    tests(
      "RelayEngineTests",
      [
        "RelayModel", "RelayThreads", "RelayCrypto", "RelayDocuments", "RelayExpressions", "RelayStore",
        "RelayHTTP", "RelaySandbox",
        "RelayWorkflow",
        "RelayEngine",
      ]),
    tests(
      "RelayUpstreamTests",
      [
        "RelayModel", "RelayDocuments", "RelayStore", "RelayHTTP", "RelayUpstream", "CZlib",
      ]),
    tests(
      "RelayAdminTests",
      [
        "RelayModel", "RelayThreads", "RelayDocuments", "RelayCrypto", "RelayStore", "RelayHTTP",
        "RelayAdmin",
      ]),
    tests(
      "RelayServiceTests",
      [
        "RelayModel", "RelayThreads", "RelayDocuments", "RelayStore", "RelayHTTP", "RelaySignatures",
        "RelayWorkflow",
        "RelayIngress", "RelayEngine", "RelayAdmin", "RelayService", "petrel",
      ]),
    // The simulator: the real engine on the real store under a virtual clock.
    tests(
      "SimulatorTests",
      [
        "RelayModel", "RelayThreads", "RelayDocuments", "RelayStore", "RelayHTTP", "RelaySandbox",
        "RelayWorkflow",
        "RelayEngine",
      ]),
    // The real binary, started and killed.
    tests(
      "PetrelTests",
      [
        "RelayModel", "RelayDocuments", "RelayCrypto", "RelayThreads", "RelayStore", "RelayService", "petrel",
      ]),
    // The house rules, as tests over the tree itself.
    tests("HouseRulesTests", []),
  ],
  swiftLanguageModes: [.v6]
)

// The fuzzer is built by `make fuzz` alone: it needs libFuzzer, which brings the `main`.
if Context.environment["PETREL_FUZZ"] != nil {
  package.products.append(.executable(name: "petrel-fuzz", targets: ["PetrelFuzz"]))
  package.targets += [
    .executableTarget(
      name: "PetrelFuzz",
      dependencies: [
        "RelayModel", "RelayDocuments", "RelayExpressions", "RelaySandbox", "RelaySignatures",
        "RelayWorkflow",
      ],
      path: "Tests/Fuzz", exclude: ["run"],
      swiftSettings: rules + [.unsafeFlags(["-parse-as-library"])])
  ]
}
