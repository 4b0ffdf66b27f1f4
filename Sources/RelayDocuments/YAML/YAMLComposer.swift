internal import RelayModel

/// Builds the tree of one YAML document from its events, within limits.
struct YAMLComposer: ~Copyable {
  private var events: YAMLEvents
  private let file: String
  private let limits: DocumentLimits
  private var anchors: [String: (node: DocumentNode, nodes: Int)] = [:]
  private var nodes = 0

  init(_ bytes: [UInt8], file: String, limits: DocumentLimits) throws(Diagnostic) {
    self.events = try YAMLEvents(bytes, file: file)
    self.file = file
    self.limits = limits
  }

  /// The one document of the stream; null where the stream is empty.
  mutating func document() throws(Diagnostic) -> DocumentNode {
    var root: DocumentNode?
    while true {
      let event = try events.next()
      switch event.kind {
      case .end: return root ?? DocumentNode(.scalar(.null, text: ""), at: .start)
      case .documentStart:
        guard root == nil else {
          throw refusal("a second document; only one per file is read", at: event.position)
        }
        root = try node(try events.next(), depth: 1)
      default: continue
      }
    }
  }

  private mutating func node(_ event: YAMLEvent, depth: Int) throws(Diagnostic) -> DocumentNode {
    guard depth <= limits.depth else {
      throw refusal("nested deeper than \(limits.depth) levels", at: event.position)
    }
    let before = nodes
    try count(1, at: event.position)
    let made: DocumentNode
    switch event.kind {
    case .scalar(let text, let isPlain):
      made = DocumentNode(.scalar(try value(text, isPlain, event), text: text), at: event.position)
    case .sequenceStart:
      try check(tag: event, allowed: "seq")
      made = DocumentNode(.sequence(try elements(depth: depth + 1)), at: event.position)
    case .mappingStart:
      try check(tag: event, allowed: "map")
      made = DocumentNode(.mapping(try members(depth: depth + 1)), at: event.position)
    case .alias(let name):
      return try expansion(of: name, at: event.position)
    default:
      throw refusal("expected a value", at: event.position)
    }
    if let anchor = event.anchor { anchors[anchor] = (made, nodes - before) }
    return made
  }

  private mutating func elements(depth: Int) throws(Diagnostic) -> [DocumentNode] {
    var elements: [DocumentNode] = []
    while true {
      let event = try events.next()
      if case .sequenceEnd = event.kind { return elements }
      elements.append(try node(event, depth: depth))
    }
  }

  private mutating func members(depth: Int) throws(Diagnostic) -> [DocumentMember] {
    var members: [DocumentMember] = []
    var lines: [String: Int] = [:]
    while true {
      let event = try events.next()
      if case .mappingEnd = event.kind { return members }
      let name = try name(event)
      if let line = lines.updateValue(event.position.line, forKey: name) {
        throw refusal("\"\(name)\" is already in line \(line)", at: event.position)
      }
      let value = try node(try events.next(), depth: depth)
      members.append(DocumentMember(name: name, position: event.position, value: value))
    }
  }

  /// A member's name: always text, whatever it looks like.
  private func name(_ event: YAMLEvent) throws(Diagnostic) -> String {
    switch event.kind {
    case .scalar("<<", isPlain: true):
      throw refusal("merge keys (<<) are not supported; write the members out", at: event.position)
    case .scalar(let text, _):
      return text
    case .alias(let anchor):
      guard let node = anchors[anchor]?.node, case .scalar(_, let text) = node.kind else {
        throw refusal("the alias *\(anchor) is no name", at: event.position)
      }
      return text
    default:
      throw refusal("a member's name must be a plain value", at: event.position)
    }
  }

  private func value(_ text: String, _ isPlain: Bool, _ event: YAMLEvent) throws(Diagnostic) -> JSON {
    guard let tag = event.tag else { return isPlain ? CoreSchema.resolve(text) : .string(text) }
    if tag == "!" || tag == Self.coreTags + "str" { return .string(text) }
    let value = CoreSchema.resolve(text)
    switch (tag, value) {
    case (Self.coreTags + "null", .null), (Self.coreTags + "bool", .bool),
      (Self.coreTags + "int", .number), (Self.coreTags + "float", .number):
      return value
    default: throw refusal("the tag \(tag) is not supported here", at: event.position)
    }
  }

  private func check(tag event: YAMLEvent, allowed: String) throws(Diagnostic) {
    guard let tag = event.tag, tag != Self.coreTags + allowed else { return }
    throw refusal("the tag \(tag) is not supported here", at: event.position)
  }

  private mutating func expansion(of name: String, at position: DocumentPosition) throws(Diagnostic)
    -> DocumentNode
  {
    guard let anchor = anchors[name] else {
      throw refusal("the anchor &\(name) is not known here", at: position)
    }
    try count(anchor.nodes, at: position)
    return anchor.node
  }

  private mutating func count(_ added: Int, at position: DocumentPosition) throws(Diagnostic) {
    nodes += added
    guard nodes <= limits.nodes else {
      throw refusal("more than \(limits.nodes) values, with every alias written out", at: position)
    }
  }

  private func refusal(_ message: String, at position: DocumentPosition) -> Diagnostic {
    Diagnostic(file: file, line: position.line, column: position.column, message: message)
  }

  private static let coreTags = "tag:yaml.org,2002:"
}

extension DocumentNode {
  /// Reads a YAML document by the 1.2 core schema: names are text, anchors and aliases are allowed;
  /// merge keys, tags beyond the core, names that appear twice and a second document are refused.
  package static func parse(
    yaml bytes: [UInt8], file: String, limits: DocumentLimits = DocumentLimits()
  ) throws(Diagnostic) -> DocumentNode {
    guard bytes.count <= limits.size.bytes else { throw .tooLarge(file, limits) }
    var composer = try YAMLComposer(bytes, file: file, limits: limits)
    return try composer.document()
  }

  /// What a plain YAML scalar `text` is: how a setting from outside the file is read.
  package static func plainScalar(_ text: String, at position: DocumentPosition = .start) -> DocumentNode {
    DocumentNode(.scalar(CoreSchema.resolve(text), text: text), at: position)
  }
}
