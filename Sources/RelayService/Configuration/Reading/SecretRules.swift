internal import RelayDocuments
internal import RelayModel

/// How a reference to a secret must be written. Messages never repeat what stands there: a person who
/// forgot the form may have written the secret itself.
struct SecretRules {
  /// Whether both listeners are loopback.
  let allowsPlain: Bool
  private let diagnostics: Diagnostics

  init(allowsPlain: Bool, _ diagnostics: Diagnostics) {
    self.allowsPlain = allowsPlain
    self.diagnostics = diagnostics
  }

  /// One reference, or a list of which any is accepted; empty where none is right.
  func references(
    _ written: WrittenValue?, _ resolve: (String) -> String
  ) -> [SecretReference] {
    guard let written else { return [] }
    let (node, path) = (written.node, written.path)
    guard let elements = node.elements else {
      return reference(node, path: path, resolve).map { [$0] } ?? []
    }
    if elements.isEmpty { diagnostics.error("\(path) is an empty list", at: node.position) }
    return elements.enumerated().compactMap { reference($1, path: "\(path)[\($0)]", resolve) }
  }

  private func reference(
    _ node: DocumentNode, path: String, _ resolve: (String) -> String
  ) -> SecretReference? {
    guard let text = node.string, let reference = SecretReference(text) else {
      diagnostics.error("\(path) \(Self.complaint(node.string))", at: node.position)
      return nil
    }
    switch reference {
    case .plain where !allowsPlain:
      diagnostics.error(
        "\(path): plain secrets are for loopback only, and a listener is not; use env:, file: or vault:",
        at: node.position)
      return nil
    case .file(let path): return .file(resolve(path))
    case .plain, .environment, .vault: return reference
    }
  }

  private static func complaint(_ text: String?) -> String {
    let forms = "env:NAME, file:PATH, vault:NAME or plain:TEXT"
    guard let text else { return "must be one of \(forms)" }
    if text.isEmpty || ["env:", "file:", "vault:", "plain:"].contains(text) { return "is empty" }
    if text.hasPrefix("vault:") { return "names no vault entry; names are [a-z0-9][a-z0-9_-]{0,63}" }
    let scheme = text.split(separator: ":", maxSplits: 1).first.map(String.init) ?? ""
    if text.contains(":"), let meant = nearest(to: scheme, among: ["env", "file", "vault", "plain"]) {
      return "must be one of \(forms); did you mean \(meant):…?"
    }
    return "must be one of \(forms)"
  }
}
