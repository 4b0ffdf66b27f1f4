internal import RelayDocuments
internal import RelayModel

/// The settings that the environment overrides: `PETREL_` and the path of a scalar outside `hooks`, in
/// upper case.
///
/// A value from the environment has no place in the file. It gets a negative line, which `mended` turns into
/// the variable's name when a message is about it.
struct Overrides {
  /// Every scalar outside `hooks` and `vars`, whose names are the user's.
  static let settings: [[String]] = [
    ["data"], ["public_url"], ["workflows"], ["integrations"], ["drain"],
    ["listen"], ["listen", "address"], ["listen", "tls", "certificate"], ["listen", "tls", "key"],
    ["admin", "listen"], ["admin", "listen", "address"], ["admin", "listen", "tls", "certificate"],
    ["admin", "listen", "tls", "key"], ["admin", "auth"],
    ["limits", "body"], ["limits", "inflight"], ["limits", "headers"], ["limits", "connections"],
    ["limits", "request_timeout"], ["limits", "executions"],
    ["store", "max_size"], ["retention", "succeeded"], ["retention", "failed"],
    ["egress", "proxy"], ["egress", "host_concurrency"], ["egress", "breaker", "failures"],
    ["egress", "breaker", "probe"], ["egress", "breaker", "max"],
    ["traces", "url"], ["traces", "service"], ["traces", "ratio"],
    ["upstream", "url"], ["upstream", "token"], ["upstream", "edge"], ["upstream", "payloads"],
  ]

  private let environment: [String: String]
  /// The variables that were used; the n-th stands at line -(n + 1).
  private var used: [String] = []

  init(_ environment: [String: String]) { self.environment = environment }

  static func variable(for path: [String]) -> String {
    "PETREL_" + path.map { $0.uppercased() }.joined(separator: "_")
  }

  /// The document with every override in its place.
  mutating func applied(to document: DocumentNode) -> DocumentNode {
    var document = document
    for path in Self.settings + Self.scalars(of: document["vars"], below: ["vars"]) {
      guard let value = take(Self.variable(for: path)) else { continue }
      // The short form of a listener that is written out means its address.
      let isLong = path.last == "listen" && document.at(path)?.members != nil
      document = document.setting((isLong ? path + ["address"] : path)[...], to: value)
    }
    return document
  }

  /// Warnings of variables that are nearly an override and name no setting.
  func strays(besides document: DocumentNode) -> [Diagnostic] {
    let prefix = "PETREL_"
    let paths = Self.settings + Self.scalars(of: document["vars"], below: ["vars"])
    let known = paths.map { String(Self.variable(for: $0).dropFirst(prefix.count)) }
    return environment.keys.sorted().compactMap { name in
      let rest = String(name.dropFirst(prefix.count))
      guard name.hasPrefix(prefix), !known.contains(rest), let meant = nearest(to: rest, among: known)
      else { return nil }
      return Diagnostic(
        file: name, line: 1, column: 1, message: "names no setting; did you mean \(prefix)\(meant)?",
        severity: .warning)
    }
  }

  /// The message with the variable's name where it is about an override.
  func mended(_ diagnostic: Diagnostic) -> Diagnostic {
    guard diagnostic.line < 0, used.indices.contains(-diagnostic.line - 1) else { return diagnostic }
    var mended = diagnostic
    mended.file = used[-diagnostic.line - 1]
    mended.line = 1
    return mended
  }

  private mutating func take(_ variable: String) -> DocumentNode? {
    guard let text = environment[variable] else { return nil }
    used.append(variable)
    return .plainScalar(text, at: DocumentPosition(line: -used.count, column: 1))
  }

  private static func scalars(of node: DocumentNode?, below path: [String]) -> [[String]] {
    (node?.members ?? []).flatMap { member -> [[String]] in
      let inner = path + [member.name]
      if case .scalar = member.value.kind { return [inner] }
      return scalars(of: member.value, below: inner)
    }
  }
}

extension DocumentNode {
  fileprivate func at(_ path: [String]) -> DocumentNode? {
    path.reduce(self as DocumentNode?) { $0?[$1] }
  }
}
