internal import RelayDocuments
package import RelayHTTP
package import RelayModel
package import RelaySandbox
package import RelayStore
package import RelayWorkflow

/// An attempt that is over: what it sent, what came, and how that is judged.
package struct FinishedAttempt: Sendable {
  /// Counted from 1 within the step.
  package var number: Int
  package var began: Timestamp
  package var took: Duration
  package var request: RenderedRequest?
  package var answer: HTTPAnswer?
  package var result: AttemptResult
  /// What `steps.ID` holds where the attempt succeeded, as JSON text.
  package var output: [UInt8]?

  /// Nothing could be sent.
  package init(
    number: Int, began: Timestamp, took: Duration = .zero, request: RenderedRequest?, refused: Failure
  ) {
    self.number = number
    self.began = began
    self.took = took
    self.request = request
    self.result = .refused(refused)
  }

  /// A transfer ended: judges what it brought, by the step's own expectation where it has one.
  ///
  /// - Parameters:
  ///   - name: the path of the step in names.
  ///   - scope: what `expect` sees beside `response`; asked for only where there is one.
  package init(
    number: Int, began: Timestamp, took: Duration, request: RenderedRequest?,
    result: Result<HTTPAnswer, TransferError>, step: ProgramStep, name: String, scope: () -> WorkflowScope,
    now: Timestamp
  ) {
    self.number = number
    self.began = began
    self.took = took
    self.request = request
    switch result {
    case .failure(let error): self.result = .judge(error, step: name)
    case .success(let answer):
      self.answer = answer
      (self.result, self.output) = Self.judge(answer, step, name, scope, now)
    }
  }

  /// A script ended.
  package init(
    number: Int, began: Timestamp, took: Duration, script: Result<[UInt8], ScriptFailure>, name: String
  ) {
    self.number = number
    self.began = began
    self.took = took
    switch script {
    case .success(let value):
      result = .succeeded
      output = value
    case .failure(let error):
      let failure = Failure(step: name, code: error.code.rawValue, message: error.message)
      result = error.isRetryable ? .failed(failure, after: nil, isFree: false) : .refused(failure)
    }
  }

  /// For the journal: the line of a success, all that helps to see why of a failure.
  package func record(_ redaction: @autoclosure () -> Redaction) -> AttemptRecord {
    let isSuccess = result == .succeeded
    let detail: AttemptText.Detail = isSuccess ? .line : .whole
    let redaction = isSuccess ? Redaction() : redaction()
    return AttemptRecord(
      number: number, at: began, durationMs: Int(took.wholeMilliseconds),
      request: request.map { AttemptText.request($0, detail, redaction) },
      response: answer.map { AttemptText.response($0, detail, redaction) }, status: answer?.status,
      error: result.failure)
  }

  private static func judge(
    _ answer: HTTPAnswer, _ step: ProgramStep, _ name: String, _ scope: () -> WorkflowScope, _ now: Timestamp
  ) -> (AttemptResult, [UInt8]?) {
    let byStatus = AttemptResult.judge(answer, step: name, now: now)
    guard step.expects, case .http(let call) = step.step.verb else {
      return (byStatus, byStatus == .succeeded ? text(of: answer) : nil)
    }
    let output = BodyValue.output(status: answer.status, headers: answer.headers, body: answer.body)
    do throws(StepError) {
      if try call.accepts(status: answer.status, output: output, in: scope()) {
        return (.succeeded, output.serialized())
      }
    } catch {
      return (.refused(Failure(step: name, code: error.code.rawValue, message: error.message)), nil)
    }
    // A 2xx that is not what was wanted would be the same again.
    guard byStatus == .succeeded else { return (byStatus, nil) }
    return (.refused(.unexpected(answer, step: name)), nil)
  }

  private static func text(of answer: HTTPAnswer) -> [UInt8] {
    BodyValue.outputText(status: answer.status, headers: answer.headers, body: answer.body)
  }
}

extension AttemptResult {
  package var failure: Failure? {
    switch self {
    case .succeeded: nil
    case .refused(let failure), .failed(let failure, _, _): failure
    }
  }
}

extension Failure {
  fileprivate static func unexpected(_ answer: HTTPAnswer, step: String) -> Failure {
    Failure(
      step: step, code: "unexpected_answer",
      message: "the answer \(answer.status) is not what `expect` wants",
      status: answer.status)
  }
}
