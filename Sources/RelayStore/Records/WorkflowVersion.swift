/// A workflow document as it was written, with the `vars` it saw: what an execution is pinned to.
package struct WorkflowVersion: Sendable, Hashable {
  package var number: UInt32
  package var name: String
  /// SHA-256 of the document as written.
  package var hash: [UInt8]
  package var document: [UInt8]
  /// JSON text.
  package var vars: [UInt8]

  package init(number: UInt32, name: String, hash: [UInt8], document: [UInt8], vars: [UInt8]) {
    self.number = number
    self.name = name
    self.hash = hash
    self.document = document
    self.vars = vars
  }
}
