internal import Glibc

/// Something that takes bytes from anybody, and what must be true of what it makes of them. What is not true
/// traps, which libFuzzer reports with the input.
struct FuzzTarget: Sendable {
  let name: String
  /// What to begin with.
  let seeds: [String]
  let attempt: @Sendable ([UInt8]) -> Void

  static let all = [json, yaml, event, expression, pattern, template, workflow, signature, scheme]

  static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }

  func writeSeeds(to folder: String) {
    for (number, seed) in seeds.enumerated() {
      guard let file = unsafe fopen("\(folder)/seed-\(number)", "w") else {
        fatalError("\(folder) cannot be written to")
      }
      let bytes = Array(seed.utf8)
      precondition(unsafe fwrite(bytes, 1, bytes.count, file) == bytes.count)
      precondition(unsafe fclose(file) == 0)
    }
  }
}

/// Text of the input; nil where it is not UTF-8.
func text(_ bytes: some Collection<UInt8>) -> String? { String(validating: bytes, as: UTF8.self) }
