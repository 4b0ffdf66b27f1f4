import RelayEngine
import Testing

@Suite struct ExecutionLifeTests {
  private typealias Row = (ExecutionLife, ExecutionLife.Happening, ExecutionLife, ExecutionLife.Action)

  private static let states: [ExecutionLife] = [
    .walking, .queueing, .sending, .recording(then: .walkOn), .recording(then: .letGo), .over,
  ]
  private static let happenings: [ExecutionLife.Happening] = [
    .admitted, .queued, .putDown, .ended, .attemptPassed, .attemptClosed, .recorded, .unrecorded, .stale,
    .cancelled,
  ]

  /// Every arrow of the diagram.
  private static let arrows: [Row] = [
    (.walking, .admitted, .sending, .send),
    (.walking, .queued, .queueing, .none),
    (.walking, .putDown, .recording(then: .letGo), .record),
    (.walking, .ended, .recording(then: .letGo), .record),
    (.walking, .cancelled, .over, .forget),
    (.queueing, .admitted, .sending, .send),
    (.queueing, .putDown, .recording(then: .letGo), .record),
    (.queueing, .cancelled, .over, .leaveQueue),
    (.sending, .attemptPassed, .recording(then: .walkOn), .record),
    (.sending, .attemptClosed, .recording(then: .letGo), .record),
    (.sending, .putDown, .recording(then: .letGo), .record),
    (.sending, .cancelled, .over, .abort),
    (.recording(then: .walkOn), .recorded, .walking, .walk),
    (.recording(then: .walkOn), .stale, .over, .forget),
    (.recording(then: .walkOn), .unrecorded, .recording(then: .walkOn), .recordLater),
    (.recording(then: .walkOn), .cancelled, .recording(then: .letGo), .none),
    (.recording(then: .letGo), .recorded, .over, .forget),
    (.recording(then: .letGo), .stale, .over, .forget),
    (.recording(then: .letGo), .unrecorded, .recording(then: .letGo), .recordLater),
    (.recording(then: .letGo), .cancelled, .recording(then: .letGo), .none),
  ]

  @Test func `every state and happening leads where the diagram says, or nowhere`() {
    for state in Self.states {
      for happening in Self.happenings {
        let (next, action) = state.after(happening)
        let arrow = Self.arrows.first { $0.0 == state && $0.1 == happening }
        #expect(next == arrow?.2 ?? state, "\(state) after \(happening)")
        #expect(action == arrow?.3 ?? .none, "\(state) after \(happening)")
      }
    }
  }

  @Test func `a request goes out only from a state that was admitted`() {
    let senders = Self.arrows.filter { $0.3 == .send }
    #expect(senders.allSatisfy { $0.1 == .admitted && $0.2 == .sending })
  }

  @Test func `whatever is let go is forgotten exactly once`() {
    for state in Self.states where state != .over {
      for happening in Self.happenings {
        let (next, action) = state.after(happening)
        let forgets = [.forget, .abort, .leaveQueue].contains(action)
        #expect((next == .over) == forgets, "\(state) after \(happening)")
      }
    }
  }
}
