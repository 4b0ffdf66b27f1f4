internal import RelayDocuments
internal import RelayModel

/// The settings that the environment overrides: `PETREL_` and the path of a scalar outside `hooks`, in
/// upper case.
///
/// A value from the environment has no place in the file. It gets a negative line, which `mended` turns into
/// the variable's name when a message is about it.
struct Overrides {
  /// Every scalar outside `hooks` and `vars`, whose names are the user's: those that the schema names.
  static let settings: [[String]] = scalars(
    of: Configuration.schema, in: Configuration.schema, below: [])

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

  /// The paths of what `schema`, a part of `root`, takes as one word.
  private static func scalars(of schema: JSON, in root: JSON, below path: [String]) -> [[String]] {
    if let name = schema["$ref"]?.string?.split(separator: "/").last,
      let target = root["$defs"]?[String(name)]
    {
      return scalars(of: target, in: root, below: path)
    }
    if let forms = schema["anyOf"]?.array { return forms.flatMap { scalars(of: $0, in: root, below: path) } }
    guard let type = schema["type"], type == "array" || type == "object" else { return [path] }
    return (schema["properties"]?.object?.members ?? []).flatMap { member in
      scalars(of: member.value, in: root, below: path + [member.name])
    }
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
