internal import RelayModel

extension String {
  /// A URL with parameters added to its query, encoded, before its fragment.
  func addingQuery(_ pairs: [(name: String, value: String)]) -> String {
    guard !pairs.isEmpty else { return self }
    let query = pairs.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }
    let joined = query.joined(separator: "&")
    guard let mark = firstIndex(of: "?") else { return "\(self)?\(joined)" }
    let isOpen = index(after: mark) == endIndex || hasSuffix("&")
    return isOpen ? self + joined : "\(self)&\(joined)"
  }
}
