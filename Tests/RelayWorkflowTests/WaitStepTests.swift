import RelayModel
import RelayWorkflow
import Testing

@Suite struct WaitStepTests {
  private let wall = Timestamp(seconds: 1_790_000_000)
  private let now = Timestamp(seconds: 1_789_999_990)

  /// `wait` is a JSON value.
  private func end(_ wait: String) throws -> Timestamp? {
    guard case .wait(let step) = try workflow(#"{"id":"w","wait":\#(wait)}"#).steps[1].verb else {
      return nil
    }
    return try step.end(in: try sampleScope(), wall: wall, now: now)
  }

  @Test(arguments: [
    (#""10m""#, Duration.seconds(600)), (#""{{ '5s' }}""#, .seconds(5)),
    (#""{{ event.body.id.size() > 1 ? '1h' : '2h' }}""#, .seconds(3600)),
    (#""{{ event.received_at - event.received_at }}""#, .zero),
  ])
  func `a wait of a span ends so long after now`(wait: String, expected: Duration) throws {
    #expect(try end(wait) == now + expected)
  }

  @Test(arguments: [
    (#""2026-09-22T00:00:00+02:00""#, Timestamp(seconds: 1_790_028_000)),
    ("1790000500", Timestamp(seconds: 1_790_000_500)),
    (#""1790000500.25""#, Timestamp(milliseconds: 1_790_000_500_250)),
    (#""{{ timestamp('2026-09-22T00:00:00Z') + duration('1h') }}""#, Timestamp(seconds: 1_790_038_800)),
    (#""{{ 1790000500 }}""#, Timestamp(seconds: 1_790_000_500)),
    (#""{{ '2026-09-22' }}T00:00:00Z""#, Timestamp(seconds: 1_790_035_200)),
  ])
  func `a wait until an instant ends then`(instant: String, expected: Timestamp) throws {
    #expect(try end(#"{"until":\#(instant)}"#) == expected)
  }

  @Test(arguments: ["0", "1789999995", "1790000000", #""1969-12-31T23:59:59Z""#])
  func `what is past on the wall clock is over at once`(instant: String) throws {
    #expect(try #require(try end(#"{"until":\#(instant)}"#)) <= now)
  }

  @Test(arguments: [
    #""{{ 5 }}""#, #""{{ 'soon' }}""#, #""{{ '9999d' }}""#, #""{{ event.body.nope }}""#,
    #"{"until":"{{ 'soon' }}"}"#, #"{"until":"{{ event.body.nope }}"}"#, #"{"until":"{{ true }}"}"#,
    #"{"until":"9999-01-01T00:00:00Z"}"#, #"{"until":"{{ 9e30 }}"}"#,
  ])
  func `a wait without an end fails the step`(wait: String) throws {
    #expect(throws: StepError.self) { try end(wait) }
  }
}
