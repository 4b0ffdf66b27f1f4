internal import RelayCrypto
package import RelayExpressions

/// What a step that waits for an event asks each event of its hook. Two steps that ask the same are one
/// question, whatever their workflows and versions.
package struct EventQuestion: Sendable {
  package let hook: String
  /// Over `event`: what each waiting execution knows the value of.
  package let key: Expression
  /// Over `event`; nil takes every one.
  package let condition: Expression?
  /// The hash of all that.
  package let id: UInt64

  /// The bytes of an answer.
  package static let answerBytes = 16

  /// Throws what is wrong in the expressions.
  package init(hook: String, key: String, condition: String?) throws(ExpressionError) {
    self.hook = hook
    self.key = try Expression(parsing: key)
    self.condition = try condition.map { (text) throws(ExpressionError) in try Expression(parsing: text) }
    let text = [hook, key, condition ?? ""].joined(separator: "\0") + (condition == nil ? "" : "\0if")
    id = Self.hash(Array(text.utf8)).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The hash of what `event` gives for `key`; nil where the condition is not true, or the value is none that
  /// can be waited for. An error is no match.
  package func answer(of event: EventValue) -> [UInt8]? {
    let scope = WorkflowScope(event: event)
    do throws(ExpressionError) {
      if let condition, try !condition.isTrue(in: scope) { return nil }
      return try key.evaluateIfPresent(in: scope).flatMap(Self.hash)
    } catch {
      return nil
    }
  }

  /// Nil for what cannot be waited for: null, lists, maps and what is no value of data. Numbers are equal as
  /// in expressions, whole or broken; text and numbers never are.
  package static func hash(_ value: Value) -> [UInt8]? {
    if case .optional(let inner) = value { return inner.flatMap(hash) }
    let text: String? =
      switch value.resolved {
      case .string(let text): "s\(text)"
      case .bool(let truth): "b\(truth)"
      case .int(let number): "n\(number)"
      case .uint(let number): "n\(number)"
      case .double(let number): Int64(exactly: number).map { "n\($0)" } ?? "d\(number)"
      case .timestamp(let instant): "t\(instant.rfc3339)"
      default: nil
      }
    return text.map { Array(hash(Array($0.utf8)).prefix(answerBytes)) }
  }

  private static func hash(_ bytes: [UInt8]) -> [UInt8] {
    do throws(CryptoError) {
      return try DigestAlgorithm.sha256.digest(bytes)
    } catch {
      preconditionFailure("OpenSSL has no SHA-256: \(error)")
    }
  }
}
