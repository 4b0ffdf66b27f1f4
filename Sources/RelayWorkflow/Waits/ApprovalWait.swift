package import RelayExpressions
internal import RelayModel

/// Waits until people have decided.
package struct ApprovalWait: Sendable {
  /// What is asked; nil takes the step's name.
  package var title: Template?
  package var message: Template?
  /// How long it waits.
  package var timeout: Duration

  /// Their longest texts, in bytes.
  package static let titleBytes = 256
  package static let messageBytes = 8192

  /// Title and message, for people.
  package func question(in scope: some Scope, name: String) throws(StepError) -> (
    title: String, message: String
  ) {
    let title = try text(title, scope) ?? name
    let message = try text(message, scope) ?? ""
    guard title.utf8.count <= Self.titleBytes, message.utf8.count <= Self.messageBytes else {
      throw StepError(
        .badValue,
        "wait.approval: a title has at most \(Self.titleBytes) bytes, a message \(Self.messageBytes)")
    }
    return (title, message)
  }

  private func text(_ template: Template?, _ scope: some Scope) throws(StepError) -> String? {
    guard let template else { return nil }
    return try evaluated { () throws(ExpressionError) in try template.text(in: scope) }
  }
}
