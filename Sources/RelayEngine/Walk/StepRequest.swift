internal import RelayHTTP
package import RelayWorkflow

/// The request of a step. An object, so that it is passed on without copying its parts until what came of it is
/// on record.
package final class StepRequest: Sendable {
  package let rendered: RenderedRequest
  /// Nil where its URL is none that may be called.
  let destination: Destination?

  init(_ rendered: RenderedRequest, to destination: Destination?) {
    self.rendered = rendered
    self.destination = destination
  }

  convenience init(_ rendered: RenderedRequest) {
    self.init(rendered, to: Self.destination(of: rendered.url))
  }

  private static func destination(of url: String) -> Destination? {
    do {
      return try HTTPURL(url).destination
    } catch {
      return nil
    }
  }
}
