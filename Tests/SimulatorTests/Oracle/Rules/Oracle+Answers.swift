import RelayModel
import RelayStore

/// What `respond` tells the sender of an event.
extension Oracle {
  /// A commit told of answers.
  func heard(_ notices: [Notice]) {
    for case .answered(let event, let answer) in notices {
      answers.told.append(SeenReply(event: event, text: String(decoding: answer.body, as: UTF8.self)))
    }
  }

  /// The step at `place` has answered, as is on record now.
  func responds(_ place: StepPath, _ witness: Witness) {
    guard case .respond? = witness.course.plan.step(at: place)?.verb else { return }
    answers.due.append((event: witness.record.event, id: witness.id))
  }

  /// After a look at a commit: each answer that got on record was told, and no other.
  func checkAnswers(_ occasion: Occasion) {
    defer { answers = Answers() }
    // A death may come between the commit and the telling: then the sender has its 202.
    guard occasion == .commit else { return }
    var left = answers.told
    for (event, id) in answers.due {
      guard let index = left.firstIndex(where: { $0.event == event && $0.text.contains(id) }) else {
        fail(.answerIsTold, "\(id) has answered on record, and its sender was not told")
        continue
      }
      left.remove(at: index)
    }
    check(left.isEmpty, .answerIsTold, "\(left.count) answers are told that no step has on record")
  }
}

/// The answers of one commit.
struct Answers {
  var told: [SeenReply] = []
  var due: [(event: RecordKey, id: String)] = []
}

struct SeenReply {
  var event: RecordKey
  var text: String
}
