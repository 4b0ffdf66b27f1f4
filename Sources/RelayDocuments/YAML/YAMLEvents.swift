internal import CYAML

/// One event of libyaml's parser, copied out of its memory.
struct YAMLEvent {
  enum Kind {
    /// The start and the end of the stream: nothing of the document.
    case stream
    case end
    case documentStart
    case documentEnd
    case alias(String)
    case scalar(String, isPlain: Bool)
    case sequenceStart
    case sequenceEnd
    case mappingStart
    case mappingEnd
  }

  var kind: Kind
  var anchor: String?
  var tag: String?
  var position: DocumentPosition
}

/// libyaml's parser over one text. Owns `yaml_parser_t` and the bytes it reads, and rules out a parser
/// used after its input is gone, and an event that is never freed.
@safe struct YAMLEvents: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let input: UnsafeMutableBufferPointer<UInt8>
  private let file: String

  /// `yaml_parser_initialize` and `yaml_parser_set_input_string`, for UTF-8 only.
  init(_ bytes: [UInt8], file: String) throws(Diagnostic) {
    let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    guard unsafe yaml_parser_initialize(parser) == 1 else {
      unsafe parser.deallocate()
      throw Diagnostic(file: file, line: 1, column: 1, message: "no memory to read the file")
    }
    unsafe self.parser = unsafe parser
    unsafe self.input = .allocate(capacity: bytes.count)
    self.file = file
    _ = unsafe input.initialize(from: bytes)
    unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    unsafe yaml_parser_set_input_string(parser, input.baseAddress, input.count)
  }

  deinit {
    unsafe yaml_parser_delete(parser)
    unsafe parser.deallocate()
    unsafe input.deallocate()
  }

  /// `yaml_parser_parse`. After an error or `.end` it must not be called again.
  mutating func next() throws(Diagnostic) -> YAMLEvent {
    var event = unsafe yaml_event_t()
    guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw problem() }
    defer { unsafe yaml_event_delete(&event) }
    return unsafe Self.copy(event)
  }

  private func problem() -> Diagnostic {
    let state = unsafe parser.pointee
    let hasMark = unsafe state.error != YAML_READER_ERROR
    let mark = unsafe hasMark ? state.problem_mark : state.mark
    let text = unsafe state.problem.map { unsafe String(cString: $0) } ?? "no memory to read the file"
    let context = unsafe state.context.map { unsafe String(cString: $0) + ": " } ?? ""
    return Diagnostic(
      file: file, line: Int(mark.line) + 1, column: Int(mark.column) + 1, message: context + text)
  }

  private static func copy(_ event: yaml_event_t) -> YAMLEvent {
    let mark = unsafe event.start_mark
    let position = DocumentPosition(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
    func made(
      _ kind: YAMLEvent.Kind, anchor: UnsafeMutablePointer<yaml_char_t>? = nil,
      tag: UnsafeMutablePointer<yaml_char_t>? = nil
    ) -> YAMLEvent {
      unsafe YAMLEvent(kind: kind, anchor: text(anchor), tag: text(tag), position: position)
    }
    switch unsafe event.type {
    case YAML_STREAM_END_EVENT: return made(.end)
    case YAML_DOCUMENT_START_EVENT: return made(.documentStart)
    case YAML_DOCUMENT_END_EVENT: return made(.documentEnd)
    case YAML_ALIAS_EVENT: return unsafe made(.alias(text(event.data.alias.anchor) ?? ""))
    case YAML_SCALAR_EVENT:
      let scalar = unsafe event.data.scalar
      let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      let value = unsafe String(decoding: bytes, as: UTF8.self)
      let isPlain = unsafe scalar.style == YAML_PLAIN_SCALAR_STYLE
      return unsafe made(.scalar(value, isPlain: isPlain), anchor: scalar.anchor, tag: scalar.tag)
    case YAML_SEQUENCE_START_EVENT:
      return unsafe made(
        .sequenceStart, anchor: event.data.sequence_start.anchor, tag: event.data.sequence_start.tag)
    case YAML_SEQUENCE_END_EVENT: return made(.sequenceEnd)
    case YAML_MAPPING_START_EVENT:
      return unsafe made(
        .mappingStart, anchor: event.data.mapping_start.anchor, tag: event.data.mapping_start.tag)
    case YAML_MAPPING_END_EVENT: return made(.mappingEnd)
    default: return made(.stream)
    }
  }

  private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    unsafe pointer.map { unsafe String(cString: $0) }
  }
}
