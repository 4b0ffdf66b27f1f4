internal import RelayModel

/// One message to whoever supervises the process: what sd_notify(3) calls a state.
package enum ServiceNotice: Sendable, Hashable {
  /// Not ready yet, for this reason; it takes until `patience` from now at least.
  case waiting(String, patience: Duration)
  /// Ready, or ready again after `reloading`.
  case ready(String)
  /// A reload began. `monotonic` is `CLOCK_MONOTONIC`.
  case reloading(monotonic: Duration)
  /// The end began, and takes `patience` at most.
  case stopping(patience: Duration)
  /// How things stand, in one line.
  case status(String)
  /// The process works: the watchdog's deadline begins anew.
  case alive

  /// As it is sent: lines of `NAME=value`.
  package var text: String {
    switch self {
    case .waiting(let why, let patience):
      "STATUS=\(Self.line(why))\nEXTEND_TIMEOUT_USEC=\(patience.wholeMicroseconds)"
    case .ready(let status): "READY=1\nSTATUS=\(Self.line(status))"
    case .reloading(let monotonic):
      "RELOADING=1\nMONOTONIC_USEC=\(monotonic.wholeMicroseconds)\nSTATUS=reloading"
    case .stopping(let patience):
      "STOPPING=1\nSTATUS=draining\nEXTEND_TIMEOUT_USEC=\(patience.wholeMicroseconds)"
    case .status(let status): "STATUS=\(Self.line(status))"
    case .alive: "WATCHDOG=1"
    }
  }

  /// A line break would begin another state.
  private static func line(_ text: String) -> String {
    String(text.map { $0.isNewline ? " " : $0 }.prefix(400))
  }
}

extension Duration {
  fileprivate var wholeMicroseconds: Int64 {
    components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
  }
}
