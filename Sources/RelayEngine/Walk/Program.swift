internal import RelayDocuments
package import RelayExpressions
internal import RelayHTTP
internal import RelayModel
internal import RelayStore
package import RelayWorkflow

/// A workflow version made ready to be walked: read once, shared by all its executions.
///
/// Requests that hold no expression are rendered here, once, so that the commonest executions evaluate
/// nothing and never look into their event.
package final class Program {
  /// A request that is the same for every execution, and where it goes.
  struct FixedRequest {
    var rendered: RenderedRequest
    /// Nil where the URL is refused: the step fails when it is sent.
    var destination: Destination?
  }

  package let workflow: Workflow
  /// The content address, as expressions see it.
  package let version: String
  let vars: Value
  private let fixed: [FixedRequest?]
  private let fixedOnFailure: [FixedRequest?]

  package init(_ workflow: Workflow, version: String, vars: Value) {
    self.workflow = workflow
    self.version = version
    self.vars = vars
    self.fixed = workflow.steps.map(Self.fixedRequest)
    self.fixedOnFailure = workflow.onFailure.map(Self.fixedRequest)
  }

  /// The step at `path`; nil beyond the end of its section.
  func step(at path: StepPath) -> Step? {
    let steps = path.section == .steps ? workflow.steps : workflow.onFailure
    return path.step < steps.count ? steps[path.step] : nil
  }

  /// The request of the step at `path` where no expression has a part in it.
  func fixedRequest(at path: StepPath) -> FixedRequest? {
    let requests = path.section == .steps ? fixed : fixedOnFailure
    return path.step < requests.count ? requests[path.step] : nil
  }

  var beginsWithWait: Bool { if case .wait? = workflow.steps.first?.verb { true } else { false } }

  /// The path in names: `summary`, `onFailure/tell`.
  func name(of path: StepPath) -> String {
    let id = step(at: path)?.id ?? ""
    return path.section == .steps ? id : "\(Workflow.failurePath)/\(id)"
  }

  private static func fixedRequest(_ step: Step) -> FixedRequest? {
    guard case .http(let call) = step.verb, call.isFixed else { return nil }
    do {
      let rendered = try call.render(in: Bindings())
      return FixedRequest(rendered: rendered, destination: Self.destination(of: rendered.url))
    } catch {
      // Rendered again at the step, where the error becomes the step's.
      return nil
    }
  }

  static func destination(of url: String) -> Destination? {
    do {
      return try HTTPURL(url).destination
    } catch {
      return nil
    }
  }
}

extension HTTPStep {
  /// No expression has a part in the request.
  fileprivate var isFixed: Bool {
    url.literal != nil && (method.map { $0.literal != nil } ?? true)
      && query.allSatisfy { $0.value.literal != nil }
      && headers.allSatisfy { $0.value.literal != nil } && body.isFixed
  }
}

extension RequestBody {
  fileprivate var isFixed: Bool {
    switch self {
    case .none: true
    case .json(let value): value.literal != nil
    case .form(let fields): fields.allSatisfy { $0.value.literal != nil }
    case .text(let text), .raw(let text): text.literal != nil
    case .multipart: false
    }
  }
}
