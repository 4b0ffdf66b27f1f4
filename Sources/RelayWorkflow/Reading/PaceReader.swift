internal import RelayDocuments
internal import RelayModel

extension Pace {
  /// Reads `debounce` or `throttle` of `on`; nil where there is neither, or a mistake.
  init?(of trigger: MappingReader) {
    if trigger.has("debounce"), trigger.has("throttle") {
      trigger.reject("throttle", "cannot stand beside debounce: one workflow has one of them")
    }
    let debounce = trigger.mapping("debounce").flatMap { Pace(debounce: $0) }
    let throttle = trigger.mapping("throttle").flatMap { Pace(throttle: $0) }
    guard let pace = debounce ?? throttle else { return nil }
    self = pace
  }

  private init?(debounce reader: MappingReader) {
    let key = reader.expression("key", .trigger)
    let quiet = reader.duration("for", in: Self.spans, required: true)
    let most = reader.duration("max", in: Self.spans)
    if let quiet, let most, most < quiet { reader.reject("max", "must not be shorter than for") }
    reader.finish()
    guard let quiet else { return nil }
    self.init(key: key, rule: .debounce(quiet: quiet, most: most))
  }

  private init?(throttle reader: MappingReader) {
    let key = reader.expression("key", .trigger)
    let limit = reader.int("limit", in: 1...Pacing.most, required: true)
    let span = reader.duration("per", in: Self.spans, required: true)
    reader.finish()
    guard let limit, let span else { return nil }
    self.init(key: key, rule: .throttle(limit: limit, span: span))
  }

  private static let spans = Duration.milliseconds(1)...Duration.seconds(30 * 86_400)
}
