internal import RelayDocuments
internal import RelayModel

extension Pace {
  /// Reads `debounce` or `throttle` of `on`; nil where there is neither, or a mistake.
  init?(of trigger: MappingReader) {
    if trigger.found(TriggerKeys.paces).count > 1 {
      trigger.reject(TriggerKeys.throttle, "cannot stand beside debounce: one workflow has one of them")
    }
    let debounce = trigger.read(TriggerKeys.debounce).flatMap { Pace(debounce: $0) }
    let throttle = trigger.read(TriggerKeys.throttle).flatMap { Pace(throttle: $0) }
    guard let pace = debounce ?? throttle else { return nil }
    self = pace
  }

  private init?(debounce reader: MappingReader) {
    let key = reader.expression(DebounceKeys.key, .trigger)
    let quiet = reader.read(DebounceKeys.quiet)
    let most = reader.read(DebounceKeys.most)
    if let quiet, let most, most < quiet { reader.reject(DebounceKeys.most, "must not be shorter than for") }
    reader.finish()
    guard let quiet else { return nil }
    self.init(key: key, rule: .debounce(quiet: quiet, most: most))
  }

  private init?(throttle reader: MappingReader) {
    let key = reader.expression(ThrottleKeys.key, .trigger)
    let limit = reader.read(ThrottleKeys.limit)
    let span = reader.read(ThrottleKeys.span)
    reader.finish()
    guard let limit, let span else { return nil }
    self.init(key: key, rule: .throttle(limit: limit, span: span))
  }

  /// How long quiet and a throttle's time may be.
  static let spans = Duration.milliseconds(1)...Duration.seconds(30 * 86_400)
}
