/// The path of a route: literal parts and `{names}`.
struct PathTemplate: Sendable, Hashable {
  let text: String
  private let parts: [Substring]

  init(_ text: String) {
    self.text = text
    parts = text.split(separator: "/", omittingEmptySubsequences: false)[...].map { $0 }
  }

  var names: [String] { parts.compactMap { Self.name($0).map(String.init) } }

  /// The values of the names where `path` has this form; nil where it has not. Parts are compared as sent:
  /// no part of our paths needs percent-encoding.
  func match(_ path: [Substring]) -> [String: String]? {
    guard path.count == parts.count else { return nil }
    var values: [String: String] = [:]
    for (part, given) in zip(parts, path) {
      if let name = Self.name(part) {
        guard !given.isEmpty else { return nil }
        values[String(name)] = String(given)
      } else if part != given {
        return nil
      }
    }
    return values
  }

  private static func name(_ part: Substring) -> Substring? {
    part.hasPrefix("{") && part.hasSuffix("}") ? part.dropFirst().dropLast() : nil
  }
}
