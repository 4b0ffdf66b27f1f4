internal import RelayCrypto
internal import RelayDocuments

extension SignatureRule {
  private enum Form: String, CaseIterable {
    case plain
    case pairs = "kv"
    case tagged = "tagged-list"
    case list, positional
    case pipePairs = "pipe-pairs"
  }

  /// Reads the `signature` member; `groups` may also stand beside it.
  init(_ reader: MemberReader, groups: String?) throws(SignatureError) {
    source = try reader.source("from")
    encoding = try reader.choice("encoding", SignatureEncoding.self)
    prefix = [UInt8](try reader.string("prefix") ?? "")
    also = try reader.strings("also")
    mayRepeat = try reader.bool("multi_header")
    format = try Self.format(reader, groups: groups)
    numbered = try Self.numbered(reader)
    algorithmHeader = try Self.algorithmHeader(reader)
  }

  private static func format(_ reader: MemberReader, groups: String?) throws(SignatureError)
    -> SignatureFormat
  {
    switch reader.value("format") == nil ? .plain : try reader.choice("format", Form.self) {
    case .plain: return .plain
    case .positional: return .positional
    case .pipePairs: return .pipePairs
    case .list: return .list(separator: try reader.separator("sep", default: ","))
    case .tagged:
      return .tagged(separator: try reader.separator("sep", default: " "), tag: try reader.required("tag"))
    case .pairs:
      let between = try reader.string("groups") ?? groups
      guard between?.utf8.count ?? 1 == 1 else { throw reader.failure("groups", "must be one character") }
      return .pairs(
        separator: try reader.separator("sep", default: ","),
        keys: try reader.required("key").split(separator: "|").map(String.init), groups: between?.utf8.first)
    }
  }

  private static func numbered(_ reader: MemberReader) throws(SignatureError) -> (prefix: String, max: Int)? {
    guard let numbered = try reader.child("numbered", known: ["prefix", "max"]) else { return nil }
    guard let max = numbered.value("max")?.int, (1...100).contains(max) else {
      throw numbered.failure("max", "must be a number from 1 to 100")
    }
    return (try numbered.required("prefix"), max)
  }

  private static func algorithmHeader(
    _ reader: MemberReader
  ) throws(SignatureError) -> (name: String, algorithms: [String: DigestAlgorithm])? {
    guard let header = try reader.string("alg_header") else { return nil }
    guard let object = reader.value("algs")?.object else { throw reader.failure("algs", "is missing") }
    var algorithms: [String: DigestAlgorithm] = [:]
    for member in object.members {
      guard let algorithm = member.value.string.flatMap(DigestAlgorithm.init(rawValue:)) else {
        throw reader.failure("algs.\(member.name)", "must be sha1, sha256 or sha512")
      }
      algorithms[member.name] = algorithm
    }
    return (header, algorithms)
  }
}
