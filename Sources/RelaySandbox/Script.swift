package import RelayModel

/// One run of a script: Lua 5.4 text, and what it sees.
package struct Script: Sendable, Hashable {
  package var source: String
  /// A JSON object as text: each member is a global.
  package var input: [UInt8]
  /// How long it may run, by the clock on the wall.
  package var timeout: Duration
  /// What its values may hold.
  package var memory: ByteCount
  /// Of `math.random`: the same seed, the same numbers.
  package var seed: (UInt64, UInt64) { (seedHigh, seedLow) }
  private let seedHigh: UInt64
  private let seedLow: UInt64

  package init(
    source: String, input: [UInt8], timeout: Duration, memory: ByteCount = SandboxBounds.memory,
    seed: (UInt64, UInt64) = (0, 0)
  ) {
    self.source = source
    self.input = input
    self.timeout = timeout
    self.memory = memory
    (seedHigh, seedLow) = seed
  }
}

/// Why a script has no value.
package struct ScriptFailure: Error, Hashable, Sendable {
  /// Stable, for machines.
  package enum Code: String, Sendable {
    /// It does not compile, or raised an error; the message says in which line.
    case failed = "code_failed"
    case timeout = "code_timeout"
    case memory = "code_memory"
    /// Its value is larger than `SandboxBounds.output`.
    case output = "code_output"
    /// It ended its process, which only a defect of Lua or an attack on it can.
    case crashed = "code_crashed"
    /// Somebody else ended its process.
    case lost = "code_lost"
    /// No process could be had to run it.
    case unavailable = "code_unavailable"
  }

  package var code: Code
  /// For people.
  package var message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// Whether the same script may come to a value when it is run again.
  package var isRetryable: Bool { code == .lost || code == .unavailable }
}
