internal import RelayDocuments
internal import RelayModel

/// Reads the members of one object of a `verify:`, and names each mistake by its path.
struct MemberReader {
  let object: JSONObject
  /// Where the object stands, for example `signature`; empty for the outermost.
  let path: String

  /// Throws for a member that is not `known`, with the nearest that is.
  init(_ object: JSONObject, at path: String, known: [String]) throws(SignatureError) {
    self.object = object
    self.path = path
    for member in object.members where !known.contains(member.name) {
      let hint = nearest(to: member.name, among: known).map { "; did you mean \($0)?" } ?? ""
      throw failure(member.name, "unknown key" + hint)
    }
  }

  func failure(_ member: String, _ why: String) -> SignatureError {
    .configuration(member: path.isEmpty ? member : "\(path).\(member)", why: why)
  }

  /// A member that may be left out; `null` is as if it were.
  func value(_ member: String) -> JSON? {
    guard let value = object[member], value != .null else { return nil }
    return value
  }

  func string(_ member: String) throws(SignatureError) -> String? {
    guard let value = value(member) else { return nil }
    guard let text = value.string else { throw failure(member, "must be a string") }
    return text
  }

  func required(_ member: String) throws(SignatureError) -> String {
    guard let text = try string(member), !text.isEmpty else { throw failure(member, "is missing") }
    return text
  }

  func strings(_ member: String) throws(SignatureError) -> [String] {
    guard let value = value(member) else { return [] }
    if let text = value.string { return [text] }
    guard let texts = value.array?.compactMap(\.string), texts.count == value.array?.count else {
      throw failure(member, "must be a string or a list of strings")
    }
    return texts
  }

  func bool(_ member: String) throws(SignatureError) -> Bool {
    guard let value = value(member) else { return false }
    guard let flag = value.bool else { throw failure(member, "must be true or false") }
    return flag
  }

  /// One of the values of an enumeration, as its raw value writes it.
  func choice<Choice: RawRepresentable & CaseIterable>(
    _ member: String, _ choices: Choice.Type
  ) throws(SignatureError) -> Choice where Choice.RawValue == String {
    let text = try required(member)
    guard let choice = Choice(rawValue: text) else {
      let known = Choice.allCases.map(\.rawValue)
      let hint = nearest(to: text, among: known).map { "; did you mean \($0)?" } ?? ""
      throw failure(member, "\(text) is none of \(known.joined(separator: ", "))\(hint)")
    }
    return choice
  }

  /// One separator character.
  func separator(_ member: String, default fallback: Unicode.Scalar) throws(SignatureError) -> UInt8 {
    guard let text = try string(member) else { return UInt8(ascii: fallback) }
    guard text.utf8.count == 1, let byte = text.utf8.first else {
      throw failure(member, "must be one character")
    }
    return byte
  }

  func child(_ member: String, known: [String]) throws(SignatureError) -> MemberReader? {
    guard let value = value(member) else { return nil }
    guard let object = value.object else { throw failure(member, "must be an object") }
    return try MemberReader(object, at: path.isEmpty ? member : "\(path).\(member)", known: known)
  }
}
