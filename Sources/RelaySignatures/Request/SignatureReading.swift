internal import RelayDocuments
internal import RelayModel

/// What a signature value holds: signatures that may each match, and the fields beside them.
struct SignatureReading {
  /// One signature, decoded, and the run of fields that it belongs to.
  struct Candidate {
    let bytes: [UInt8]
    let group: Int
  }

  /// A field beside the signatures of one run.
  struct Field {
    let name: ArraySlice<UInt8>
    let value: ArraySlice<UInt8>
    let group: Int
  }

  private(set) var candidates: [Candidate] = []
  private(set) var fields: [Field] = []
  /// The run that is read.
  private var group = 0

  /// Adds a field; where the run has one of this name, another run begins.
  mutating func addField(_ name: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) {
    if fields.contains(where: { $0.group == group && $0.name == name }) { group += 1 }
    fields.append(Field(name: name, value: value, group: group))
  }

  mutating func addCandidate(_ bytes: [UInt8]) {
    candidates.append(Candidate(bytes: bytes, group: group))
  }

  /// The field of a run under `name`.
  func field(_ name: String, group: Int) -> ArraySlice<UInt8>? {
    fields.first { $0.group == group && $0.name.elementsEqual(name.utf8) }?.value
  }
}

extension SignatureRule {
  /// No provider sends more at once; each costs a comparison, or a public-key operation.
  private static let maxCandidates = 10
  /// Signatures and the fields beside them: splitting runs is quadratic in their number.
  private static let maxElements = 64

  /// Reads the signatures of a request. Throws where there is none that can be decoded.
  ///
  /// - Parameter name: where `pipePairs` names its pairs, the one that counts; nil for any.
  func read(
    _ reader: inout RequestReader, in scope: RequestScope
  ) throws(Refusal) -> SignatureReading {
    var reading = SignatureReading()
    var seen = false
    if isSingle {
      if let value = try reader.value(source, in: scope.element) {
        seen = true
        try split(value, pairName: scope.pairName, into: &reading)
      }
    } else {
      for value in try values(&reader, in: scope) {
        seen = true
        try split(value, pairName: scope.pairName, into: &reading)
      }
    }
    guard seen else { throw Refusal(.missingHeader, "\(source.text) is missing") }
    guard !reading.candidates.isEmpty else {
      throw Refusal(.malformedHeader, "\(source.text) holds no signature \(expectation)")
    }
    guard reading.candidates.count <= (numbered?.max ?? Self.maxCandidates) else {
      throw Refusal(.malformedHeader, "\(source.text) holds more than \(Self.maxCandidates) signatures")
    }
    return reading
  }

  /// Whether signatures stand in one place only, as nearly everybody has it: no list of values then.
  private var isSingle: Bool { numbered == nil && !mayRepeat && also.isEmpty }

  /// What a signature would look like, for people.
  private var expectation: String {
    let start = prefix.isEmpty ? "" : " after \(prefix.text)"
    switch format {
    case .plain: return "in \(encoding.rawValue)\(start)"
    case .pairs(_, let keys, _): return "in \(encoding.rawValue) under \(keys.joined(separator: " or "))"
    case .tagged(_, let tag): return "in \(encoding.rawValue) after \(tag)"
    case .list, .positional, .pipePairs: return "in \(encoding.rawValue)"
    }
  }

  private func values(
    _ reader: inout RequestReader, in scope: RequestScope
  ) throws(Refusal) -> [ArraySlice<UInt8>] {
    if let numbered {
      var values: [ArraySlice<UInt8>] = []
      for number in 1...numbered.max {
        if let value = try reader.header("\(numbered.prefix)\(number)") { values.append(value) }
      }
      return values
    }
    if mayRepeat, case .header(let name) = source {
      // A proxy may have joined repeated headers with commas.
      return try reader.headers(name).flatMap { $0.split(separator: UInt8(ascii: ",")).map(\.trimmingBlanks) }
    }
    var values: [ArraySlice<UInt8>] = []
    if let value = try reader.value(source, in: scope.element) { values.append(value) }
    for name in also { if let value = try reader.header(name) { values.append(value) } }
    return values
  }

  private func split(
    _ value: ArraySlice<UInt8>, pairName: [UInt8]?, into reading: inout SignatureReading
  ) throws(Refusal) {
    switch format {
    case .plain:
      guard let text = value.dropping(prefix: prefix) else { return }
      add(text, to: &reading)
    case .list(let separator):
      for element in value.split(separator: separator) { add(element.trimmingBlanks, to: &reading) }
    case .tagged(let separator, let tag):
      for element in value.split(separator: separator) where element.starts(with: tag.utf8) {
        add(element.dropFirst(tag.utf8.count).trimmingBlanks, to: &reading)
      }
    case .positional:
      let elements = value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        .map(\.trimmingBlanks)
      for (index, element) in elements.enumerated() {
        reading.addField([UInt8](String(index))[...], element)
        if index > 0 { add(element, to: &reading) }
      }
    case .pipePairs:
      for pair in value.split(separator: UInt8(ascii: "&")) {
        let name = pair.prefix { $0 != UInt8(ascii: "|") }
        guard pairName?.elementsEqual(name) ?? true else { continue }
        add(pair.dropFirst(name.count + 1), to: &reading)
      }
    case .pairs(let separator, let keys, let between):
      try splitPairs(value, separator, keys, between, into: &reading)
    }
  }

  /// The separator of groups is one more between elements: senders put blanks elsewhere too, so that a
  /// run is known to end only where a field comes again.
  private func splitPairs(
    _ value: ArraySlice<UInt8>, _ separator: UInt8, _ keys: [String], _ between: UInt8?,
    into reading: inout SignatureReading
  ) throws(Refusal) {
    guard value.count(where: { $0 == separator }) < Self.maxElements else {
      throw Refusal(.malformedHeader, "\(source.text) holds more than \(Self.maxElements) elements")
    }
    for run in value.split(whereSeparator: { $0 == between }) {
      for element in run.split(separator: separator) {
        let name = element.prefix { $0 != UInt8(ascii: "=") }
        let text = element.dropFirst(name.count + 1).trimmingBlanks
        let field = name.trimmingBlanks
        if keys.contains(where: { field.elementsEqual($0.utf8) }) {
          add(text, to: &reading)
        } else {
          reading.addField(field, text)
        }
      }
    }
  }

  private func add(_ text: ArraySlice<UInt8>, to reading: inout SignatureReading) {
    if let bytes = encoding.decode(text) { reading.addCandidate(bytes) }
  }
}

/// What narrows the reading of a request down.
struct RequestScope {
  /// One element of the body, where each is signed by itself.
  var element: JSON?
  /// The name of the one pair that counts, where signatures come in named pairs.
  var pairName: [UInt8]?
}
